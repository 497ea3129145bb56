"""The diagnostics page: what is and was wrong, solving it, and the list as a file."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from eosvolt.adapters.http.api.fault_views import entry_of
from eosvolt.adapters.http.ports import FaultFilter, Page
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.web.asking import in_order_of, one_of
from eosvolt.adapters.http.web.csv_cells import BYTE_ORDER_MARK, written
from eosvolt.adapters.http.web.visit import Pages, Visit, gone_to, own_path, show
from eosvolt.adapters.http.web.words import FAULT_KINDS, FAULT_SEVERITIES, FAULT_STATES, actor
from eosvolt.application.questions import FAULT_SORTS
from eosvolt.domain.faults.commands import SolveFault
from eosvolt.domain.faults.decider import faults
from eosvolt.projections.faults import FaultRow

PER_PAGE = 50
NEWEST = "-lastSeenAt"
_LONGEST_NOTE = 2000
_EXPORTED_AT_ONCE = 200
_COLUMNS = (
    "id", "since", "last seen", "occurrences", "location", "charger", "plug", "kind", "severity", "code",
    "vendor code", "text", "state", "recovered at", "solved at", "solved by", "note", "earlier entry",
    "session",
)  # fmt: skip
UNSOLVED = "unsolved"


def diagnostics_routes(pages: Pages) -> list[Route]:
    """``/diagnostics``."""
    asks = {
        "state": one_of((*FAULT_STATES, "unsolved", "all")),
        "kind": one_of(FAULT_KINDS),
        "severity": one_of(FAULT_SEVERITIES),
        "sort": in_order_of(FAULT_SORTS),
    }
    return [
        pages.get("/diagnostics", diagnostics, asks),
        pages.post("/diagnostics/solve", solve),
        pages.get("/diagnostics/export.csv", export, asks),
    ]


async def diagnostics(visit: Visit) -> Response:
    """The page, or its list alone."""
    state, wanted = _wanted(visit)
    narrowed = sum(map(bool, (wanted.kind, wanted.severity, wanted.location, wanted.charge_point)))
    return await show(
        visit,
        "diagnostics/page.html",
        {"entries": _entries},
        page="diagnostics",
        narrowed=narrowed + (state != UNSOLVED),
    )


async def solve(visit: Visit) -> Response:
    """Note that somebody dealt with an entry, or with several."""
    rows = [await visit.queries.fault(visit.number, each) for each in _chosen(visit)]
    found = [row for row in rows if row is not None]
    if len(found) < len(rows):
        raise not_found("There is no such entry.")
    back = own_path(visit.filled("next", "/diagnostics"))
    if not found:
        return gone_to(back, "Choose the entries that are to be solved first.")
    note = visit.filled("note")[:_LONGEST_NOTE]
    for row in found:
        subject, number = entry_of(row.id)
        command = SolveFault(number=number, at=visit.now, by=visit.why.by, note=note)
        await visit.dependencies.application.execute(faults, subject, command, visit.why)
    await visit.queries.settled()
    solved = (
        f"{found[0].code} of {found[0].charge_point} is" if len(found) == 1 else f"{len(found)} entries are"
    )
    return gone_to(back, f"{solved} solved.")


async def export(visit: Visit) -> Response:
    """All entries that the filter lets through, not only a page of them."""
    name = f'attachment; filename="diagnostics-{visit.today.isoformat()}.csv"'
    return StreamingResponse(
        _lines(visit, await _some(visit)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": name},
    )


def _chosen(visit: Visit) -> list[str]:
    several = [each for each in visit.form.getlist("fault") if isinstance(each, str)]
    return list(dict.fromkeys(several))[:_EXPORTED_AT_ONCE]


def _wanted(visit: Visit) -> tuple[str, FaultFilter]:
    """The state as the address has it, and the filter it makes with all else."""
    state = visit.ask("state", UNSOLVED)
    return state, FaultFilter(
        state="" if state == "all" else state,
        kind=visit.ask("kind"),
        severity=visit.ask("severity"),
        location=visit.ask("location"),
        charge_point=visit.ask("charger"),
        search=visit.ask("search"),
    )


async def _entries(visit: Visit) -> Mapping[str, Any]:
    state, wanted = _wanted(visit)
    sort = visit.ask("sort", NEWEST)
    cursor = visit.ask("cursor") or None
    found = await visit.queries.faults(visit.number, wanted, sort=sort, cursor=cursor, limit=PER_PAGE)
    return {"faults": found.items, "cursor": found.cursor, "state": state, "sort": sort}


async def _some(visit: Visit, cursor: str | None = None) -> Page[FaultRow]:
    _, wanted = _wanted(visit)
    return await visit.queries.faults(
        visit.number, wanted, sort=visit.ask("sort", NEWEST), cursor=cursor, limit=_EXPORTED_AT_ONCE
    )


async def _lines(visit: Visit, found: Page[FaultRow]) -> AsyncIterator[str]:
    """``found`` is the beginning: what cannot be answered is refused before anything is sent."""
    yield BYTE_ORDER_MARK + written([_COLUMNS])
    while True:
        yield written(_values(visit, row) for row in found.items)
        if found.cursor is None:
            return
        found = await _some(visit, found.cursor)


def _values(visit: Visit, row: FaultRow) -> list[object]:
    return [
        row.id, row.since.isoformat(), row.last_seen_at.isoformat(), row.occurrences,
        visit.places.name(row.location), row.charge_point, row.connector or "", row.kind, row.severity,
        row.code, row.vendor_code, row.text, row.state, row.recovered_at and row.recovered_at.isoformat(),
        row.solved_at and row.solved_at.isoformat(), actor(row.solved_by, visit.people),
        row.note, row.earlier, row.session,
    ]  # fmt: skip
