"""The plans of operations on bookings, which operators and drivers share: one rule for all of them.

Create, reschedule and extend ask the same slots (``SlotPlan.run``) and the same calendars.
"""

from typing import Any

from msgspec.structs import replace

from eosvolt.application.booking_slots import slot_plan
from eosvolt.application.executor import Plan
from eosvolt.application.operations.booking_choice import (
    booker_of,
    check_still_offered,
    chosen_slots,
    plug_for_move,
    replaced_holds,
)
from eosvolt.application.operations.booking_inputs import (
    BookingAnswer,
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
    NewBookingInput,
    SlotsInput,
)
from eosvolt.application.operations.locations import known_location
from eosvolt.application.operations.operation import InvalidValue, OperationContext
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.commands import (
    CancelBooking,
    EndBooking,
    ExtendBooking,
    HoldSlot,
    MakeBooking,
    ReleaseHold,
    RescheduleBooking,
)
from eosvolt.domain.bookings.decider import HOLD, bookings
from eosvolt.domain.bookings.fees import extended_fee, moved_fee
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.bookings.state import Active, Held, Known, NoBooking, status_of
from eosvolt.domain.bookings.values import (
    BookedPlug,
    Booker,
    BookingCancelReason,
    BookingStatus,
    SlotChoice,
)
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging

__all__ = [
    "BookingAnswer",
    "BookingById",
    "BookingCancellation",
    "BookingExtension",
    "BookingMove",
    "NewBookingInput",
    "SlotsInput",
    "booker_of",
]


async def known_booking(context: OperationContext, booking: str) -> Known:
    """A booking or held slot of the company. Raises ``NotThere``."""
    state = await context.state(bookings, booking)
    if isinstance(state, NoBooking):
        raise NotThere
    return state


