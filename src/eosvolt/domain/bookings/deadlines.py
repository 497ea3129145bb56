"""What falls due for a booking: a hold ends, the slot approaches, begins, is not used, or is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.domain.bookings.commands import PlugNow, ReachBookingDeadline
from eosvolt.domain.bookings.events import (
    BookingBegan,
    BookingCancelled,
    BookingEnded,
    BookingEvent,
    BookingMoved,
    HoldReleased,
    NoShowNoted,
    SlotApproached,
    SlotBegan,
)
from eosvolt.domain.bookings.state import Active, Booked, Booking, Held
from eosvolt.domain.bookings.values import BookingCancelReason, BookingEnd, HoldEnd

# How long a session that was asked to stop has for it, until the plug is looked at again.
STOPPED_WITHIN = timedelta(minutes=2)
# A booking that was moved is looked at again at once: its other plug may have a session.
MOVED_WITHIN = timedelta(seconds=1)


def reached(command: ReachBookingDeadline, booking: Booking) -> Sequence[BookingEvent]:
    """What follows from the time and from what is known of the plug; nothing before it is due."""
    at, plug = command.at, command.plug
    match booking:
        case Held(held_until=held_until) if at >= held_until:
            return [HoldReleased(at=at, reason=HoldEnd.EXPIRED)]
        case Booked(due_at=due_at) if due_at is not None and at >= due_at:
            return _of_booked(booking, at, plug)
        case Active(due_at=due_at, sessions=sessions) if due_at is not None and at >= due_at:
            stopped = plug.session if plug.session in sessions else ""
            return [BookingEnded(at=at, reason=BookingEnd.TIME_OVER, stopped=stopped)]
        case _:
            return []


def _of_booked(booking: Booked, at: datetime, plug: PlugNow) -> Sequence[BookingEvent]:
    choice, times = booking.choice, booking.times
    if at >= times.no_show_at:
        # The booker charges, though what was begun on demand should have been stopped, or elsewhere.
        begun = _begun(booking, at, plug)
        if begun:
            return begun
        reason = plug.failure or (BookingCancelReason.PLUG_TAKEN if plug.taken or plug.session else None)
        if reason is not None:
            return [BookingCancelled(at=at, reason=reason)]
        return [NoShowNoted(at=max(times.no_show_at, choice.since))]
    if plug.failure is not None:
        return _replaced(booking, at, plug, plug.failure) or [
            BookingCancelled(at=at, reason=plug.failure),
        ]
    if at < choice.since:
        return [SlotApproached(at=at, warned=_warned(booking, plug), due_at=choice.since)]
    begun = _begun(booking, at, plug) if choice.rules.on_demand_into_booking else []
    if begun:
        return begun
    if plug.session:
        # A charger that does not stop is asked again, each time after twice as long.
        due_at = min(times.no_show_at, at + max(STOPPED_WITHIN, at - choice.since))
        return [SlotBegan(at=at, stopped=plug.session, due_at=due_at)]
    if plug.taken:
        moved = _replaced(booking, at, plug, BookingCancelReason.PLUG_TAKEN)
        if moved:
            return moved
    return [SlotBegan(at=at, due_at=times.no_show_at)]


def _begun(booking: Booked, at: datetime, plug: PlugNow) -> Sequence[BookingEvent]:
    """The session that the booker began on demand is the booking's, also on another plug that will do."""
    choice, due_at = booking.choice, max(booking.times.stops_at, at)
    if plug.session and plug.of_booker:
        return [BookingBegan(session=plug.session, at=choice.since, due_at=due_at)]
    if plug.elsewhere is None:
        return []
    return [
        BookingMoved(plug=plug.elsewhere, previous_plug=choice.plug, at=at, due_at=booking.due_at),
        BookingBegan(session=plug.session_elsewhere, at=choice.since, due_at=due_at),
    ]


def _warned(booking: Booked, plug: PlugNow) -> str:
    """The session whose driver is told: not the booker's where it may run on."""
    runs_on = plug.of_booker and booking.choice.rules.on_demand_into_booking
    return "" if runs_on else plug.session


def _replaced(
    booking: Booked, at: datetime, plug: PlugNow, reason: BookingCancelReason
) -> Sequence[BookingEvent]:
    """Another plug of the kind, where one is free."""
    if not plug.others:
        return []
    before = booking.choice.plug
    return [
        BookingMoved(
            plug=plug.others[0], previous_plug=before, at=at, reason=reason, due_at=at + MOVED_WITHIN
        )
    ]
