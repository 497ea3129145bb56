"""The driver's bookings: a held slot is booked, and what is booked is changed, extended and cancelled."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.booking_names import BOOKING_STATES, CANCEL_REASONS, fee_of_added
from eosvolt.adapters.http.web.drive.driver_pages import DriverPages, DriverRequest, show_driver
from eosvolt.adapters.http.web.drive.view_models import (
    BookableSlots,
    DriverBookingPage,
    DriverBookingsPage,
    DriverMovePage,
)
from eosvolt.adapters.http.web.shell.booking_slots import (
    DayLink,
    day_links,
    last_day,
    lived_date,
    slot_count,
    slot_lines,
    start_of,
)
from eosvolt.adapters.http.web.shell.pages import redirect
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.booking_offers import OfferQuestion
from eosvolt.application.booking_slots import PlugChoice
from eosvolt.application.operations import driving_bookings as driving
from eosvolt.application.operations.driving_bookings import (
    DriverBooking,
    DriverBookingCancellation,
    DriverBookingExtension,
    DriverBookingMove,
)
from eosvolt.application.operations.operation import I, InvalidValue, Operation
from eosvolt.application.questions import Unanswerable
from eosvolt.domain.bookings.fees import refund_until
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.bookings import BookingRow
from eosvolt.projections.locations import LocationRow

_BOOKINGS = "/drive/bookings"
_ONE = f"{_BOOKINGS}/{{booking}}"
_AT_ONCE = 30
_DAY = timedelta(days=1)


def booking_routes(pages: DriverPages) -> list[Route]:
    """``/drive/bookings``."""
    return [
        pages.get(_BOOKINGS, listed),
        pages.get(_ONE, one),
        pages.post(f"{_ONE}/confirm", confirm, driving.confirm),
        pages.post(f"{_ONE}/release", release, driving.release),
        pages.form(f"{_ONE}/change", ask_move, move, operation=driving.reschedule),
        pages.post(f"{_ONE}/extend", extend, driving.extend),
        pages.post(f"{_ONE}/cancel", cancel, driving.cancel),
        pages.post(f"{_ONE}/give-back", give_back, driving.give_back),
    ]


async def listed(request: DriverRequest) -> Response:
    """The driver's bookings: those to come, and those that are over."""
    customers = await request.dependencies.drivers.customers(request.driver)
    queries = request.dependencies.driver_queries
    cursor = request.query("cursor") or None
    try:
        over = await queries.bookings(customers, over=True, cursor=cursor, limit=_AT_ONCE)
    except Unanswerable as refusal:
        raise Problem(422, translated(refusal)) from None
    coming = None if cursor else await queries.bookings(customers, over=False, cursor=None, limit=100)
    rows = [*(coming.items if coming else ()), *over.items]
    model = DriverBookingsPage(
        coming=() if coming is None else coming.items,
        over=over.items,
        names=await _names(request, rows),
        states=BOOKING_STATES,
        following=f"{_BOOKINGS}?cursor={quote(over.cursor)}" if over.cursor else "",
    )
    return await show_driver(request, model, tab="bookings")


async def one(request: DriverRequest) -> Response:
    """A booking, or a slot that is held, with what can be done with it."""
    return await _one(request, await _own(request))


async def confirm(request: DriverRequest) -> Response:
    """Book the slot that is held."""
    row = await _own(request)
    wanted = DriverBooking(booking=row.id, email=request.driver.email)
    return await _done(request, row, driving.confirm, wanted, gettext("Booked."))


async def release(request: DriverRequest) -> Response:
    """Let the held slot go, and choose another one."""
    row = await _own(request)
    wanted = DriverBooking(booking=row.id, email=request.driver.email)
    await request.run_at(row.company, driving.release, wanted)
    day = local_date(row.since, row.time_zone).isoformat()
    return redirect(f"{_place_address(row)}/book?date={day}&slots={row.slots}")


async def ask_move(request: DriverRequest) -> Response:
    """The slots to which the booking can be moved."""
    return await _move(request, await _own(request), request.query("date"))


