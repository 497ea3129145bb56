"""The rules of a booking: hold, make, change, cancel, begin, end, and what falls due.

That nobody else has the time is decided by the calendar of the plug, that the driver has no other booking by
the booker; both follow in the same commit (``reactions/bookings.py``). That the slots are offered is for
whoever sends the commands to ask (``slots.py``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from msgspec.structs import replace

from eosvolt.domain.bookings.beginnings import began
from eosvolt.domain.bookings.cancellations import cancelled, not_changeable
from eosvolt.domain.bookings.commands import (
    BeginBooking,
    BookingCommand,
    CancelBooking,
    EndBooking,
    ExtendBooking,
    HoldSlot,
    MakeBooking,
    ReachBookingDeadline,
    ReleaseHold,
    RescheduleBooking,
)
from eosvolt.domain.bookings.deadlines import reached
from eosvolt.domain.bookings.events import (
    BookingCancelled,
    BookingEnded,
    BookingEvent,
    BookingExtended,
    BookingMade,
    BookingRescheduled,
    HoldReleased,
    NoShowNoted,
    SlotHeld,
)
from eosvolt.domain.bookings.fee_commands import InvoiceBooking, IssueBookingReceipt, RefundBookingFee
from eosvolt.domain.bookings.fees import charged, decide_fee, extended_fee, moved_fee
from eosvolt.domain.bookings.state import (
    Active,
    Booked,
    Booking,
    Held,
    NoBooking,
    Over,
    Times,
    evolve,
    fees_of,
)
from eosvolt.domain.bookings.values import BookingEnd, BookingStatus, SlotChoice
from eosvolt.domain.kernel import Decider, Rejected

HOLD = timedelta(minutes=5)
# How long before a slot its plug is looked at, and the driver of another session on it is warned.
LOOK_AHEAD = timedelta(minutes=15)


def decide(command: BookingCommand, booking: Booking) -> Sequence[BookingEvent]:
    """What happens. Raises ``Rejected`` with a sentence for who wanted it."""
    events = _decide(command, booking)
    return [*events, *_fee_of(booking, events)]


def _fee_of(booking: Booking, events: Sequence[BookingEvent]) -> Sequence[BookingEvent]:
    """The fee of a booking that these events end."""
    match events, bookings.fold(events, booking):
        case [*_, BookingEnded() | NoShowNoted() | BookingCancelled(fee_kept=True)], Over() as over:
            return charged(over.choice, over.fees, over.status, over.at)
        case _:
            return []


def _decide(command: BookingCommand, booking: Booking) -> Sequence[BookingEvent]:
    match command:
        case RefundBookingFee() | IssueBookingReceipt() | InvoiceBooking():
            return decide_fee(command, fees_of(booking))
        case HoldSlot(choice=choice, at=at):
            return [_held(choice, at)] if isinstance(booking, NoBooking) else []
        case ReleaseHold(at=at, reason=reason):
            return [HoldReleased(at=at, reason=reason)] if isinstance(booking, Held) else []
        case MakeBooking():
            return _made(command, booking)
        case RescheduleBooking():
            return _rescheduled(command, booking)
        case ExtendBooking():
            return _extended(command, booking)
        case BeginBooking():
            return began(command, booking)
        case EndBooking():
            return _ended(command, booking)
        case CancelBooking():
            return cancelled(command, booking)
        case ReachBookingDeadline():
            return reached(command, booking)
        case _:
            assert_never(command)


def _held(choice: SlotChoice, at: datetime) -> SlotHeld:
    held_until = at + HOLD
    return SlotHeld(
        booking=choice.booking,
        company=choice.company,
        location=choice.location,
        time_zone=choice.time_zone,
        plug=choice.plug,
        booker=choice.booker,
        since=choice.since,
        until=choice.until,
        slots=choice.slots,
        at=at,
        held_until=held_until,
        rules=choice.rules,
        any_plug=choice.any_plug,
        due_at=held_until,
        fee=choice.fee,
    )


def _made(command: MakeBooking, booking: Booking) -> Sequence[BookingEvent]:
    match booking:
        case NoBooking():
            choice = command.choice
        case Held(choice=choice):
            if command.at >= choice.since:
                raise Rejected("This slot has begun already.")
        case Over(status=BookingStatus.HELD):
            raise Rejected("The slot is not held any more: choose again.")
        case _:
            return []
    times = times_of(choice)
    return [
        BookingMade(
            booking=choice.booking,
            company=choice.company,
            location=choice.location,
            time_zone=choice.time_zone,
            plug=choice.plug,
            booker=choice.booker,
            since=choice.since,
            until=choice.until,
            slots=choice.slots,
            at=command.at,
            rules=choice.rules,
            begins_from=times.begins_from,
            no_show_at=times.no_show_at,
            stops_at=times.stops_at,
            any_plug=choice.any_plug,
            due_at=_look_at(choice, command.at),
            fee=choice.fee,
        )
    ]


def times_of(choice: SlotChoice) -> Times:
    """When a booking of these slots can begin and has to end, and when it is a no-show."""
    rules = choice.rules
    no_show_at = choice.until
    if rules.auto_cancel_minutes is not None:
        no_show_at = min(choice.until, choice.since + timedelta(minutes=rules.auto_cancel_minutes))
    return Times(
        choice.since - timedelta(minutes=rules.early_start_minutes),
        no_show_at,
        choice.until + timedelta(minutes=rules.late_stop_minutes),
    )


def _look_at(choice: SlotChoice, at: datetime) -> datetime:
    return max(at, choice.since - LOOK_AHEAD)


def _rescheduled(command: RescheduleBooking, booking: Booking) -> Sequence[BookingEvent]:
    if not isinstance(booking, Booked):
        raise Rejected(not_changeable(booking))
    choice = booking.choice
    chosen = replace(choice, plug=command.plug, since=command.since, until=command.until, slots=command.slots)
    if chosen == choice:
        return []
    if command.at >= choice.since:
        raise Rejected("The booked time has begun: it cannot be moved any more.")
    if command.by_driver:
        _check_change(choice, command.at)
    times = times_of(chosen)
    return [
        BookingRescheduled(
            plug=chosen.plug,
            since=chosen.since,
            until=chosen.until,
            slots=chosen.slots,
            at=command.at,
            begins_from=times.begins_from,
            no_show_at=times.no_show_at,
            stops_at=times.stops_at,
            previous_plug=choice.plug,
            previous_since=choice.since,
            previous_until=choice.until,
            due_at=_look_at(chosen, command.at),
            fee=moved_fee(choice, chosen, command.at),
        )
    ]


def _extended(command: ExtendBooking, booking: Booking) -> Sequence[BookingEvent]:
    if not isinstance(booking, Booked | Active):
        raise Rejected(not_changeable(booking))
    choice = booking.choice
    if command.until == choice.until and command.slots == choice.slots:
        return []
    if command.until < choice.until:
        raise Rejected("Extending adds slots: it takes none away.")
    if command.at >= choice.until:
        raise Rejected("The booking is over.")
    if booking.fees.charged is not None:
        raise Rejected("The fee of this booking is charged already: make another booking.")
    if command.by_driver and isinstance(booking, Booked):
        if command.at >= choice.since:
            raise Rejected("The booked time has begun: it can be extended once the car charges.")
        _check_change(choice, command.at)
    chosen = replace(choice, until=command.until, slots=command.slots)
    times = times_of(chosen)
    if isinstance(booking, Active):
        due_at: datetime | None = times.stops_at
    elif booking.began and booking.due_at == booking.times.no_show_at:
        due_at = times.no_show_at
    else:
        due_at = booking.due_at
    return [
        BookingExtended(
            until=command.until,
            slots=command.slots,
            at=command.at,
            no_show_at=times.no_show_at,
            stops_at=times.stops_at,
            previous_until=choice.until,
            due_at=due_at,
            fee=extended_fee(choice, command.slots, command.at),
        )
    ]


def _ended(command: EndBooking, booking: Booking) -> Sequence[BookingEvent]:
    match booking:
        case Active(sessions=sessions):
            stopped = command.session if command.session in sessions else ""
            return [BookingEnded(at=command.at, reason=BookingEnd.GIVEN_BACK, stopped=stopped)]
        case Booked():
            raise Rejected("Nobody has charged yet: cancel the booking instead.")
        case Over(status=BookingStatus.COMPLETED):
            return []
        case _:
            raise Rejected(not_changeable(booking))


def _check_change(choice: SlotChoice, at: datetime) -> None:
    minutes = choice.rules.change_minutes
    if at > choice.since - timedelta(minutes=minutes):
        raise Rejected(
            f"A booking is changed at least {minutes} minutes before it begins. It can still be cancelled."
        )


bookings: Decider[BookingCommand, Booking, BookingEvent] = Decider("booking", NoBooking(), decide, evolve)
