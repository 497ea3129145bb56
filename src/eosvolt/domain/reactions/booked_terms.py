"""A booking that ends later or earlier than it did moves the blocking fee of its sessions."""

from datetime import datetime, timedelta

from eosvolt.domain.bookings.events import BookingEnded, BookingExtended
from eosvolt.domain.bookings.state import Active, Booking, Over
from eosvolt.domain.bookings.values import BookingEnd
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.reaction import ReactionContext
from eosvolt.domain.sessions.commands import ChangeBookedTerms
from eosvolt.domain.sessions.decider import sessions


def move_later(event: BookingExtended, context: ReactionContext) -> list[CommandEnvelope]:
    """The blocking fee begins after the end that the booking has now."""
    return _moved(context.after, event.until, context.now)


def move_earlier(event: BookingEnded, context: ReactionContext) -> list[CommandEnvelope]:
    """The time that was given back is booked no more."""
    if event.reason is not BookingEnd.GIVEN_BACK:
        return []
    return _moved(context.after, event.at, context.now)


def _moved(booking: Booking, until: datetime, at: datetime) -> list[CommandEnvelope]:
    if not isinstance(booking, Active | Over):
        return []
    rules = booking.choice.rules
    if rules.blocking_fee is None:
        return []
    ends = min(until, booking.choice.until) + timedelta(minutes=rules.grace_minutes)
    change = ChangeBookedTerms(at=at, fee_begins_at=ends)
    return [CommandEnvelope(sessions, session, change) for session in booking.sessions]
