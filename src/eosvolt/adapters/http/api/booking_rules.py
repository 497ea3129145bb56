"""``/locations/{id}/booking`` and its feed: when plugs of a location can be booked, by which rules."""

import secrets
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from eosvolt.adapters.http.api import tariffs
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.tariffs import (
    BlockingFeeShape,
    Clock,
    Price,
    StrategyName,
    TariffShape,
    WindowShape,
)
from eosvolt.adapters.http.framework.api_types import ApiInput, AsOf, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.adapters.http.presentation.amounts import kwh_text
from eosvolt.adapters.http.presentation.booking_feed import feed_address, feed_digest
from eosvolt.application.operations import booking_feeds, bookings
from eosvolt.application.operations.booking_feeds import BookingFeedEnd, BookingFeedIssue
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.permissions import require_at
from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee, problems
from eosvolt.domain.locations.homes import is_home
from eosvolt.domain.locations.opening_hours import OpenRange
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.projections.booking_feeds import BookingFeedRow
from eosvolt.projections.locations import LocationRow

Minutes = Annotated[int, Meta(ge=0, le=100_000)]


FreeKwh = Annotated[
    str, Meta(pattern=r"^[0-9]{1,6}(\.[0-9]{1,3})?$", description="kWh with at most three decimals.")
]


class SlotFeeShape(ApiInput, frozen=True, kw_only=True):
    """The fee of a slot, VAT included."""

    same_day: Price
    future: Price


class OwnPriceShape(ApiInput, frozen=True, kw_only=True):
    """Prices per kWh or minute. ``price`` applies whenever no window does."""

    strategy: StrategyName
    price: Price
    windows: Annotated[tuple[WindowShape, ...], Meta(max_length=48)] = ()


class BookingRulesShape(ApiInput, frozen=True, kw_only=True):
    """The rules for bookings. ``from`` and ``to`` are local times; a whole day is 00:00 to 24:00.

    ``slotMinutes``: a slot is so long, and a driver may take several that follow each other. After each
    booking ``bufferMinutes`` are kept free. ``autoCancelMinutes`` after its start a booking of which nobody
    charges is a no-show; without it at its end. ``mixMode``: on-demand sessions may begin beside bookings;
    otherwise only bookings within the daily time. ``onDemandIntoBooking``: an on-demand session of the booker
    goes on as the booked one; otherwise it is stopped, as everybody else's. A booked session may begin
    ``earlyStartMinutes`` before its slots and last ``lateStopMinutes`` after them where the plug is free.
    Bookings are made at most ``aheadDays`` and at least ``noticeMinutes`` before; drivers change them until
    ``changeMinutes`` before their start, and cancel them until they begin: less than ``cancelMinutes`` before
    that the fee is kept. ``onePerDriver``: nobody has two bookings at a time.

    Prices include VAT and are in the location's currency. ``fee`` is that of a slot: ``sameDay`` where it is
    booked on its own date, ``future`` before. ``pricing`` is the price of booked sessions where it is not the
    location's; the first ``freeKwh`` of a booking cost nothing. ``blockingFee`` takes the place of the
    location's: its first interval begins ``graceMinutes`` after the booked end. Without it booked sessions
    have no blocking fee.
    """

    enabled: bool
    starts: Clock = field(name="from", default="00:00")
    ends: Clock = field(name="to", default="24:00")
    slot_minutes: Minutes = 60
    buffer_minutes: Minutes = 0
    auto_cancel_minutes: Minutes | None = None
    mix_mode: bool = True
    on_demand_into_booking: bool = False
    early_start_minutes: Minutes = 0
    late_stop_minutes: Minutes = 0
    ahead_days: Minutes = 90
    notice_minutes: Minutes = 0
    change_minutes: Minutes = 60
    cancel_minutes: Minutes = 60
    one_per_driver: bool = True
    fee: SlotFeeShape | None = None
    pricing: OwnPriceShape | None = None
    free_kwh: FreeKwh = "0"
    grace_minutes: Minutes = 0
    blocking_fee: BlockingFeeShape | None = None


