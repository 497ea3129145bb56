"""``/driver/bookings`` and the slots of locations: what drivers book for themselves."""

from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api.booking_views import (
    BookingView,
    DriverCancellation,
    ExtensionRequest,
    MoveRequest,
    SlotsChoice,
    SlotView,
    booking_view,
)
from eosvolt.adapters.http.api.bookings import SlotsQuery, slots_of
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.fresh_slots import with_slots
from eosvolt.adapters.http.framework.api_types import ApiInput, Cursor, Items, Limit, ShortText, utc
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.driving import company_of, seen_place
from eosvolt.application.operations import driving_bookings as driving
from eosvolt.application.operations.booking_inputs import BookingAnswer
from eosvolt.application.operations.driving import DRIVE
from eosvolt.application.operations.driving_bookings import (
    DriverBooking,
    DriverBookingCancellation,
    DriverBookingExtension,
    DriverBookingMove,
    DriverSlots,
)
from eosvolt.application.operations.operation import Operation
from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.projections.bookings import BookingRow


class DriverBookingRequest(SlotsChoice, frozen=True, kw_only=True):
    """Slots of a location, as its slots for drivers name them."""

    company: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    location_id: ShortText


class OwnBookingsQuery(ApiInput, frozen=True, kw_only=True):
    """A page of the driver's bookings: those that are ``over``, or the others."""

    over: Literal["true", "false"] = "false"
    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("GET", "/driver/locations/{company}/{location}/slots", everybody=True)
async def list_driver_slots(call: ApiCall, company: str, location: str, query: SlotsQuery) -> Items[SlotView]:
    """The slots of a local day that can be booked now; what the driver holds already is free for the driver.

    404 for a location that the driver may not see.
    """
    number = company_of(company)
    found = await call.dependencies.driver_queries.location(number, location)
    seen = await seen_place(call.dependencies, call.identity.driver, found, call.now)
    if seen is None:
        raise not_found()
    return Items(items=await slots_of(call, number, location, query, seen.booker))


@endpoint("GET", "/driver/bookings", needs=DRIVE)
async def list_own_bookings(call: ApiCall, query: OwnBookingsQuery) -> Answer[Items[BookingView]]:
    """The driver's bookings at all companies: those to come by their start, those that are over backwards."""
    customers = await call.dependencies.drivers.customers(call.driver)
    page = await call.dependencies.driver_queries.bookings(
        customers, over=query.over == "true", cursor=query.cursor, limit=query.limit
    )
    views = [booking_view(row) for row in page.items]
    return Answer(Items(items=views, cursor=page.cursor), next_link(call.request, page.cursor))


@endpoint("POST", "/driver/bookings", status=201, refusals=(409,), operation=driving.book)
async def make_own_booking(call: ApiCall, body: DriverBookingRequest) -> Answer[BookingView]:
    """Book slots.

    409 where they are taken, with the `slots` of the day as the list of slots has them by now, and where the
    operator does not know the driver.
    """
    return await _chosen(call, driving.book, body)


@endpoint("POST", "/driver/bookings/holds", status=201, refusals=(409,), operation=driving.hold)
async def hold_own_slots(call: ApiCall, body: DriverBookingRequest) -> Answer[BookingView]:
    """Keep slots for five minutes while the driver chooses. What was held before is free again.

    409 as for a booking.
    """
    return await _chosen(call, driving.hold, body)


@endpoint("GET", "/driver/bookings/{booking}", needs=DRIVE)
async def get_own_booking(call: ApiCall, booking: str) -> BookingView:
    """A booking of the driver's."""
    return booking_view(await _own(call, booking))


@endpoint("POST", "/driver/bookings/{booking}/confirm", refusals=(409,), operation=driving.confirm)
async def confirm_own_booking(call: ApiCall, booking: str) -> BookingView:
    """Book the slots that are held. 409 where they are not held any more, taken, or not offered by now."""
    row = await _own(call, booking)
    wanted = DriverBooking(booking=booking, email=call.driver.email)
    await call.run_at(row.company, driving.confirm, wanted)
    return booking_view(await _own(call, booking))


@endpoint("POST", "/driver/bookings/{booking}/release", status=204, operation=driving.release)
async def release_own_slots(call: ApiCall, booking: str) -> None:
    """Let others book the slots that are held."""
    row = await _own(call, booking)
    wanted = DriverBooking(booking=booking, email=call.driver.email)
    await call.run_at(row.company, driving.release, wanted)


