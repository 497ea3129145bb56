"""Bulk commands: choose chargers and a command, confirm what disturbs, follow the results."""

import secrets
from collections.abc import Sequence
from datetime import timedelta

import msgspec
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.chargers.bulk.view_models import (
    BulkListPage,
    BulkPage,
    BulkProgress,
    BulkRuns,
    Counted,
    NewBulkPage,
)
from eosvolt.adapters.http.web.chargers.command_form import inputs, payload
from eosvolt.adapters.http.web.chargers.one.operations import INTERRUPTING, offered
from eosvolt.adapters.http.web.chargers.operation_labels import (
    CHOICES,
    OPERATIONS,
    Group,
    first,
    label,
)
from eosvolt.adapters.http.web.chargers.page import LIST_QUERY, asked_filter
from eosvolt.adapters.http.web.shell.addresses import segment
from eosvolt.adapters.http.web.shell.formats import count
from eosvolt.adapters.http.web.shell.labels import COMMAND_STATES, COMMANDS
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.commands.questions import BatchOutcome, CommandFilter
from eosvolt.application.operations import commands
from eosvolt.application.operations.commands import BulkRequest
from eosvolt.domain.commands.catalogue import CATALOGUE, KINDS, UnsupportedCommand
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.charge_points import ChargePointRow

MOST = 1_000
PER_PAGE = 100
# So many take some time, because not all of them are sent in the same second.
EXPIRES_IN = timedelta(minutes=5)
# What interrupts many customers at once is typed as well.
TYPED = {kind.action: kind.confirm for kind in CATALOGUE if kind.confirm}
WAITS = {
    "": (False, EXPIRES_IN),
    "1h": (True, timedelta(hours=1)),
    "24h": (True, timedelta(hours=24)),
}


_IDS = msgspec.json.Decoder(list[str])


def bulk_routes(pages: Pages) -> list[Route]:
    """``/chargers/bulk/new``, ``all``, ``/chargers/bulk`` and ``/chargers/bulk/{batch}``."""
    return [
        pages.get(
            "/chargers/bulk/new",
            choose,
            LIST_QUERY | {"of": one_of(("all", "chosen")), "do": one_of(OPERATIONS)},
            needs=commands.VIEW,
            form=commands.request_of_all,
        ),
        pages.get("/chargers/bulk/all", runs, needs=commands.VIEW),
        pages.post("/chargers/bulk", ask, operation=commands.request_of_all),
        pages.get("/chargers/bulk/{batch}", progress, {"state": one_of(COMMAND_STATES)}, needs=commands.VIEW),
    ]


async def runs(request: PageRequest) -> Response:
    """The bulk actions of before, the newest first."""
    return await show(request, BulkListPage(), {"runs": _runs})


async def _runs(request: PageRequest) -> BulkRuns:
    page = await request.queries.batches(request.number, cursor=request.query("cursor") or None)
    return BulkRuns(runs=[(each, _counted(each)) for each in page.items], cursor=page.cursor)


async def choose(request: PageRequest) -> Response:
    """The operations that many chargers can be asked for at once."""
    return await _choose(request, await _meant(request))


async def ask(request: PageRequest) -> Response:
    """Ask all of them, and lead to how far it has come."""
    try:
        named = _IDS.decode(request.form_value("chargers") or "[]")
    except msgspec.DecodeError:
        named = []
    chargers = await request.queries.chargers_named(request.number, sorted(set(named)))
    action = request.form_value("action")
    problem = _problem(request, action, chargers)
    if problem:
        return await _choose(request, chargers, problem, action)
    waits, expires_in = WAITS.get(request.form_value("wait"), WAITS[""])
    batch = secrets.token_hex(8)
    try:
        fields = payload(action, request.form_values(), request.locations.zone())
        wanted = BulkRequest(
            chargers=[row.charge_box_id for row in chargers],
            action=action,
            payload=fields,
            expires_in=expires_in,
            waits=waits,
            batch=batch,
        )
        await request.run(commands.request_of_all, wanted)
    except (Rejected, UnsupportedCommand) as refusal:
        return await _choose(request, chargers, translated(refusal), action)
    return redirect(f"/chargers/bulk/{segment(batch)}")


async def progress(request: PageRequest) -> Response:
    """How far it has come, charger by charger."""
    return await show(request, BulkPage(), {"progress": _progress})


async def _progress(request: PageRequest) -> BulkProgress:
    batch = request.path_parameter("batch")
    outcome = await request.queries.batch_outcome(request.number, batch)
    state = request.query("state")
    page = await request.queries.commands_page(
        request.number,
        CommandFilter(batch=batch, state=state),
        cursor=request.query("cursor") or None,
        limit=PER_PAGE,
    )
    if outcome is None:
        raise not_found(gettext("There is no such bulk operation."))
    counted = _counted(outcome)
    return BulkProgress(
        outcome=outcome, counted=counted, state=state, commands=page.items, cursor=page.cursor
    )


def _counted(outcome: BatchOutcome) -> Counted:
    total = sum(outcome.counts.values())
    going = sum(outcome.counts.get(name, 0) for name in ("queued", "sent"))
    parts = [(name, outcome.counts[name]) for name in COMMAND_STATES if outcome.counts.get(name)]
    return Counted(total, total - going, parts)


async def _meant(request: PageRequest) -> Sequence[ChargePointRow]:
    """The chosen chargers, or all that the list's filter finds."""
    if request.query("of") == "all":
        page = await request.queries.charger_page(request.number, asked_filter(request), limit=MOST + 1)
        return page.items
    return await request.queries.chargers_named(request.number, sorted(set(request.query_values("charger"))))


async def _choose(
    request: PageRequest, chargers: Sequence[ChargePointRow], problem: str = "", action: str = ""
) -> Response:
    groups = [
        Group(group.name, tuple(each for each in group.operations if KINDS[each.action].bulk))
        for group in offered(request)
    ]
    return await show(
        request,
        NewBulkPage(
            chargers=chargers,
            online=sum(row.online for row in chargers),
            ids=msgspec.json.encode([row.charge_box_id for row in chargers]).decode(),
            groups=[group for group in groups if group.operations],
            fields={name: inputs(name) for name in OPERATIONS},
            first=first,
            label=label,
            choices=CHOICES,
            typed=TYPED,
            most=MOST,
            problem=problem,
            wanted=action or request.query("do"),
            plugs=[],
            running=[],
            charging=await _sessions(request, chargers) if len(chargers) <= MOST else 0,
            disturbing=INTERRUPTING,
        ),
        status=422 if problem else 200,
    )


async def _sessions(request: PageRequest, chargers: Sequence[ChargePointRow]) -> int:
    """How many plugs of the chargers have a session."""
    plugs = await request.queries.plugs_of(request.number, [row.charge_box_id for row in chargers])
    return sum(bool(plug.session) for plug in plugs)


def _problem(request: PageRequest, action: str, chargers: Sequence[ChargePointRow]) -> str:
    if action not in OPERATIONS or not KINDS[action].bulk:
        return gettext("There is no such operation for many chargers.")
    if not chargers:
        return gettext("Choose at least one charger.")
    if len(chargers) > MOST:
        return gettext("At most {most} chargers can be asked at once: narrow the filter.", most=count(MOST))
    if action in TYPED and request.form_value("typed") != TYPED[action]:
        return gettext("{command}: type {word} to confirm.", command=COMMANDS[action], word=TYPED[action])
    return ""
