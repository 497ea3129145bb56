"""The diagnostics page: the queue of what is wrong, and the list as a file."""

from collections.abc import Mapping, Sequence

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Affected, FaultFilter, Page, Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE
from eosvolt.adapters.http.web.diagnostics.actions import owners_of
from eosvolt.adapters.http.web.diagnostics.table import fault_table
from eosvolt.adapters.http.web.diagnostics.view_models import DiagnosticsPage, FaultEntries, FaultQueues
from eosvolt.adapters.http.web.shell.exports import export_routes, list_download
from eosvolt.adapters.http.web.shell.labels import (
    FAULT_KINDS,
    FAULT_LEVELS,
    FAULT_QUEUES,
    FAULT_SEVERITIES,
    FAULT_STATES,
    SNOOZES,
)
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import in_order_of, one_of
from eosvolt.application.operations.faults import EXPORT, VIEW
from eosvolt.application.questions import FAULT_SORTS
from eosvolt.application.table_files import FileKind
from eosvolt.projections.faults import FaultRow

PER_PAGE = 50
NEWEST = "-lastSeenAt"
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
        pages.get("/diagnostics", diagnostics, query_checks, VIEW, past=True),
        *export_routes(pages, "/diagnostics", export, query_checks, EXPORT),
    ]


async def diagnostics(request: PageRequest) -> Response:
    """The page, or its list alone."""
    _, wanted = _wanted(request, ATTENTION)
    filters = (wanted.level, wanted.owner, wanted.kind, wanted.location, wanted.charge_point)
    return await show(
        request, DiagnosticsPage(narrowed=sum(map(bool, filters))), {"queues": _queues, "entries": _entries}
    )


async def export(request: PageRequest, kind: FileKind) -> Response:
    """All entries that the filter lets through, not only a page of them."""
    _, wanted = _wanted(request, UNSOLVED)
    sort = request.query("sort", NEWEST)

    async def page(queries: Queries, cursor: str | None) -> Page[FaultRow]:
        return await queries.faults(request.number, wanted, sort=sort, cursor=cursor, limit=AT_ONCE)

    return await list_download(request, kind, "diagnostics", fault_table(request), page)


def _wanted(request: PageRequest, without: str) -> tuple[str, FaultFilter]:
    """The state as the address has it, else ``without``, and the filter that it makes with all else."""
    state = request.query("state", without)
    return state, FaultFilter(
        state="" if state == "all" else state,
        at=request.then,
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
    counts = await request.queries.fault_counts(request.number, request.then, request.within)
    return FaultQueues(state=state, counts=counts._asdict())


async def _entries(request: PageRequest) -> FaultEntries:
    state, wanted = _wanted(request, ATTENTION)
    sort = request.query("sort", ATTENTION if state in WORK else NEWEST)
    cursor = request.query("cursor") or None
    found = await request.queries.faults(request.number, wanted, sort=sort, cursor=cursor, limit=PER_PAGE)
    affected = await affected_by(request, found.items)
    return FaultEntries(
        faults=found.items,
        affected=affected,
        cursor=found.cursor,
        state=state,
        sort=sort,
        owners=owners_of(request),
        snoozes=SNOOZES,
    )


async def affected_by(request: PageRequest, rows: Sequence[FaultRow]) -> Mapping[str, Affected]:
    """What the entries affected; as of an earlier instant that is not known."""
    if request.as_of is not None:
        return {row.id: Affected(0) for row in rows}
    return await request.queries.affected(request.number, rows, request.now)
