"""The locations: the list, and the page of one."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.web.location_form import location_row
from eosvolt.adapters.http.web.tariff_example import example_of
from eosvolt.adapters.http.web.visit import Pages, Visit, show
from eosvolt.domain.calendar import local_date
from eosvolt.projections.locations import LocationRow


class LocationLine(NamedTuple):
    """A location with what it has and what it brought today; amounts in minor units of its currency."""

    row: LocationRow
    chargers: int
    plugs: int
    available: int
    energy_wh: int
    gross: int


def location_routes(pages: Pages) -> list[Route]:
    """``/locations`` and ``/locations/{location}``."""
    return [pages.get("/locations", location_list), pages.get("/locations/{location}", location_page)]


async def location_list(visit: Visit) -> Response:
    """The page, or its list alone."""
    return await show(visit, "locations/page.html", {"list": _list}, page="locations")


async def location_page(visit: Visit) -> Response:
    """The page, or one of its parts."""
    row = await location_row(visit)
    return await show(
        visit,
        "locations/one/page.html",
        {"chargers": _chargers},
        page="locations",
        row=row,
        example=example_of(row.tariff, visit.now),
    )


async def _list(visit: Visit) -> Mapping[str, Any]:
    chargers = await visit.queries.charge_points(visit.number)
    plugs = await visit.queries.connectors(visit.number)
    # Local days differ from UTC's by at most one; each location looks at its own.
    around = visit.now.date()
    days = await visit.queries.days(visit.number, around - timedelta(days=1), around + timedelta(days=2))
    lines = []
    for row in visit.places.rows:
        own = [plug for plug in plugs if plug.location == row.location]
        today = local_date(visit.now, row.tariff.time_zone)
        sums = [
            each
            for each in days
            if each.location == row.location and each.day == today and each.currency == row.tariff.currency
        ]
        lines.append(
            LocationLine(
                row=row,
                chargers=sum(1 for charger in chargers if charger.location == row.location),
                plugs=len(own),
                available=sum(1 for plug in own if plug.shown == "Available"),
                energy_wh=sum(each.energy_wh for each in sums),
                gross=sum(each.gross for each in sums),
            )
        )
    return {"lines": lines}


async def _chargers(visit: Visit) -> Mapping[str, Any]:
    row = await location_row(visit)
    chargers = await visit.queries.charge_points(visit.number, location=row.location)
    plugs = await visit.queries.connectors(visit.number, location=row.location)
    return {
        "row": row,
        "chargers": chargers,
        "plugs": sorted(plugs, key=lambda plug: (plug.charge_point, plug.connector)),
    }