class BookingRulesView(View, frozen=True, kw_only=True, omit_defaults=False):
    """The rules for bookings of a location, in its ``timeZone``; see the request that sets them."""

    location_id: str
    time_zone: str
    enabled: bool
    starts: str = field(name="from")
    ends: str = field(name="to")
    slot_minutes: int
    buffer_minutes: int
    auto_cancel_minutes: int | None
    mix_mode: bool
    on_demand_into_booking: bool
    early_start_minutes: int
    late_stop_minutes: int
    ahead_days: int
    notice_minutes: int
    change_minutes: int
    cancel_minutes: int
    one_per_driver: bool
    currency: str
    fee: SlotFeeShape | None
    pricing: OwnPriceShape | None
    free_kwh: str
    grace_minutes: int
    blocking_fee: BlockingFeeShape | None


class BookingFeedView(View, frozen=True, kw_only=True):
    """Where calendar programs read the bookings of a location. The ``url`` is shown once, when it is new."""

    location_id: str
    issued_at: datetime
    issued_by: str
    url: str = ""


@endpoint("GET", "/locations/{location}/booking", needs=bookings.VIEW)
async def get_booking_rules(call: ApiCall, location: str, query: AsOf) -> Answer[BookingRulesView]:
    """The rules for bookings of a location."""
    return await _rules(call, location, query.as_of)


@endpoint("PUT", "/locations/{location}/booking", refusals=(409, 412), operation=bookings.set_rules)
async def put_booking_rules(
    call: ApiCall, location: str, body: BookingRulesShape
) -> Answer[BookingRulesView]:
    """Set the rules for bookings. Bookings that there are keep theirs."""
    place = await place_of(call, location)
    rules = _parsed(body, place.tariff)
    if wrong := problems(rules, place.tariff):
        raise all_invalid(wrong)
    await call.run(bookings.set_rules, BookingRulesInput(location=location, rules=rules, seen=seen(call)))
    return await _rules(call, location)


@endpoint("GET", "/locations/{location}/booking-feed", needs=bookings.VIEW)
async def get_booking_feed(call: ApiCall, location: str) -> BookingFeedView:
    """Whether the bookings of a location have a secret address, and since when. 404 if they have none."""
    return _feed_view(await _feed(call, location))


@endpoint(
    "POST",
    "/locations/{location}/booking-feed",
    status=201,
    operation=booking_feeds.issue,
    secrets=("url",),
)
async def issue_booking_feed(call: ApiCall, location: str) -> BookingFeedView:
    """Give the bookings of a location a new secret address (iCalendar, RFC 5545). The former one ends."""
    secret = secrets.token_urlsafe(32)
    wanted = BookingFeedIssue(location=location, digest=feed_digest(secret))
    await call.run(booking_feeds.issue, wanted)
    url = feed_address(call.dependencies.public_url, call.company, location, secret)
    return _feed_view(await _feed(call, location), url)


@endpoint("DELETE", "/locations/{location}/booking-feed", status=204, operation=booking_feeds.withdraw)
async def withdraw_booking_feed(call: ApiCall, location: str) -> None:
    """Let the secret address of a location's bookings lead nowhere."""
    await call.run(booking_feeds.withdraw, BookingFeedEnd(location=location))


