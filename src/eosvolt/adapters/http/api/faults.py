"""``/faults``: the diagnostics entries."""

from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.fault_views import (
    FaultView,
    fault_answer,
    fault_row,
    fault_view,
)
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Items,
    Limit,
    LongText,
    ShortText,
    View,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen
from eosvolt.adapters.http.framework.paging import PageQuery, next_link, paged
from eosvolt.adapters.http.ports.queries import FaultFilter
from eosvolt.adapters.http.presentation.event_view import EventView, event_view
from eosvolt.application.operations import faults
from eosvolt.application.operations.faults import FaultNote


class FaultCountsView(View, frozen=True, kw_only=True):
    """Numbers of faults. Those that are acknowledged are among those that need attention."""

    needs_attention: int
    acknowledged: int
    snoozed: int
    recovered: int


class FaultsQuery(ApiInput, frozen=True, kw_only=True):
    """The filter of faults; ``unsolved`` are the open and the recovered ones.

    ``attention`` are the open ones that are not snoozed, ``acknowledged`` those of them that are
    acknowledged, ``snoozed`` the other open ones.
    """

    state: Literal["", "open", "recovered", "solved", "unsolved", "attention", "acknowledged", "snoozed"] = ""
    kind: Literal["", "communication", "hardware", "power"] = ""
    severity: Literal["", "error", "warning"] = ""
    level: Literal["", "critical", "major", "minor"] = ""
    owner: Annotated[str, Meta(max_length=200, description="An actor, or `nobody`.")] = ""
    location: ShortText = ""
    charger: ShortText = ""
    search: Annotated[str, Meta(max_length=200, description="A part of charger, codes, text or note.")] = ""
    sort: Annotated[
        Literal[
            "-lastSeenAt",
            "lastSeenAt",
            "-since",
            "since",
            "-occurrences",
            "occurrences",
            "attention",
            "-attention",
            "level",
            "-level",
        ],
        Meta(
            description="`attention`: unacknowledged ones first, then the worst, then what is open the "
            "longest. `-level`: the worst first."
        ),
    ] = "-lastSeenAt"
    limit: Limit = 50
    cursor: Cursor | None = None


class Solution(ApiInput, frozen=True, kw_only=True):
    """A note on the solution."""

    note: LongText = ""


@endpoint("GET", "/faults", needs=faults.VIEW)
async def list_faults(call: ApiCall, query: FaultsQuery) -> Answer[Items[FaultView]]:
    """Faults, by default the last seen first."""
    wanted = FaultFilter(
        state=query.state,
        kind=query.kind,
        severity=query.severity,
        level=query.level,
        owner=query.owner,
        at=call.now,
        location=query.location,
        charge_point=query.charger,
        search=query.search,
        within=call.within,
    )
    page = await call.queries.faults(
        call.company, wanted, sort=query.sort, cursor=query.cursor, limit=query.limit
    )
    affected = await call.queries.affected(call.company, page.items, call.now)
    views = [fault_view(row, affected[row.id], call.now) for row in page.items]
    items = Items(items=views, cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/faults/counts", needs=faults.VIEW)
async def fault_counts(call: ApiCall) -> FaultCountsView:
    """The number of faults in each state of work; snoozed ones need no attention."""
    counts = await call.queries.fault_counts(call.company, call.now, call.within)
    return FaultCountsView(
        needs_attention=counts.attention,
        acknowledged=counts.acknowledged,
        snoozed=counts.snoozed,
        recovered=counts.recovered,
    )


@endpoint("GET", "/faults/{fault}", needs=faults.VIEW)
async def fault(call: ApiCall, fault: str) -> Answer[FaultView]:
    """One fault, with the entries of the same subject before and after it."""
    return await fault_answer(call, fault)


@endpoint("GET", "/faults/{fault}/events", needs=faults.VIEW)
async def fault_events(call: ApiCall, fault: str, query: PageQuery) -> Answer[Items[EventView]]:
    """The events of a fault, oldest first, with actor and cause."""
    await fault_row(call, fault)
    facts = await call.queries.fault_facts(call.company, fault)
    return paged(call, [event_view(fact) for fact in facts], lambda each: str(each.position), query)


@endpoint("POST", "/faults/{fault}/solve", refusals=[412], operation=faults.solve)
async def solve_fault(call: ApiCall, fault: str, body: Solution) -> Answer[FaultView]:
    """Mark a fault as solved. If it recurs, that is a new entry that refers to this one."""
    await call.run(faults.solve, FaultNote(fault=fault, note=body.note, seen=seen(call)))
    return await fault_answer(call, fault)


ENDPOINTS = (list_faults, fault_counts, fault, fault_events, solve_fault)
