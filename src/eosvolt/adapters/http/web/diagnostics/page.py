"""The diagnostics page: the queue of what is wrong, and the list as a file."""

from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import FaultFilter, Page
from eosvolt.adapters.http.web.diagnostics.actions import owners_of
from eosvolt.adapters.http.web.diagnostics.view_models import DiagnosticsPage, FaultEntries, FaultQueues
from eosvolt.adapters.http.web.shell.csv_cells import BYTE_ORDER_MARK, written
from eosvolt.adapters.http.web.shell.labels import (
    FAULT_KINDS,
    FAULT_LEVELS,
    FAULT_QUEUES,
    FAULT_SEVERITIES,
    FAULT_STATES,
    SNOOZES,
    actor,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import in_order_of, one_of
from eosvolt.application.explanation_sentences import in_words
from eosvolt.application.operations.faults import EXPORT, VIEW
from eosvolt.application.questions import FAULT_SORTS
from eosvolt.projections.faults import FaultRow

PER_PAGE = 50
NEWEST = "-lastSeenAt"
_EXPORTED_AT_ONCE = 200
_COLUMNS = (
    "id", "since", "last seen", "occurrences", "location", "charger", "plug", "kind", "severity", "code",
    "vendor code", "text", "state", "recovered at", "solved at", "solved by", "note", "earlier entry",
    "session", "level", "acknowledged at", "acknowledged by", "acknowledgement", "owner", "snoozed until",
)  # fmt: skip
UNSOLVED = "unsolved"
ATTENTION = "attention"
# In these states the list is a queue.
WORK = (ATTENTION, "acknowledged", "snoozed")


def diagnostics_routes(pages: Pages) -> list[Route]:
    """``/diagnostics``."""
    query_checks = {
        "state": one_of((*FAULT_QUEUES, *FAULT_STATES, UNSOLVED)),
        "level": one_of(FAULT_LEVELS),
        "kind": one_of(FAULT_KINDS),
        "severity": one_of(FAULT_SEVERITIES),
        "sort": in_order_of(FAULT_SORTS),
    }
    return [
        pages.get("/diagnostics", diagnostics, query_checks, VIEW),
        pages.get("/diagnostics/export.csv", export, query_checks, EXPORT),
    ]


async def diagnostics(request: PageRequest) -> Response:
    """The page, or its list alone."""
    _, wanted = _wanted(request, ATTENTION)
    filters = (wanted.level, wanted.owner, wanted.kind, wanted.location, wanted.charge_point)
    return await show(
        request, DiagnosticsPage(narrowed=sum(map(bool, filters))), {"queues": _queues, "entries": _entries}
    )


async def export(request: PageRequest) -> Response:
    """All entries that the filter lets through, not only a page of them."""
    name = f'attachment; filename="diagnostics-{request.today.isoformat()}.csv"'
    return StreamingResponse(
        _lines(request, await _some(request)),
        media_type="text/csv; charset=utf-8",
        headers={"content-disposition": name},
    )


def _wanted(request: PageRequest, without: str) -> tuple[str, FaultFilter]:
    """The state as the address has it, else ``without``, and the filter that it makes with all else."""
    state = request.query("state", without)
    return state, FaultFilter(
        state="" if state == "all" else state,
        at=request.now,
        level=request.query("level"),
        owner=request.query("owner"),
        kind=request.query("kind"),
        severity=request.query("severity"),
        location=request.query("location"),
        charge_point=request.query("charger"),
        search=request.query("search"),
        within=request.within,
    )


async def _queues(request: PageRequest) -> FaultQueues:
    state, _ = _wanted(request, ATTENTION)
    counts = await request.queries.fault_counts(request.number, request.now, request.within)
    return FaultQueues(state=state, counts=counts._asdict())


async def _entries(request: PageRequest) -> FaultEntries:
    state, wanted = _wanted(request, ATTENTION)
    sort = request.query("sort", ATTENTION if state in WORK else NEWEST)
    cursor = request.query("cursor") or None
    found = await request.queries.faults(request.number, wanted, sort=sort, cursor=cursor, limit=PER_PAGE)
    affected = await request.queries.affected(request.number, found.items, request.now)
    return FaultEntries(
        faults=found.items,
        affected=affected,
        cursor=found.cursor,
        state=state,
        sort=sort,
        owners=owners_of(request),
        snoozes=SNOOZES,
    )


async def _some(request: PageRequest, cursor: str | None = None) -> Page[FaultRow]:
    _, wanted = _wanted(request, UNSOLVED)
    return await request.queries.faults(
        request.number, wanted, sort=request.query("sort", NEWEST), cursor=cursor, limit=_EXPORTED_AT_ONCE
    )


async def _lines(request: PageRequest, found: Page[FaultRow]) -> AsyncIterator[str]:
    """``found`` is the beginning: what cannot be answered is refused before anything is sent."""
    yield BYTE_ORDER_MARK + written([_COLUMNS])
    while True:
        yield written(_values(request, row) for row in found.items)
        if found.cursor is None:
            return
        found = await _some(request, found.cursor)


def _values(request: PageRequest, row: FaultRow) -> list[object]:
    return [
        row.id, row.since.isoformat(), row.last_seen_at.isoformat(), row.occurrences,
        request.locations.name(row.location), row.charge_point, row.connector or "", row.kind, row.severity,
        row.code, row.vendor_code, in_words(row.text, row.explanation), row.state,
        row.recovered_at and row.recovered_at.isoformat(),
        row.solved_at and row.solved_at.isoformat(), actor(row.solved_by, request.people),
        row.note, row.earlier, row.session, row.level,
        row.acknowledged_at and row.acknowledged_at.isoformat(),
        actor(row.acknowledged_by, request.people) if row.acknowledged_by else "", row.acknowledgement,
        actor(row.owner, request.people) if row.owner else "",
        row.snoozed_until.isoformat() if row.snoozed_until and row.snoozed(request.now) else "",
    ]  # fmt: skip
