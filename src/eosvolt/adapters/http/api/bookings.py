"""``/bookings`` and ``/locations/{id}/slots``: which slots are free, and what is booked of them."""

from datetime import date, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from eosvolt.adapters.http.api.booking_rules import place_of
from eosvolt.adapters.http.api.booking_views import (
    BookingView,
    ExtensionRequest,
    MoveRequest,
    OperatorCancellation,
    PlugNumber,
    SlotCount,
    SlotsChoice,
    SlotView,
    booking_view,
    slot_views,
)
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.export_days import FIRST_YEAR, LAST_YEAR
from eosvolt.adapters.http.api.fresh_slots import with_slots
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    AsOf,
    AsOfInstant,
    Cursor,
    Instant,
    Items,
    Limit,
    ShortText,
    maybe_utc,
    utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_questions import BOOKING_SORTS, BookingFilter
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_inputs import BookingAnswer
from eosvolt.application.operations.booking_plans import (
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
    NewBookingInput,
)
from eosvolt.application.operations.operation import Operation
from eosvolt.application.questions import Unanswerable
from eosvolt.domain.bookings.values import Booker, BookingStatus, SlotUnavailable
from eosvolt.domain.tokens.uid import folded

_SORT = "|".join(f"-?{name}" for name in BOOKING_SORTS)
_STATES = frozenset(BookingStatus)


class SlotsQuery(ApiInput, frozen=True, kw_only=True):
    """The local date; with ``slots`` so many that follow each other, and for a plug its name."""

    date: date
    slots: SlotCount = 1
    charge_box_id: ShortText = ""
    plug: PlugNumber | None = None
    type: ShortText = ""


class BookingsQuery(ApiInput, frozen=True, kw_only=True):
    """A filter of bookings: ``since`` and ``until`` are instants, of which some time is booked in between.

    ``state`` is one state, or several with commas; slots that are only held are in the list with ``held``.
    """

    since: Instant | None = None
    until: Instant | None = None
    state: Annotated[str, Meta(max_length=100)] = ""
    location: ShortText = ""
    charger: ShortText = ""
    plug: PlugNumber | None = None
    token: ShortText = ""
    customer: ShortText = ""
    sort: Annotated[str, Meta(pattern=f"^({_SORT})$")] = "start"
    as_of: AsOfInstant = None
    limit: Limit = 50
    cursor: Cursor | None = None


class BookingRequest(SlotsChoice, frozen=True, kw_only=True):
    """Slots of a location for a customer or for a token: one of the two."""

    location_id: ShortText
    customer_id: ShortText = ""
    token: ShortText = ""


@endpoint("GET", "/locations/{location}/slots", needs=bookings.VIEW)
async def list_slots(call: ApiCall, location: str, query: SlotsQuery) -> Items[SlotView]:
    """The slots of a local day that can be booked now. `free` is empty where all plugs are taken."""
    await place_of(call, location)
    return Items(items=await slots_of(call, call.company, location, query))


@endpoint("GET", "/bookings", needs=bookings.VIEW)
async def list_bookings(call: ApiCall, query: BookingsQuery) -> Answer[Items[BookingView]]:
    """Bookings, the earliest first."""
    states = tuple(filter(None, query.state.split(",")))
    if unknown := [state for state in states if state not in _STATES]:
        raise invalid("?state", f"There is no state {unknown[0]}.")
    wanted = BookingFilter(
        since=maybe_utc(query.since, "?since"),
        until=maybe_utc(query.until, "?until"),
        states=states,
        location=query.location,
        charge_point=query.charger,
        connector=query.plug,
        token=folded(query.token),
        customer=query.customer,
    )
    try:
        page = await call.queries_as_of(query.as_of).bookings(
            call.company, wanted, sort=query.sort, cursor=query.cursor, limit=query.limit
        )
    except Unanswerable as refusal:
        raise invalid("?cursor", str(refusal)) from None
    views = [booking_view(row) for row in page.items]
    return Answer(Items(items=views, cursor=page.cursor), next_link(call.request, page.cursor))


@endpoint("POST", "/bookings", status=201, refusals=(404, 409), operation=bookings.book)
async def make_booking(call: ApiCall, body: BookingRequest) -> Answer[BookingView]:
    """Book slots for a customer or a token.

    409 where they are taken, with the `slots` of the day as the list of slots has them by now.
    """
    return await _chosen(call, bookings.book, body)


@endpoint("POST", "/bookings/holds", status=201, refusals=(404, 409), operation=bookings.hold)
async def hold_slots(call: ApiCall, body: BookingRequest) -> Answer[BookingView]:
    """Keep slots for five minutes for who is choosing. What was held for them before is free again.

    Confirm them by their `id` to book them. 409 as for a booking.
    """
    return await _chosen(call, bookings.hold, body)


