"""Where to charge: the list of locations and its map, and the page of a location."""

from decimal import Decimal, InvalidOperation
from urllib.parse import quote, urlencode

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.driving import (
    PlaceQuery,
    SeenPlace,
    company_of,
    places,
    seen_place,
    standings,
)
from eosvolt.adapters.http.web.drive.driver_pages import FIND, DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import DriverLocationPage, FindPage
from eosvolt.adapters.http.web.locations.pins import pins
from eosvolt.adapters.http.web.map_tiles import map_file
from eosvolt.adapters.http.web.shell.formats import weekday_names
from eosvolt.application.drivers import PlaceFilter
from eosvolt.application.questions import Page, Unanswerable
from eosvolt.domain.calendar import clock
from eosvolt.domain.locations.opening_hours import OpeningHours
from eosvolt.projections.locations import LocationRow

_TILES = "/drive/tiles"
_AT_ONCE, _ON_MAP = 30, 200
_FIELDS = ("search", "type", "free", "price", "latitude", "longitude")


def find_routes(pages: DriverPages) -> list[Route]:
    """``/drive``, its map and ``/drive/locations/…``. Everybody may look."""
    return [
        pages.get(FIND, find, everybody=True),
        pages.get(_TILES, tiles, everybody=True),
        pages.get("/drive/locations/{company}/{location}", location, everybody=True),
    ]


async def find(request: DriverRequest) -> Response:
    """The locations where the driver may charge, by distance from where the phone is, or by name."""
    values = {name: request.query(name) for name in _FIELDS}
    on_map = bool(request.query("map"))
    known = await standings(request.dependencies, request.who)
    page, problem = Page[SeenPlace]((), None), ""
    try:
        query = PlaceQuery(
            PlaceFilter(values["search"], _near(values), (), values["type"], bool(values["free"])),
            _price(values["price"]),
        )
        page = await places(
            request.dependencies,
            known,
            query,
            request.now,
            cursor=request.query("cursor") or None,
            limit=_ON_MAP if on_map else _AT_ONCE,
        )
    except (Unanswerable, InvalidOperation, ValueError):
        problem = gettext("This search cannot be answered: change a field.")
    given = {name: value for name, value in values.items() if value}
    model = FindPage(
        places=page.items,
        values=values,
        problem=problem,
        following=f"{FIND}?{urlencode({**given, 'cursor': page.cursor})}"
        if page.cursor and not on_map
        else "",
        map=on_map,
        pins=pins((each.place.location for each in page.items), _page_of),
        tiles=_TILES if request.dependencies.map_file is not None else "",
    )
    return await show_driver(request, model, status=422 if problem else 200, tab="find")


async def tiles(request: DriverRequest) -> Response:
    """The operator's map file, of which browsers read ranges."""
    return map_file(request.dependencies, {"cache-control": "public, max-age=3600"})


async def location(request: DriverRequest) -> Response:
    """One location with its plugs, prices, opening hours and support."""
    found = await request.dependencies.driver_queries.location(
        company_of(request.path_parameter("company")), request.path_parameter("location")
    )
    shown = await seen_place(request.dependencies, request.who, found, request.now)
    if shown is None:
        raise not_found()
    row = shown.place.location
    hours, zone = row.access.opening_hours, row.tariff.time_zone
    model = DriverLocationPage(
        shown=shown,
        hours=() if hours.always_open else hours_by_day(hours),
        is_open=hours.is_open(request.now, zone),
    )
    return await show_driver(request, model, tab="find")


def hours_by_day(hours: OpeningHours) -> list[tuple[str, str]]:
    """The opening hours of each weekday, in words."""
    return [
        (name, ", ".join(f"{clock(each.starts)}–{clock(each.ends)}" for each in ranges) or gettext("closed"))
        for name, ranges in zip(weekday_names(), hours.week, strict=True)
    ]


def _near(values: dict[str, str]) -> tuple[float, float] | None:
    if not values["latitude"] or not values["longitude"]:
        return None
    latitude, longitude = float(values["latitude"]), float(values["longitude"])
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError
    return latitude, longitude


def _price(text: str) -> Decimal | None:
    if not text:
        return None
    price = Decimal(text.replace(",", "."))
    if not price.is_finite():
        raise ValueError
    return price


def _page_of(row: LocationRow) -> str:
    return f"/drive/locations/{row.company}/{quote(row.location, safe='')}"