def _parsed(body: BookingRulesShape, tariff: Tariff) -> BookingRules:
    return BookingRules(
        enabled=body.enabled,
        frame=OpenRange(minutes_of_day(body.starts), minutes_of_day(body.ends)),
        slot_minutes=body.slot_minutes,
        buffer_minutes=body.buffer_minutes,
        auto_cancel_minutes=body.auto_cancel_minutes,
        mix_mode=body.mix_mode,
        on_demand_into_booking=body.on_demand_into_booking,
        early_start_minutes=body.early_start_minutes,
        late_stop_minutes=body.late_stop_minutes,
        ahead_days=body.ahead_days,
        notice_minutes=body.notice_minutes,
        change_minutes=body.change_minutes,
        cancel_minutes=body.cancel_minutes,
        one_per_driver=body.one_per_driver,
        fee=None if body.fee is None else SlotFee(Decimal(body.fee.same_day), Decimal(body.fee.future)),
        pricing=None if body.pricing is None else _own_price(body.pricing, tariff),
        free_wh=int(Decimal(body.free_kwh) * 1000),
        grace_minutes=body.grace_minutes,
        blocking_fee=tariffs.blocking_fee(body.blocking_fee),
    )


def _own_price(body: OwnPriceShape, usual: Tariff) -> Tariff:
    """The price of its own; currency, VAT and time zone are the location's."""
    shape = TariffShape(strategy=body.strategy, price=body.price, windows=body.windows)
    made, _ = tariffs.tariff(
        shape, currency=usual.currency, vat_rate=f"{usual.vat_rate:f}", time_zone=usual.time_zone
    )
    return made


def _fee_shape(fee: SlotFee | None) -> SlotFeeShape | None:
    return None if fee is None else SlotFeeShape(same_day=f"{fee.same_day:f}", future=f"{fee.future:f}")


def _pricing_shape(own: Tariff | None) -> OwnPriceShape | None:
    if own is None:
        return None
    known = tariffs.shape(own)
    return OwnPriceShape(strategy=known.strategy, price=known.price, windows=known.windows)


async def _rules(call: ApiCall, location: str, as_of: datetime | None = None) -> Answer[BookingRulesView]:
    row = await place_of(call, location, as_of)
    rules = row.booking
    view = BookingRulesView(
        location_id=row.location,
        time_zone=row.tariff.time_zone,
        enabled=rules.enabled,
        starts=clock(rules.frame.starts),
        ends=clock(rules.frame.ends),
        slot_minutes=rules.slot_minutes,
        buffer_minutes=rules.buffer_minutes,
        auto_cancel_minutes=rules.auto_cancel_minutes,
        mix_mode=rules.mix_mode,
        on_demand_into_booking=rules.on_demand_into_booking,
        early_start_minutes=rules.early_start_minutes,
        late_stop_minutes=rules.late_stop_minutes,
        ahead_days=rules.ahead_days,
        notice_minutes=rules.notice_minutes,
        change_minutes=rules.change_minutes,
        cancel_minutes=rules.cancel_minutes,
        one_per_driver=rules.one_per_driver,
        currency=row.tariff.currency,
        fee=_fee_shape(rules.fee),
        pricing=_pricing_shape(rules.pricing),
        free_kwh=kwh_text(rules.free_wh),
        grace_minutes=rules.grace_minutes,
        blocking_fee=tariffs.blocking_fee_shape(rules.blocking_fee),
    )
    return Answer(view, versioned(row.booking_version))


async def place_of(call: ApiCall, location: str, as_of: datetime | None = None) -> LocationRow:
    """A location of the company that the sender may see. Raises a 404 ``Problem``, ``NotThere``."""
    require_at(call.identity.actor.grants, (location,))
    row = await call.queries_as_of(as_of).location(call.company, location)
    if row is None or row.removed or is_home(location):
        raise not_found()
    return row


async def _feed(call: ApiCall, location: str) -> BookingFeedRow:
    await place_of(call, location)
    row = await call.queries.booking_feed(call.company, location)
    if row is None:
        raise not_found()
    return row


def _feed_view(row: BookingFeedRow, url: str = "") -> BookingFeedView:
    return BookingFeedView(location_id=row.location, issued_at=row.issued_at, issued_by=row.by, url=url)


ENDPOINTS = (
    get_booking_rules,
    put_booking_rules,
    get_booking_feed,
    issue_booking_feed,
    withdraw_booking_feed,
)
