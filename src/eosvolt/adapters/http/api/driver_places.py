"""``/driver/locations`` and ``/driver/plugs``: where drivers can charge, and at which price.

Also whoever is not signed in may look: then nothing is shown but what is for everybody.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.location_shapes import OpeningHoursShape, opening_hours_shape
from eosvolt.adapters.http.api.plugs import NextBookingView
from eosvolt.adapters.http.api.tariffs import TariffView
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Items,
    Limit,
    MoneyView,
    ShortText,
    View,
    paid,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.ports.drivers import FoundPlace
from eosvolt.adapters.http.presentation.driver_payments import payment_needed
from eosvolt.adapters.http.presentation.driving import (
    PlaceQuery,
    SeenPlace,
    company_of,
    places,
    seen_place,
    standings,
    upcoming_booking,
)
from eosvolt.application.booking_offers import NextBooking
from eosvolt.application.drivers import PlaceFilter
from eosvolt.projections.connector_status import ConnectorRow

Degrees = Annotated[
    str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]{1,8})?$", description="Decimal degrees (WGS 84).")
]


class PlacesQuery(ApiInput, frozen=True, kw_only=True):
    """Which locations: sorted by distance from ``latitude`` and ``longitude``, or by name without them."""

    search: Annotated[str, Meta(max_length=200, description="A part of the name or address.")] = ""
    latitude: Degrees | None = None
    longitude: Degrees | None = None
    free: Annotated[Literal["true", "false"], Meta(description="Only with a free plug.")] = "false"
    type: Annotated[ShortText, Meta(description="Only with a plug of this type.")] = ""
    max_price: (
        Annotated[tariffs.Price, Meta(description="At most this price per kWh or minute now.")] | None
    ) = None
    limit: Limit = 50
    cursor: Cursor | None = None


class DriverPlugView(View, frozen=True, kw_only=True):
    """A plug. ``state`` is that of OCPP 1.6, or Offline."""

    charge_box_id: str
    plug: int
    type: str
    max_power_w: int
    state: str


class DriverPriceView(View, frozen=True, kw_only=True):
    """What the driver pays, VAT included: ``now`` per ``unit`` until ``until``, and the whole tariff.

    Without ``until`` it holds all day.
    """

    now: str
    unit: Literal["kWh", "min"]
    tariff: TariffView
    until: datetime | None = None


class DriverSupportView(View, frozen=True, kw_only=True):
    """How to reach support, and how to restart a charger while it is closed."""

    phone: str = ""
    email: str = ""
    hours: str = ""
    restart_instructions: str = ""


class PlaceView(View, frozen=True, kw_only=True):
    """A location. ``metres`` is its distance as the crow flies, where the query named a place."""

    company: int
    operator: str
    location_id: str
    name: str
    address: str
    time_zone: str
    open_now: bool
    free_plugs: int
    plugs: list[DriverPlugView]
    price: DriverPriceView
    opening_hours: OpeningHoursShape
    support: DriverSupportView
    latitude: float | None = None
    longitude: float | None = None
    metres: int | None = None


class DriverNextBookingView(NextBookingView, frozen=True, kw_only=True):
    """The booking of a plug that begins next, for whoever starts there before.

    ``own``: it is the driver's. ``goesOn``: their session is not stopped when it begins, others are.
    """

    own: bool
    goes_on: bool


class PlugPageView(View, frozen=True, kw_only=True):
    """A plug with its location. ``canStart``: the operator knows the driver as a customer.

    ``paymentAtMost`` is what is held before a driver starts who is no customer, absent where nobody can pay.
    ``nextBooking`` is a booking that begins within a day.
    """

    plug: DriverPlugView
    location: PlaceView
    can_start: bool
    payment_at_most: MoneyView | None = None
    next_booking: DriverNextBookingView | None = None


@endpoint("GET", "/driver/locations", everybody=True)
async def list_places(call: ApiCall, query: PlacesQuery) -> Answer[Items[PlaceView]]:
    """Locations where the driver may charge; hidden ones are not listed.

    A page may have fewer items than `limit` although another one follows.
    """
    known = await standings(call.dependencies, call.identity.driver)
    wanted = PlaceQuery(
        PlaceFilter(query.search, _near(query), (), query.type, query.free == "true"),
        None if query.max_price is None else Decimal(query.max_price),
    )
    page = await places(call.dependencies, known, wanted, call.now, cursor=query.cursor, limit=query.limit)
    views = [_place_view(each, call.now) for each in page.items]
    return Answer(Items(items=views, cursor=page.cursor), next_link(call.request, page.cursor))


@endpoint("GET", "/driver/locations/{company}/{location}", everybody=True)
async def get_place(call: ApiCall, company: str, location: str) -> PlaceView:
    """One location, also a hidden one; 404 for one that the driver may not see."""
    found = await call.dependencies.driver_queries.location(company_of(company), location)
    return _place_view(await _seen(call, found), call.now)


@endpoint("GET", "/driver/plugs/{company}/{charger}/{plug}", everybody=True)
async def get_plug(call: ApiCall, company: str, charger: str, plug: str) -> PlugPageView:
    """A plug, as the QR code on it names it; 404 for one that the driver may not see."""
    seen = await _seen(call, await call.dependencies.driver_queries.location_of(company_of(company), charger))
    for row in seen.place.plugs:
        if row.charge_point == charger and str(row.connector) == plug:
            needed = payment_needed(call.dependencies, seen)
            booked = await upcoming_booking(call.dependencies, seen, row, call.now)
            return PlugPageView(
                plug=_plug_view(row),
                location=_place_view(seen, call.now),
                can_start=seen.own is not None,
                payment_at_most=None if needed is None else paid(needed),
                next_booking=None if booked is None else _next_view(booked),
            )
    raise not_found()


async def _seen(call: ApiCall, found: FoundPlace | None) -> SeenPlace:
    seen = await seen_place(call.dependencies, call.identity.driver, found, call.now)
    if seen is None:
        raise not_found()
    return seen


def _near(query: PlacesQuery) -> tuple[float, float] | None:
    if query.latitude is None and query.longitude is None:
        return None
    if query.latitude is None or query.longitude is None:
        raise invalid("?latitude", "A place needs both latitude and longitude.")
    latitude, longitude = float(query.latitude), float(query.longitude)
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise invalid("?latitude", "There is no such place on earth.")
    return latitude, longitude


def _place_view(seen: SeenPlace, now: datetime) -> PlaceView:
    place, price = seen.place, seen.price
    row, support = place.location, place.support
    return PlaceView(
        company=row.company,
        operator=place.operator,
        location_id=row.location,
        name=row.details.name,
        address=row.details.address,
        latitude=row.details.latitude,
        longitude=row.details.longitude,
        time_zone=row.tariff.time_zone,
        open_now=row.access.opening_hours.is_open(now, row.tariff.time_zone),
        free_plugs=place.free,
        plugs=[_plug_view(each) for each in place.plugs],
        price=DriverPriceView(
            now=f"{price.period.price:f}",
            unit=price.unit,
            tariff=tariffs.view(price.tariff),
            until=price.period.until if price.tariff.windows else None,
        ),
        opening_hours=opening_hours_shape(row.access.opening_hours),
        support=DriverSupportView(
            phone=support.phone,
            email=support.email,
            hours=support.hours,
            restart_instructions=place.company.support.restart_instructions,
        ),
        metres=place.metres,
    )


def _next_view(booked: NextBooking) -> DriverNextBookingView:
    return DriverNextBookingView(
        since=booked.since, until=booked.until, own=booked.own, goes_on=booked.goes_on
    )


def _plug_view(row: ConnectorRow) -> DriverPlugView:
    return DriverPlugView(
        charge_box_id=row.charge_point,
        plug=row.connector,
        type=row.type,
        max_power_w=row.max_power_w,
        state=row.shown,
    )


ENDPOINTS = (list_places, get_place, get_plug)