async def held(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> Plan[BookingAnswer]:
    """The plan that holds slots for a driver."""
    before = await context.state(bookings, wanted.booking)
    if not isinstance(before, NoBooking):
        return Plan((), answer_of(before))
    choice = await chosen_slots(context, wanted, booker)
    command = HoldSlot(choice=choice, at=context.at)
    envelopes = [
        *await replaced_holds(context, booker),
        CommandEnvelope(bookings, wanted.booking, command),
    ]
    answer = BookingAnswer(wanted.booking, BookingStatus.HELD, choice, context.at + HOLD)
    return Plan(envelopes, answer)


async def booked(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> Plan[BookingAnswer]:
    """The plan that books slots for a driver."""
    before = await context.state(bookings, wanted.booking)
    if not isinstance(before, NoBooking):
        return Plan((), answer_of(before))
    choice = await chosen_slots(context, wanted, booker)
    command = MakeBooking(choice=choice, at=context.at)
    envelopes = [
        *await replaced_holds(context, booker),
        CommandEnvelope(bookings, wanted.booking, command),
    ]
    return Plan(envelopes, BookingAnswer(wanted.booking, BookingStatus.BOOKED, choice))


async def confirmed(context: OperationContext, booking: str) -> Plan[BookingAnswer]:
    """The plan that books what is held, if it could still be chosen."""
    state = await known_booking(context, booking)
    if isinstance(state, Held):
        await check_still_offered(context, state.choice)
    command = MakeBooking(choice=state.choice, at=context.at)
    answer = (
        BookingAnswer(booking, BookingStatus.BOOKED, state.choice)
        if isinstance(state, Held)
        else answer_of(state)
    )
    return Plan((CommandEnvelope(bookings, booking, command),), answer)


async def released(context: OperationContext, booking: str) -> Plan[None]:
    """The plan that lets a held slot go."""
    await known_booking(context, booking)
    return Plan((CommandEnvelope(bookings, booking, ReleaseHold(at=context.at)),), None)


async def rescheduled(
    context: OperationContext, wanted: BookingMove, *, by_driver: bool
) -> Plan[BookingAnswer]:
    """The plan that moves a booking."""
    state = await known_booking(context, wanted.booking)
    choice = state.choice
    place = await known_location(context, choice.location)
    slots = choice.slots if wanted.slots is None else wanted.slots
    plan = slot_plan(place)
    had = Slot(choice.since, choice.until)
    time = had
    if (wanted.since, slots) != (choice.since, choice.slots):
        time = plan.run(wanted.since, slots, context.at, besides=had)
    plug = await plug_for_move(context, wanted, choice, time)
    command = RescheduleBooking(
        plug=plug,
        since=time.since,
        until=time.until,
        slots=slots,
        at=context.at,
        by_driver=by_driver,
    )
    moved = _with(choice, plug, time, slots)
    moved = replace(moved, fee=moved_fee(choice, moved, context.at))
    return Plan(
        (CommandEnvelope(bookings, wanted.booking, command),),
        BookingAnswer(wanted.booking, status_of(state), moved),
    )


async def extended(
    context: OperationContext, wanted: BookingExtension, *, by_driver: bool
) -> Plan[BookingAnswer]:
    """The plan that adds slots to a booking."""
    state = await known_booking(context, wanted.booking)
    choice = state.choice
    added = wanted.slots - choice.slots
    until = choice.until
    if added < 0:
        raise InvalidValue("slots", "Extending adds slots: it takes none away.")
    if added:
        place = await known_location(context, choice.location)
        end = Slot(choice.until, choice.until)
        until = slot_plan(place).run(choice.until, added, context.at, besides=end).until
    command = ExtendBooking(until=until, slots=wanted.slots, at=context.at, by_driver=by_driver)
    longer = _with(choice, choice.plug, Slot(choice.since, until), wanted.slots)
    longer = replace(longer, fee=extended_fee(choice, wanted.slots, context.at))
    return Plan(
        (CommandEnvelope(bookings, wanted.booking, command),),
        BookingAnswer(wanted.booking, status_of(state), longer),
    )


async def cancelled(
    context: OperationContext, wanted: BookingCancellation, reason: BookingCancelReason
) -> Plan[BookingAnswer]:
    """The plan that cancels a booking, or lets a held slot go."""
    state = await known_booking(context, wanted.booking)
    if isinstance(state, Held):
        command: ReleaseHold | CancelBooking = ReleaseHold(at=context.at)
        answer = BookingAnswer(wanted.booking, BookingStatus.HELD, state.choice, context.at)
    else:
        keep_fee = not wanted.refund and reason is BookingCancelReason.BY_OPERATOR
        command = CancelBooking(
            at=context.at,
            reason=reason,
            note=wanted.note,
            keep_fee=keep_fee,
            only_with_refund=wanted.only_with_refund,
        )
        answer = BookingAnswer(wanted.booking, BookingStatus.CANCELLED, state.choice)
    return Plan((CommandEnvelope(bookings, wanted.booking, command),), answer)


async def given_back(context: OperationContext, booking: str) -> Plan[BookingAnswer]:
    """The plan that ends a used booking before its time."""
    state = await known_booking(context, booking)
    running = ""
    if isinstance(state, Active):
        for session in state.sessions:
            charging: Any = await context.state(sessions, session)
            running = session if isinstance(charging, Charging) else running
    command = EndBooking(at=context.at, session=running)
    answer = BookingAnswer(booking, BookingStatus.COMPLETED, state.choice)
    return Plan((CommandEnvelope(bookings, booking, command),), answer)


def answer_of(state: Known) -> BookingAnswer:
    """What is answered about a booking that is as it is."""
    held_until = state.held_until if isinstance(state, Held) else None
    return BookingAnswer(state.choice.booking, status_of(state), state.choice, held_until)


def _with(choice: SlotChoice, plug: BookedPlug, time: Slot, slots: int) -> SlotChoice:
    return SlotChoice(
        booking=choice.booking,
        company=choice.company,
        location=choice.location,
        time_zone=choice.time_zone,
        plug=plug,
        booker=choice.booker,
        since=time.since,
        until=time.until,
        slots=slots,
        rules=choice.rules,
        any_plug=choice.any_plug,
        fee=choice.fee,
    )
