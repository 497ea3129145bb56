"""The list of locations."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.web.locations.table import location_table
from eosvolt.adapters.http.web.locations.view_models import (
    LocationLine,
    LocationRows,
    LocationsPage,
)
from eosvolt.adapters.http.web.shell.exports import export_routes, list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.operations.locations import EXPORT, VIEW
from eosvolt.application.table_files import FileKind
from eosvolt.domain.calendar import local_date
from eosvolt.projections.revenue import SummaryRow


def location_list_routes(pages: Pages) -> list[Route]:
    """``/locations``."""
    return [
        pages.get("/locations", location_list, needs=VIEW, past=True),
        *export_routes(pages, "/locations", export_locations, {}, EXPORT),
    ]


async def location_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await show(request, LocationsPage(), {"list": _list})


async def export_locations(request: PageRequest, kind: FileKind) -> Response:
    """The list as a file."""

    async def page(snapshot: Queries, _: str | None) -> Page[LocationLine]:
        return Page(await _lines(request, snapshot), None)

    return await list_download(request, kind, "locations", location_table(request.now), page)


async def _list(request: PageRequest) -> LocationRows:
    return LocationRows(lines=await _lines(request, request.queries))


async def _lines(request: PageRequest, queries: Queries) -> list[LocationLine]:
    chargers = await queries.charger_counts(request.number)
    plugs, available = Counter[str](), Counter[str]()
    for each in await queries.plug_states(request.number):
        plugs[each.location] += each.plugs
        if each.state == "Available":
            available[each.location] += each.plugs
    # Local days differ from UTC's by at most one; each location looks at its own.
    around = request.then.date()
    sold: dict[tuple[str, date, str], list[SummaryRow]] = defaultdict(list)
    for day in await queries.days(request.number, around - timedelta(days=1), around + timedelta(days=2)):
        sold[day.location, day.day, day.currency].append(day)
    lines = []
    for row in request.locations.rows:
        today = local_date(request.then, row.tariff.time_zone)
        sums = sold[row.location, today, row.tariff.currency]
        lines.append(
            LocationLine(
                row=row,
                chargers=chargers.get(row.location, 0),
                plugs=plugs[row.location],
                available=available[row.location],
                energy_wh=sum(each.energy_wh for each in sums),
                gross=sum(each.gross for each in sums),
            )
        )
    return lines
