"""``/faults``: the diagnostics entries."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from eosvolt.adapters.http.endpoint import Answer, Call, endpoint
from eosvolt.adapters.http.event_view import EventView, event_view
from eosvolt.adapters.http.paging import PageQuery, next_link, paged
from eosvolt.adapters.http.ports import FaultFilter
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import Cursor, Items, Limit, LongText, ShortText, View, Wish
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import faults
from eosvolt.projections.faults import FaultRow


class FaultView(View, frozen=True, kw_only=True):
    """One fault of one charger or plug (0 is the whole charger).

    ``state`` is open, recovered or solved; ``severity`` is error, or warning where the plug works on.
    """

    id: str
    state: str
    kind: str
    code: str
    severity: str
    location_id: str
    charge_box_id: str
    plug: int
    since: datetime
    last_seen_at: datetime
    occurrences: int
    vendor_code: str = ""
    text: str = ""
    recovered_at: datetime | None = None
    solved_at: datetime | None = None
    solved_by: str = ""
    note: str = ""
    earlier_id: str = ""
    later_id: str = ""
    session_id: str = ""


class FaultsQuery(Wish, frozen=True, kw_only=True):
    """Which faults; ``unsolved`` are the open and the recovered ones."""

    state: Literal["", "open", "recovered", "solved", "unsolved"] = ""
    kind: Literal["", "communication", "hardware", "power"] = ""
    severity: Literal["", "error", "warning"] = ""
    location: ShortText = ""
    charger: ShortText = ""
    search: Annotated[str, Meta(max_length=200, description="A part of charger, codes, text or note.")] = ""
    sort: Literal["-lastSeenAt", "lastSeenAt", "-since", "since", "-occurrences", "occurrences"] = (
        "-lastSeenAt"
    )
    limit: Limit = 50
    cursor: Cursor | None = None


class Solution(Wish, frozen=True, kw_only=True):
    """What was done."""

    note: LongText = ""


@endpoint("GET", "/faults")
async def list_faults(call: Call, query: FaultsQuery) -> Answer[Items[FaultView]]:
    """Faults, the one seen last first unless another order is asked for."""
    wanted = FaultFilter(
        state=query.state,
        kind=query.kind,
        severity=query.severity,
        location=query.location,
        charge_point=query.charger,
        search=query.search,
    )
    page = await call.queries.faults(
        call.company, wanted, sort=query.sort, cursor=query.cursor, limit=query.limit
    )
    items = Items(items=[fault_view(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/faults/{fault}")
async def fault(call: Call, fault: str) -> FaultView:
    """One fault, with the entries of the same subject before and after it."""
    row = await _row(call, fault)
    later = await call.queries.fault(call.company, next_entry(row.id))
    return msgspec.structs.replace(fault_view(row), later_id="" if later is None else later.id)


@endpoint("GET", "/faults/{fault}/events")
async def fault_events(call: Call, fault: str, query: PageQuery) -> Answer[Items[EventView]]:
    """Everything that happened to a fault, oldest first, with who and what caused it."""
    await _row(call, fault)
    facts = await call.queries.fault_facts(call.company, fault)
    return paged(call, [event_view(fact) for fact in facts], lambda each: str(each.position), query)


@endpoint("POST", "/faults/{fault}/solve")
async def solve_fault(call: Call, fault: str, body: Solution) -> FaultView:
    """Note that somebody dealt with it. If it comes back it is a new entry that names this one."""
    await _row(call, fault)
    subject, number = entry_of(fault)
    solve = SolveFault(number=number, at=call.now, by=call.identity.by, note=body.note)
    await call.application.execute(faults, subject, solve, call.why)
    await call.queries.settled()
    return fault_view(await _row(call, fault))


async def _row(call: Call, fault: str) -> FaultRow:
    row = await call.queries.fault(call.company, fault)
    if row is None:
        raise not_found()
    return row


def entry_of(fault: str) -> tuple[str, int]:
    """The subject's key and the entry's number that an entry's id is made of."""
    subject, _, number = fault.rpartition("#")
    return subject, int(number)


def next_entry(fault: str) -> str:
    """The id that the entry after this one has, if there is one."""
    subject, number = entry_of(fault)
    return f"{subject}#{number + 1}"


def fault_view(row: FaultRow) -> FaultView:
    """A fault as the API shows it."""
    return FaultView(
        id=row.id,
        state=row.state,
        kind=row.kind,
        code=row.code,
        severity=row.severity,
        location_id=row.location,
        charge_box_id=row.charge_point,
        plug=row.connector,
        since=row.since,
        last_seen_at=row.last_seen_at,
        occurrences=row.occurrences,
        vendor_code=row.vendor_code,
        text=row.text,
        recovered_at=row.recovered_at,
        solved_at=row.solved_at,
        solved_by=row.solved_by,
        note=row.note,
        earlier_id=row.earlier,
        session_id=row.session,
    )


ENDPOINTS = (list_faults, fault, fault_events, solve_fault)
