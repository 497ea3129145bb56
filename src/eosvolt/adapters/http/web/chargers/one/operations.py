"""What a charger can be asked to do, and what came of what it was asked."""

from datetime import timedelta
from urllib.parse import urlencode

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.ports.queries import SessionFilter
from eosvolt.adapters.http.web.chargers.command_form import inputs, payload
from eosvolt.adapters.http.web.chargers.form import charger_row
from eosvolt.adapters.http.web.chargers.one.page import commands_part, show_charger
from eosvolt.adapters.http.web.chargers.one.view_models import ChargerOperationsPage
from eosvolt.adapters.http.web.chargers.operation_labels import (
    CHOICES,
    GROUPS,
    OPERATIONS,
    Group,
    first,
    label,
)
from eosvolt.adapters.http.web.shell.addresses import own_path, segment
from eosvolt.adapters.http.web.shell.labels import ACTIVE_STATES, COMMANDS
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.commands.request import DEFAULT_EXPIRY
from eosvolt.application.operations import commands
from eosvolt.application.operations.commands import CommandRequest
from eosvolt.domain.commands.catalogue import CATALOGUE, UnsupportedCommand
from eosvolt.domain.kernel import Rejected

STAY = "X-Stay"
RUNNING = 20
TOKENS_OFFERED = 200
# What may end sessions that are under way.
INTERRUPTING = frozenset(kind.action for kind in CATALOGUE if kind.interrupts)
# Whether a command waits for a charger that is away, and how long it may take.
WAITS = {
    "": (Text("only if online now"), False, DEFAULT_EXPIRY),
    "10m": (Text("if offline, within 10 minutes"), True, timedelta(minutes=10)),
    "1h": (Text("if offline, within an hour"), True, timedelta(hours=1)),
    "24h": (Text("if offline, within a day"), True, timedelta(hours=24)),
}


def charger_operation_routes(pages: Pages) -> list[Route]:
    """``/chargers/{charger}/operations``, and ``do``, where its forms are sent to."""
    return [
        pages.get(
            "/chargers/{charger}/operations", operations, {"do": one_of(OPERATIONS)}, needs=commands.VIEW
        ),
        pages.post("/chargers/{charger}/do", do, operation=commands.request),
    ]


async def operations(request: PageRequest) -> Response:
    """The forms, and the list of outcomes."""
    row = await charger_row(request)
    plugs = await request.queries.connectors(request.number, charge_box_id=row.charge_box_id)
    running = await request.queries.sessions(
        request.number,
        SessionFilter(charge_point=row.charge_box_id, status=ACTIVE_STATES),
        limit=RUNNING,
    )
    tokens = await request.queries.tokens(request.number, limit=TOKENS_OFFERED)
    return await show_charger(
        request,
        row,
        "operations",
        ChargerOperationsPage(
            groups=offered(request),
            fields={action: inputs(action) for action in OPERATIONS},
            first=first,
            label=label,
            choices=CHOICES,
            plugs=sorted(plugs, key=lambda plug: plug.connector),
            running=running.items,
            charging=sum(session.status == "charging" for session in running.items),
            disturbing=INTERRUPTING,
            tokens=[token for token in tokens.items if token.status == "accepted"],
            waits=[(key, text) for key, (text, _, _) in WAITS.items()],
            wanted=request.query("do"),
            asked={name: request.query(name) for name in request.raw.query_params},
        ),
        {"commands": commands_part},
    )


def offered(request: PageRequest) -> list[Group]:
    """The operations that the user may send to chargers."""
    groups = (
        Group(group.name, tuple(each for each in group.operations if request.may_send(each.action)))
        for group in GROUPS
    )
    return [group for group in groups if group.operations]


async def do(request: PageRequest) -> Response:
    """Send a command to the charger; the page shows its result beside the operations.

    A request with the header ``X-Stay`` gets JSON instead of a redirect: the ``message`` to announce and
    the id of the ``command``.
    """
    row = await charger_row(request)
    action = request.form_value("action")
    back = own_path(request.form_value("next")) if request.form_value("next") else ""
    page = f"/chargers/{segment(row.charge_box_id)}/operations"
    if action not in OPERATIONS:
        return _reply(request, back or page, gettext("There is no such operation."))
    back = back or f"{page}?{urlencode({'do': action})}"
    try:
        fields = payload(action, request.form_values(), request.locations.zone(row.location))
        _, waits, expires_in = WAITS.get(request.form_value("wait"), WAITS[""])
        wanted = CommandRequest(
            charger=row.charge_box_id, action=action, payload=fields, expires_in=expires_in, waits=waits
        )
        command = await request.run(commands.request, wanted)
    except (Rejected, UnsupportedCommand) as refusal:
        return _reply(request, back, f"{COMMANDS[action]}: {translated(refusal)}")
    return _reply(request, back, gettext("{action} requested.", action=COMMANDS[action]), command)


def _reply(request: PageRequest, back: str, message: str, command: str = "") -> Response:
    """What came of asking: for the script that asked, or on the page ``back``."""
    if not request.raw.headers.get(STAY):
        return redirect(back, message)
    content = msgspec.json.encode({"message": message, "command": command})
    return Response(content, 200 if command else 422, media_type="application/json")