@endpoint("POST", "/driver/bookings/{booking}/reschedule", refusals=(409,), operation=driving.reschedule)
async def reschedule_own_booking(call: ApiCall, booking: str, body: MoveRequest) -> BookingView:
    """Move a booking to other slots. 409 where they are taken, or where it is too late."""
    row = await _own(call, booking)
    wanted = DriverBookingMove(
        booking=booking,
        email=call.driver.email,
        since=utc(body.start, "/start"),
        slots=body.slots,
        charger=body.charge_box_id,
        plug=body.plug or 0,
    )
    await call.run_at(row.company, driving.reschedule, wanted)
    return booking_view(await _own(call, booking))


@endpoint("POST", "/driver/bookings/{booking}/extend", refusals=(409,), operation=driving.extend)
async def extend_own_booking(call: ApiCall, booking: str, body: ExtensionRequest) -> BookingView:
    """Add slots behind those of a booking, also while the driver charges."""
    row = await _own(call, booking)
    wanted = DriverBookingExtension(booking=booking, email=call.driver.email, slots=body.slots)
    await call.run_at(row.company, driving.extend, wanted)
    return booking_view(await _own(call, booking))


@endpoint("POST", "/driver/bookings/{booking}/cancel", refusals=(409,), operation=driving.cancel)
async def cancel_own_booking(call: ApiCall, booking: str, body: DriverCancellation) -> BookingView:
    """Cancel a booking until it begins. After its ``refundUntil`` the fee is owed: ``feeOwedAt`` says so.

    409 where it has begun, and with ``onlyWithRefund`` where the fee would be kept.
    """
    row = await _own(call, booking)
    wanted = DriverBookingCancellation(
        booking=booking,
        email=call.driver.email,
        note=body.reason,
        only_with_refund=body.only_with_refund,
    )
    await call.run_at(row.company, driving.cancel, wanted)
    return booking_view(await _own(call, booking))


@endpoint("POST", "/driver/bookings/{booking}/give-back", refusals=(409,), operation=driving.give_back)
async def give_back_own_booking(call: ApiCall, booking: str) -> BookingView:
    """End a used booking before its time. A session that still charges is stopped."""
    row = await _own(call, booking)
    wanted = DriverBooking(booking=booking, email=call.driver.email)
    await call.run_at(row.company, driving.give_back, wanted)
    return booking_view(await _own(call, booking))


async def _unavailable(
    call: ApiCall, company: int, wanted: DriverSlots, refusal: SlotUnavailable
) -> Exception:
    """The refusal with the slots of the day, for a driver who may see the location."""
    found = await call.dependencies.driver_queries.location(company, wanted.location)
    seen = await seen_place(call.dependencies, call.identity.driver, found, call.now)
    return refusal if seen is None else await with_slots(call, company, wanted, refusal, seen.booker)


def _wanted(call: ApiCall, body: DriverBookingRequest) -> DriverSlots:
    return DriverSlots(
        email=call.driver.email,
        booking=call.new_id(),
        location=body.location_id,
        since=utc(body.start, "/start"),
        slots=body.slots,
        charger=body.charge_box_id,
        plug=body.plug or 0,
        type=body.type,
    )


async def _chosen(
    call: ApiCall, operation: Operation[DriverSlots, BookingAnswer], body: DriverBookingRequest
) -> Answer[BookingView]:
    wanted = _wanted(call, body)
    try:
        answer = await call.run_at(body.company, operation, wanted)
    except SlotUnavailable as refusal:
        raise await _unavailable(call, body.company, wanted, refusal) from None
    view = booking_view(await _own(call, answer.booking))
    return Answer(view, {"Location": f"/api/v1/driver/bookings/{answer.booking}"})


async def _own(call: ApiCall, booking: str) -> BookingRow:
    customers = await call.dependencies.drivers.customers(call.driver)
    row = await call.dependencies.driver_queries.booking(customers, booking)
    if row is None:
        raise not_found()
    return row


ENDPOINTS = (
    list_driver_slots,
    list_own_bookings,
    make_own_booking,
    hold_own_slots,
    get_own_booking,
    confirm_own_booking,
    release_own_slots,
    reschedule_own_booking,
    extend_own_booking,
    cancel_own_booking,
    give_back_own_booking,
)