async def move(request: DriverRequest) -> Response:
    """Move the booking to another slot."""
    row = await _own(request)
    since, day = start_of(request.form_value("start")), request.form_value("date")
    if since is None:
        return await _move(request, row, day, gettext("Choose a slot."))
    wanted = DriverBookingMove(booking=row.id, email=request.driver.email, since=since)
    try:
        await request.run_at(row.company, driving.reschedule, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _move(request, row, day, translated(refusal))
    return redirect(_address(row), gettext("Changed."))


async def extend(request: DriverRequest) -> Response:
    """Add a slot behind those that it has."""
    row = await _own(request)
    slots = slot_count(request.form_value("slots"), row.slots + 1)
    wanted = DriverBookingExtension(booking=row.id, email=request.driver.email, slots=slots)
    return await _done(request, row, driving.extend, wanted, gettext("Extended."))


async def cancel(request: DriverRequest) -> Response:
    """Cancel the booking."""
    row = await _own(request)
    # The page said that the fee is not charged: it is asked for again where it would be by now.
    wanted = DriverBookingCancellation(
        booking=row.id,
        email=request.driver.email,
        only_with_refund=request.form_value("fee") != "kept",
    )
    return await _done(request, row, driving.cancel, wanted, gettext("Cancelled."))


async def give_back(request: DriverRequest) -> Response:
    """End the booking before its time."""
    row = await _own(request)
    wanted = DriverBooking(booking=row.id, email=request.driver.email)
    return await _done(
        request, row, driving.give_back, wanted, gettext("The rest of the slot is free for others.")
    )


async def _done(
    request: DriverRequest, row: BookingRow, operation: Operation[I, Any], wanted: I, said: str
) -> Response:
    """Back to the booking, which says that it is done; or the booking with the reason why not."""
    try:
        await request.run_at(row.company, operation, wanted)
    except (InvalidValue, Rejected) as refusal:
        return await _one(request, row, translated(refusal))
    return redirect(_address(row), said)


async def _one(request: DriverRequest, row: BookingRow, problem: str = "") -> Response:
    place = await request.dependencies.queries.location(row.company, row.location)
    length = (row.until - row.since) / row.slots
    before = row.since - request.now
    free_until = refund_until(row.since, row.cancel_minutes)
    model = DriverBookingPage(
        row=row,
        place=place,
        states=BOOKING_STATES,
        reasons=CANCEL_REASONS,
        problem=problem,
        held=row.state == "held" and row.held_until is not None and row.held_until > request.now,
        may_change=before > timedelta() and before >= timedelta(minutes=row.change_minutes),
        may_cancel=before > timedelta(),
        refund_until=free_until,
        fee_kept=request.now > free_until and row.fee is not None and row.fee.minor > 0,
        may_start=row.begins_from is not None and row.begins_from <= request.now < row.until,
        longer_until=row.until + length,
        longer_fee=fee_of_added(row, 1, request.now),
    )
    return await show_driver(request, model, status=409 if problem else 200, tab="bookings")


async def _move(request: DriverRequest, row: BookingRow, day_text: str, problem: str = "") -> Response:
    place = await request.dependencies.queries.location(row.company, row.location)
    if place is None or place.removed:
        raise not_found()
    today = local_date(request.now, row.time_zone)
    day = lived_date(day_text, max(today, local_date(row.since, row.time_zone)))
    choice = PlugChoice(type=row.plug_type) if row.any_plug else PlugChoice(row.charge_point, row.connector)
    wanted = OfferQuestion(row.location, day, day + _DAY, row.slots, choice, besides=row.id)
    offers = await request.dependencies.slot_offers.offers(row.company, wanted, request.now)
    model = DriverMovePage(
        row=row,
        place=place,
        offered=BookableSlots(
            days=_days(row, place, today, day), slots=slot_lines(offers, row.time_zone), start=""
        ),
        date=day.isoformat(),
        problem=problem,
    )
    return await show_driver(request, model, status=409 if problem else 200, tab="bookings")


def _days(row: BookingRow, place: LocationRow, today: date, day: date) -> list[DayLink]:
    return day_links(today, day, last_day(place.booking, today), f"{_address(row)}/change?date=")


async def _own(request: DriverRequest) -> BookingRow:
    customers = await request.dependencies.drivers.customers(request.driver)
    row = await request.dependencies.driver_queries.booking(customers, request.path_parameter("booking"))
    if row is None:
        raise not_found(gettext("There is no such booking, or the slot is not held any more."))
    return row


async def _names(request: DriverRequest, rows: list[BookingRow]) -> dict[str, str]:
    """The names of the locations of bookings, by their ids."""
    names: dict[str, str] = {}
    for row in rows:
        if row.location not in names:
            there = await request.dependencies.queries.location(row.company, row.location)
            names[row.location] = row.charge_point if there is None else there.name
    return names


def _address(row: BookingRow) -> str:
    return f"{_BOOKINGS}/{quote(row.id, safe='')}"


def _place_address(row: BookingRow) -> str:
    return f"/drive/locations/{row.company}/{quote(row.location, safe='')}"
