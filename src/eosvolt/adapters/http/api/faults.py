"""``/faults``: the diagnostics entries."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.endpoint import Answer, Call, endpoint
from eosvolt.adapters.http.paging import next_link
from eosvolt.adapters.http.ports import FaultFilter
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import Cursor, Items, Limit, LongText, ShortText, View, Wish
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import faults
from eosvolt.projections.faults import FaultRow


class FaultView(View, frozen=True, kw_only=True):
    """One fault of one charger or plug (0 is the whole charger). ``state`` is open, recovered or solved."""

    id: str
    state: str
    kind: str
    code: str
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


class FaultsQuery(Wish, frozen=True, kw_only=True):
    """Which faults; ``unsolved`` are the open and the recovered ones."""

    state: Literal["", "open", "recovered", "solved", "unsolved"] = ""
    kind: Literal["", "communication", "hardware", "power"] = ""
    location: ShortText = ""
    charger: ShortText = ""
    search: Annotated[str, Meta(max_length=200, description="A part of charger, code or text.")] = ""
    limit: Limit = 50
    cursor: Cursor | None = None


class Solution(Wish, frozen=True, kw_only=True):
    """What was done."""

    note: LongText = ""


@endpoint("GET", "/faults")
async def list_faults(call: Call, query: FaultsQuery) -> Answer[Items[FaultView]]:
    """Faults, the one seen last first."""
    wanted = FaultFilter(
        state=query.state,
        kind=query.kind,
        location=query.location,
        charge_point=query.charger,
        search=query.search,
    )
    page = await call.queries.faults(call.company, wanted, cursor=query.cursor, limit=query.limit)
    items = Items(items=[fault_view(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("GET", "/faults/{fault}")
async def fault(call: Call, fault: str) -> FaultView:
    """One fault."""
    return fault_view(await _row(call, fault))


@endpoint("POST", "/faults/{fault}/solve")
async def solve_fault(call: Call, fault: str, body: Solution) -> FaultView:
    """Note that somebody dealt with it. If it comes back it is a new entry that names this one."""
    await _row(call, fault)
    subject, _, number = fault.rpartition("#")
    solve = SolveFault(number=int(number), at=call.now, by=call.identity.by, note=body.note)
    await call.application.execute(faults, subject, solve, call.why)
    await call.queries.settled()
    return fault_view(await _row(call, fault))


async def _row(call: Call, fault: str) -> FaultRow:
    row = await call.queries.fault(call.company, fault)
    if row is None:
        raise not_found()
    return row


def fault_view(row: FaultRow) -> FaultView:
    """A fault as the API shows it."""
    return FaultView(
        id=row.id,
        state=row.state,
        kind=row.kind,
        code=row.code,
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
    )


ENDPOINTS = (list_faults, fault, solve_fault)
