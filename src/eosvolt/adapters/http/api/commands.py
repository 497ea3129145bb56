"""``/chargers/{charger}/commands``: commands to a charger and their outcomes."""

from datetime import timedelta
from typing import Literal
from urllib.parse import quote

import msgspec

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.command_views import CommandView, ExpiresIn, command_view
from eosvolt.adapters.http.api.ocpp_names import own_names
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.commands.questions import CommandFilter
from eosvolt.application.operations import commands
from eosvolt.domain.commands.catalogue import AnyCsmsRequest


class QueuedCommand(View, frozen=True, kw_only=True):
    """The queued command; ``Location`` is the address of its outcome."""

    id: str
    state: str


class CommandsQuery(ApiInput, frozen=True, kw_only=True):
    """The page of the list."""

    limit: Limit = 20
    cursor: Cursor | None = None


class CommandQuery(ApiInput, frozen=True, kw_only=True):
    """When it expires. ``wait``: a charger that is not connected gets it after it reconnects."""

    wait: Literal["false", "true"] = "false"
    expires_in: ExpiresIn = 60


@endpoint("POST", "/chargers/{charger}/commands", status=202, before=own_names, operation=commands.request)
async def command_charger(
    call: ApiCall, charger: str, query: CommandQuery, body: AnyCsmsRequest
) -> Answer[QueuedCommand]:
    """Send a command to a charger. The outcome is found under `Location`.

    If the charger is not connected, the command fails at once with the reason; with `wait=true` it waits
    until it expires. It is never sent later than `expiresIn` seconds (default 60) from now. A repetition
    with the same `Idempotency-Key` sends nothing more, even if the first answer was lost.

    OCPP 1.6's names are accepted as well: `connectorId` for `plug`, `idTag` for `token`, `parentIdTag` for
    `groupToken`, `transactionId` for `transaction`, `csChargingProfiles` for `chargingProfile`,
    `availability` for `operative`.
    """
    # Through JSON, as it will be read back from the history: with lists, not tuples.
    payload = msgspec.json.decode(msgspec.json.encode(body))
    action = str(payload.pop("type"))
    wanted = commands.CommandRequest(
        charger=charger,
        action=action,
        payload=payload,
        expires_in=timedelta(seconds=query.expires_in),
        waits=query.wait == "true",
        command=call.new_id(),
    )
    command = await call.run(commands.request, wanted)
    place = f"/api/v1/chargers/{quote(charger, safe='')}/commands/{command}"
    return Answer(QueuedCommand(id=command, state="queued"), {"Location": place})


@endpoint("GET", "/chargers/{charger}/commands", needs=commands.VIEW)
async def list_commands(call: ApiCall, charger: str, query: CommandsQuery) -> Answer[Items[CommandView]]:
    """The commands to a charger, the newest first."""
    if await call.queries.charge_point(call.company, charger) is None:
        raise not_found()
    found = await call.queries.commands_page(
        call.company, CommandFilter(charge_box_id=charger), cursor=query.cursor, limit=query.limit
    )
    items = Items(items=[command_view(row) for row in found.items], cursor=found.cursor)
    return Answer(items, next_link(call.request, found.cursor))


@endpoint("GET", "/chargers/{charger}/commands/{command}", needs=commands.VIEW)
async def command(call: ApiCall, charger: str, command: str) -> CommandView:
    """One command and its outcome."""
    row = await call.queries.command(call.company, command)
    if row is None or row.charge_point != f"{call.company}/{charger}":
        raise not_found()
    return command_view(row)


ENDPOINTS = (command_charger, list_commands, command)