@endpoint("GET", "/bookings/{booking}", needs=bookings.VIEW)
async def get_booking(call: ApiCall, booking: str, query: AsOf) -> BookingView:
    """One booking."""
    return await _one(call, booking, query.as_of)


@endpoint("POST", "/bookings/{booking}/confirm", refusals=(409,), operation=bookings.confirm)
async def confirm_booking(call: ApiCall, booking: str) -> BookingView:
    """Book slots that are held. 409 where they are not held any more, taken, or not offered by now."""
    await call.run(bookings.confirm, BookingById(booking=booking))
    return await _one(call, booking)


@endpoint("POST", "/bookings/{booking}/release", status=204, operation=bookings.release)
async def release_slots(call: ApiCall, booking: str) -> None:
    """Let others book slots that are held."""
    await call.run(bookings.release, BookingById(booking=booking))


@endpoint("POST", "/bookings/{booking}/reschedule", refusals=(409,), operation=bookings.reschedule)
async def reschedule_booking(call: ApiCall, booking: str, body: MoveRequest) -> BookingView:
    """Move a booking to other slots, by the rule by which it is made. 409 where they are taken."""
    wanted = BookingMove(
        booking=booking,
        since=utc(body.start, "/start"),
        slots=body.slots,
        charger=body.charge_box_id,
        plug=body.plug or 0,
    )
    await call.run(bookings.reschedule, wanted)
    return await _one(call, booking)


@endpoint("POST", "/bookings/{booking}/extend", refusals=(409,), operation=bookings.extend)
async def extend_booking(call: ApiCall, booking: str, body: ExtensionRequest) -> BookingView:
    """Add slots behind those of a booking, also while its driver charges."""
    await call.run(bookings.extend, BookingExtension(booking=booking, slots=body.slots))
    return await _one(call, booking)


@endpoint("POST", "/bookings/{booking}/cancel", refusals=(409,), operation=bookings.cancel)
async def cancel_booking(call: ApiCall, booking: str, body: OperatorCancellation) -> BookingView:
    """Cancel a booking of which nobody charges; its fee is not owed, or kept without `refund`."""
    wanted = BookingCancellation(booking=booking, note=body.reason, refund=body.refund)
    await call.run(bookings.cancel, wanted)
    return await _one(call, booking)


@endpoint("POST", "/bookings/{booking}/give-back", refusals=(409,), operation=bookings.give_back)
async def give_back_booking(call: ApiCall, booking: str) -> BookingView:
    """End a used booking before its time. A session that still charges is stopped."""
    await call.run(bookings.give_back, BookingById(booking=booking))
    return await _one(call, booking)


async def slots_of(
    call: ApiCall, company: int, location: str, query: SlotsQuery, booker: Booker | None = None
) -> list[SlotView]:
    """The slots of a day, for operators and for drivers: what is held for the ``booker`` is free for them."""
    if not FIRST_YEAR <= query.date.year <= LAST_YEAR:
        raise invalid("?date", f"This is a date in the years {FIRST_YEAR} to {LAST_YEAR}.")
    if query.plug and not query.charge_box_id:
        raise invalid("?plug", "A plug needs its charger.")
    wanted = OfferQuestion(
        location,
        query.date,
        query.date + timedelta(days=1),
        query.slots,
        PlugChoice(query.charge_box_id, query.plug or 0, query.type),
        booker=booker,
    )
    return slot_views(await call.dependencies.slot_offers.offers(company, wanted, call.now))


def _wanted(call: ApiCall, body: BookingRequest) -> NewBookingInput:
    return NewBookingInput(
        booking=call.new_id(),
        location=body.location_id,
        since=utc(body.start, "/start"),
        slots=body.slots,
        charger=body.charge_box_id,
        plug=body.plug or 0,
        type=body.type,
        customer=body.customer_id,
        token=body.token,
    )


async def _chosen(
    call: ApiCall, operation: Operation[NewBookingInput, BookingAnswer], body: BookingRequest
) -> Answer[BookingView]:
    wanted = _wanted(call, body)
    try:
        answer = await call.run(operation, wanted)
    except SlotUnavailable as refusal:
        raise await with_slots(call, call.company, wanted, refusal) from None
    view = await _one(call, answer.booking)
    return Answer(view, {"Location": f"/api/v1/bookings/{answer.booking}"})


async def _one(call: ApiCall, booking: str, as_of: datetime | None = None) -> BookingView:
    row = await call.queries_as_of(as_of).booking(call.company, booking)
    if row is None:
        raise not_found()
    return booking_view(row)


ENDPOINTS = (
    list_slots,
    list_bookings,
    make_booking,
    hold_slots,
    get_booking,
    confirm_booking,
    release_slots,
    reschedule_booking,
    extend_booking,
    cancel_booking,
    give_back_booking,
)
