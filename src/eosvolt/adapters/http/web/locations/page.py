"""The list of locations."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.web.locations.pins import pins
from eosvolt.adapters.http.web.locations.table import location_table
from eosvolt.adapters.http.web.locations.view_models import (
    LocationLine,
    LocationRows,
    LocationsMap,
    LocationsPage,
)
from eosvolt.adapters.http.web.map_tiles import tiles_of
from eosvolt.adapters.http.web.shell.exports import export_routes, list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import one_of
from eosvolt.application.operations.locations import EXPORT, VIEW
from eosvolt.application.table_files import FileKind
from eosvolt.domain.calendar import local_date
from eosvolt.projections.revenue import SummaryRow

VIEWS = ("list", "map")


def location_list_routes(pages: Pages) -> list[Route]:
    """``/locations``."""
    return [
        pages.get("/locations", location_list, {"view": one_of(VIEWS)}, needs=VIEW, past=True),
        *export_routes(pages, "/locations", export_locations, {}, EXPORT),
    ]


async def location_list(request: PageRequest) -> Response:
    """The page with its list or its map, or one of both alone."""
    on_map = request.query("view") == "map"
    parts = {"places": _map} if on_map else {"list": _list}
    return await show(request, LocationsPage(on_map=on_map), parts)


async def _map(request: PageRequest) -> LocationsMap:
    """A location is on the map once it has a charger."""
    used = await request.queries.charger_counts(request.number)
    rows = [row for row in request.locations.rows if row.location in used]
    placed = [row for row in rows if row.details.latitude is not None and row.details.longitude is not None]
    return LocationsMap(
        pins=pins(placed, lambda row: f"/locations/{row.location}"),
        tiles=tiles_of(request),
        without_pin=[row for row in rows if row not in placed],
        without_charger=[row for row in request.locations.rows if row.location not in used],
    )


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
                open=row.access.opening_hours.is_open(request.then, row.tariff.time_zone),
            )
        )
    return lines
