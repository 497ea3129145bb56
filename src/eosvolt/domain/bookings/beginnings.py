"""Which sessions are those of a booking. A session is never refused here, because it has begun."""

from collections.abc import Sequence

from eosvolt.domain.bookings.commands import BeginBooking
from eosvolt.domain.bookings.events import BookingBegan, BookingEvent, BookingMoved
from eosvolt.domain.bookings.state import Active, Booked, Booking, Over, Times
from eosvolt.domain.bookings.values import BookingCancelReason

# Why a plug that the charger's start proves wrong was given up: the booking is the booker's after all.
_MISTAKEN = frozenset(
    {BookingCancelReason.CHARGER_FAULT, BookingCancelReason.CHARGER_OFFLINE, BookingCancelReason.NO_SHOW}
)


def began(command: BeginBooking, booking: Booking) -> Sequence[BookingEvent]:
    """What follows from a session of the booker's."""
    match booking:
        case Booked(choice=choice, times=times) if times.begins_from <= command.at < choice.until:
            due_at = max(times.stops_at, command.received_at)
            began = BookingBegan(session=command.session, at=command.at, due_at=due_at)
            if command.plug == choice.plug:
                return [began]
            moved = BookingMoved(
                plug=command.plug, previous_plug=choice.plug, at=command.at, due_at=booking.due_at
            )
            return [moved, began]
        case Active(choice=choice, times=times, sessions=sessions):
            if command.session in sessions or command.at >= choice.until:
                return []
            due_at = max(times.stops_at, command.received_at)
            return [BookingBegan(session=command.session, at=command.at, due_at=due_at)]
        case Over(reason=reason, times=Times() as times, at=over_at, choice=choice):
            # The charger tells late of a session that had begun before the booking was given up.
            known = command.session in booking.sessions
            if known or reason not in _MISTAKEN or not times.begins_from <= command.at < choice.until:
                return []
            if command.at >= over_at and reason is BookingCancelReason.NO_SHOW:
                return []
            due_at = max(times.stops_at, command.received_at)
            return [BookingBegan(session=command.session, at=command.at, due_at=due_at)]
        case _:
            return []
