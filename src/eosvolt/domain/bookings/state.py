"""The states of a booking, and how events change them."""

from datetime import datetime
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingEvent,
    BookingExtended,
    BookingMade,
    BookingMoved,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    PlanEvent,
    SlotApproached,
    SlotBegan,
    SlotHeld,
)
from eosvolt.domain.bookings.fee_events import FeeEvent
from eosvolt.domain.bookings.fees import NO_ACCOUNT, FeeAccount, after_fee
from eosvolt.domain.bookings.values import BookingCancelReason, BookingStatus, SlotChoice


class NoBooking(Struct, frozen=True):
    """There is none of this id."""


class Held(Struct, frozen=True):
    """A driver is choosing these slots."""

    choice: SlotChoice
    held_until: datetime


class Times(Struct, frozen=True):
    """When a booking can begin and has to end, and when it is a no-show; see ``BookingMade``."""

    begins_from: datetime
    no_show_at: datetime
    stops_at: datetime


class Booked(Struct, frozen=True):
    """Nobody charges yet. ``approached``: it was said that it begins soon; ``began``: that it began."""

    choice: SlotChoice
    times: Times
    due_at: datetime | None
    approached: bool = False
    began: bool = False
    fees: FeeAccount = NO_ACCOUNT


class Active(Struct, frozen=True):
    """The booker charges or has charged; the slots are not over. ``sessions`` are those of the booking."""

    choice: SlotChoice
    times: Times
    due_at: datetime | None
    sessions: tuple[str, ...]
    fees: FeeAccount = NO_ACCOUNT


class Over(Struct, frozen=True):
    """It is over since ``at``: completed, cancelled, a no-show, or never booked (``HELD``).

    ``reason`` is why it was cancelled.
    """

    choice: SlotChoice
    status: BookingStatus
    at: datetime
    times: Times | None = None
    reason: BookingCancelReason | None = None
    sessions: tuple[str, ...] = ()
    fees: FeeAccount = NO_ACCOUNT


Booking = NoBooking | Held | Booked | Active | Over
Known = Held | Booked | Active | Over


def status_of(booking: Known) -> BookingStatus:
    """The state as screens and the API name it."""
    match booking:
        case Held():
            return BookingStatus.HELD
        case Booked():
            return BookingStatus.BOOKED
        case Active():
            return BookingStatus.ACTIVE
        case Over(status=status):
            return status
        case _:
            assert_never(booking)


def fees_of(booking: Booking) -> FeeAccount:
    """What happened to the fee of a booking."""
    return booking.fees if isinstance(booking, Booked | Active | Over) else NO_ACCOUNT


def choice_of(event: SlotHeld | BookingMade) -> SlotChoice:
    """The slots that an event is about."""
    return SlotChoice(
        booking=event.booking,
        company=event.company,
        location=event.location,
        time_zone=event.time_zone,
        plug=event.plug,
        booker=event.booker,
        since=event.since,
        until=event.until,
        slots=event.slots,
        rules=event.rules,
        any_plug=event.any_plug,
        fee=event.fee,
    )


def evolve(booking: Booking, event: BookingEvent) -> Booking:
    """The booking after ``event``."""
    if not isinstance(booking, Booked | Active | Over):
        return booking if isinstance(event, FeeEvent) else _evolved(booking, event)
    if isinstance(event, FeeEvent):
        return replace(booking, fees=after_fee(booking.fees, event))
    after = _evolved(booking, event)
    # What was charged stays so, also where a booking that was given up is its driver's again.
    if isinstance(after, Booked | Active | Over) and after.fees is not booking.fees:
        return replace(after, fees=booking.fees)
    return after


def _evolved(booking: Booking, event: PlanEvent) -> Booking:
    match event:
        case SlotHeld(held_until=held_until):
            return Held(choice_of(event), held_until)
        case BookingMade(due_at=due_at):
            times = Times(event.begins_from, event.no_show_at, event.stops_at)
            return Booked(choice_of(event), times, due_at)
        case HoldReleased(at=at):
            return Over(booking.choice, BookingStatus.HELD, at) if isinstance(booking, Held) else booking
        case _ if isinstance(booking, NoBooking | Held):
            return booking
        case BookingRescheduled() | BookingExtended() | BookingMoved() | SlotApproached() | SlotBegan():
            return _changed(booking, event)
        case BookingBegan(session=session, due_at=due_at):
            return _begun(booking, session, due_at)
        case BookingEnded(at=at):
            return _over(booking, BookingStatus.COMPLETED, at)
        case BookingCancelled(at=at, reason=reason):
            return _over(booking, BookingStatus.CANCELLED, at, reason)
        case NoShowNoted(at=at):
            return _over(booking, BookingStatus.NO_SHOW, at, BookingCancelReason.NO_SHOW)
        case _:
            assert_never(event)


def _begun(booking: Booked | Active | Over, session: str, due_at: datetime | None) -> Booking:
    times, sessions = booking.times, () if isinstance(booking, Booked) else booking.sessions
    return booking if times is None else Active(booking.choice, times, due_at, (*sessions, session))


def _changed(
    booking: Booked | Active | Over,
    event: BookingRescheduled | BookingExtended | BookingMoved | SlotApproached | SlotBegan,
) -> Booking:
    match event, booking:
        case BookingRescheduled(), Booked(choice=choice):
            chosen = replace(
                choice,
                plug=event.plug,
                since=event.since,
                until=event.until,
                slots=event.slots,
                fee=event.fee,
            )
            times = Times(event.begins_from, event.no_show_at, event.stops_at)
            return Booked(chosen, times, event.due_at)
        case BookingExtended(), Booked(choice=choice, times=times) | Active(choice=choice, times=times):
            return replace(
                booking,
                choice=replace(choice, until=event.until, slots=event.slots, fee=event.fee),
                times=Times(times.begins_from, event.no_show_at, event.stops_at),
                due_at=event.due_at,
            )
        case BookingMoved(), Booked(choice=choice):
            return replace(booking, choice=replace(choice, plug=event.plug), due_at=event.due_at)
        case SlotApproached(), Booked():
            return replace(booking, approached=True, due_at=event.due_at)
        case SlotBegan(), Booked():
            return replace(booking, approached=True, began=True, due_at=event.due_at)
        case _:
            return booking


def _over(
    booking: Booked | Active | Over,
    status: BookingStatus,
    at: datetime,
    reason: BookingCancelReason | None = None,
) -> Booking:
    if isinstance(booking, Over):
        return booking
    sessions = booking.sessions if isinstance(booking, Active) else ()
    return Over(booking.choice, status, at, booking.times, reason, sessions)
