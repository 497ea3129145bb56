"""``/bulk-commands``: one command to many chargers, and its progress; ``/commands``: all commands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.command_views import CommandView, ExpiresIn, State, command_view
from eosvolt.adapters.http.api.ocpp_names import own_names
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, ShortText, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.application.charger_questions import ChargerFilter
from eosvolt.application.commands.questions import BatchOutcome, CommandFilter
from eosvolt.application.operations import commands
from eosvolt.application.operations.chargers import VIEW
from eosvolt.domain.commands.catalogue import KINDS, AnyCsmsRequest

MOST_CHARGERS = 1_000
# The setting `EOSVOLT_BULK_COMMANDS_PER_SECOND` limits the rate.
BULK_EXPIRES_IN = 300


ActionName = Annotated[
    str,
    Meta(
        max_length=100,
        description="A command's type.",
        extra_json_schema={"enum": ["", *sorted(KINDS)]},
    ),
]


class ChargerSelection(ApiInput, frozen=True, kw_only=True):
    """A filter of the company's chargers; empty fields do not restrict."""

    location: ShortText = ""
    model: ShortText = ""
    connection: Literal["", "online", "offline", "never", "insecure"] = ""


class BulkCommandRequest(ApiInput, frozen=True, kw_only=True):
    """One command for many chargers: those in ``chargers``, or those that ``filter`` matches."""

    command: AnyCsmsRequest
    chargers: Annotated[tuple[ShortText, ...], Meta(min_length=1, max_length=10_000)] | None = None
    filter: ChargerSelection | None = None
    wait: bool = False
    expires_in: ExpiresIn = BULK_EXPIRES_IN


class BulkAccepted(View, frozen=True, kw_only=True):
    """The number of chargers; ``Location`` is the address of the outcome."""

    id: str
    total: int


class BulkSummary(View, frozen=True, kw_only=True):
    """The progress of a bulk command. ``counts``: the number of its commands by state."""

    id: str
    type: str
    by: str
    requested_at: datetime
    expires_at: datetime
    total: int
    counts: dict[str, int]


class BulkView(BulkSummary, frozen=True, kw_only=True):
    """The progress of a bulk command, and a page of its commands."""

    items: list[CommandView]
    cursor: str | None = None


class BulkListQuery(ApiInput, frozen=True, kw_only=True):
    """The page of the list."""

    limit: Limit = 50
    cursor: Cursor | None = None


class BulkQuery(ApiInput, frozen=True, kw_only=True):
    """The page of its commands."""

    state: Literal["", State] = ""
    limit: Limit = 50
    cursor: Cursor | None = None


class AllCommandsQuery(BulkQuery, frozen=True, kw_only=True):
    """The filter of commands."""

    charger: ShortText = ""
    batch: ShortText = ""
    type: ActionName = ""


def _with_own_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """The command in it may use OCPP's names."""
    command = body.get("command")
    return {**body, "command": own_names(command)} if isinstance(command, dict) else dict(body)


@endpoint("POST", "/bulk-commands", status=202, before=_with_own_names, operation=commands.request_of_all)
async def bulk_command(call: ApiCall, body: BulkCommandRequest) -> Answer[BulkAccepted]:
    """Send one command to up to 1,000 chargers, at a limited rate.

    A charger that cannot receive it, e.g. because it is not connected, has a failed command with the reason.
    """
    # Through JSON, as it will be read back from the history: with lists, not tuples.
    payload = msgspec.json.decode(msgspec.json.encode(body.command))
    action = str(payload.pop("type"))
    if not KINDS[action].bulk:
        raise invalid("/command/type", "This can only be asked of one charger at a time.")
    boxes = await _chargers(call, body)
    batch = call.new_id()
    wanted = commands.BulkRequest(
        chargers=boxes,
        action=action,
        payload=payload,
        expires_in=timedelta(seconds=body.expires_in),
        waits=body.wait,
        batch=batch,
    )
    await call.run(commands.request_of_all, wanted)
    place = f"/api/v1/bulk-commands/{batch}"
    return Answer(BulkAccepted(id=batch, total=len(boxes)), {"Location": place})


async def _chargers(call: ApiCall, body: BulkCommandRequest) -> Sequence[str]:
    """The selected charge box ids, each once, sorted by name."""
    if (body.chargers is None) == (body.filter is None):
        raise invalid("/chargers", "Name the chargers, or a filter that finds them: one of the two.")
    if body.chargers is not None:
        boxes = sorted(set(body.chargers))
        known = {row.charge_box_id for row in await call.queries.chargers_named(call.company, boxes)}
        unknown = [box for box in boxes if box not in known]
        if unknown:
            raise invalid("/chargers", f"There is no charger {unknown[0]}.")
        total = len(boxes)
    else:
        wanted = body.filter or ChargerSelection()
        page = await call.queries.charger_page(
            call.company,
            ChargerFilter(location=wanted.location, model=wanted.model, connection=wanted.connection),
            limit=MOST_CHARGERS,
        )
        boxes, total = sorted(row.charge_box_id for row in page.items), page.total
        if not boxes:
            raise invalid("/filter", "No charger fits.")
    if total > MOST_CHARGERS:
        raise invalid("/chargers", f"At most {MOST_CHARGERS} chargers can be asked at once, not {total}.")
    return boxes


@endpoint("GET", "/bulk-commands", needs=VIEW)
async def bulk_commands(call: ApiCall, query: BulkListQuery) -> Answer[Items[BulkSummary]]:
    """Bulk commands and their progress, the newest first."""
    page = await call.queries.batches(call.company, cursor=query.cursor, limit=query.limit)
    items = Items(items=[_summary(each) for each in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/bulk-commands/{batch}", needs=VIEW)
async def bulk_outcome(call: ApiCall, batch: str, query: BulkQuery) -> Answer[BulkView]:
    """The progress of a bulk command."""
    outcome = await call.queries.batch_outcome(call.company, batch)
    if outcome is None:
        raise not_found()
    page = await call.queries.commands_page(
        call.company, CommandFilter(batch=batch, state=query.state), cursor=query.cursor, limit=query.limit
    )
    items = [command_view(row) for row in page.items]
    view = BulkView(**msgspec.structs.asdict(_summary(outcome)), items=items, cursor=page.cursor)
    return Answer(view, next_link(call.request, page.cursor))


def _summary(outcome: BatchOutcome) -> BulkSummary:
    return BulkSummary(
        id=outcome.batch,
        type=outcome.action,
        by=outcome.by,
        requested_at=outcome.requested_at,
        expires_at=outcome.expires_at,
        total=sum(outcome.counts.values()),
        counts=dict(outcome.counts),
    )


@endpoint("GET", "/commands", needs=VIEW)
async def all_commands(call: ApiCall, query: AllCommandsQuery) -> Answer[Items[CommandView]]:
    """Commands to all chargers, the newest first."""
    if query.type and query.type not in KINDS:
        raise invalid("?type", "There are no commands of this type.")
    wanted = CommandFilter(
        state=query.state, charge_box_id=query.charger, batch=query.batch, action=query.type
    )
    page = await call.queries.commands_page(call.company, wanted, cursor=query.cursor, limit=query.limit)
    items = Items(items=[command_view(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


ENDPOINTS = (bulk_command, bulk_commands, bulk_outcome, all_commands)
