"""The plans of operations on bookings, which operators and drivers share: one rule for all of them.

Create, reschedule and extend ask the same slots (``SlotPlan.run``) and the same calendars.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.application.booking_slots import (
    PlugAtLocation,
    PlugChoice,
    chosen_plugs,
    free_plugs,
    slot_plan,
)
from eosvolt.application.executor import Plan
from eosvolt.application.memberships import membership, membership_of
from eosvolt.application.operations.locations import known_location
from eosvolt.application.operations.operation import Input, InvalidValue, OperationContext
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.calendar import TAKEN
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
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.bookings.state import Active, Held, Known, NoBooking, status_of
from eosvolt.domain.bookings.values import (
    BookedPlug,
    Booker,
    BookingStatus,
    CancelReason,
    HoldEnd,
    SlotChoice,
    SlotUnavailable,
)
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.locations.decider import Location
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.state import Charging
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.uid import folded

NOT_LISTED = "This location is for those on its list only."


class SlotsInput(Input, frozen=True, kw_only=True):
    """``slots`` consecutive slots of a location from ``since`` on.

    With a ``charger``, a charge box id, and a ``plug`` they are of this plug. Without a plug they are of any
    plug of the charger, or of the location, that is of the ``type`` (empty: of whichever).
    """

    location: str
    since: datetime
    slots: int = 1
    charger: str = ""
    plug: int = 0
    type: str = ""


class NewBookingInput(SlotsInput, frozen=True, kw_only=True):
    """A booking under an id that was never used before, for a customer or for a token."""

    booking: str
    customer: str = ""
    token: str = ""


class BookingById(Input, frozen=True, kw_only=True):
    """A booking, or a held slot."""

    booking: str


class BookingMove(BookingById, frozen=True, kw_only=True):
    """Other slots for a booking, from ``since`` on; ``slots`` of them, as many as it has without a number.

    ``charger`` and ``plug`` name another plug; without them it stays the same one, or any of the kind.
    """

    since: datetime
    slots: int | None = None
    charger: str = ""
    plug: int = 0


class BookingExtension(BookingById, frozen=True, kw_only=True):
    """More slots behind those that a booking has: it has ``slots`` then, altogether."""

    slots: int


class BookingCancellation(BookingById, frozen=True, kw_only=True):
    """The end of a booking of which nobody charges, with what is to be remembered about it."""

    note: str = ""


class BookingAnswer(NamedTuple):
    """A booking as it is after an operation. ``held_until``: it is held only."""

    booking: str
    status: BookingStatus
    choice: SlotChoice
    held_until: datetime | None = None


async def known_booking(context: OperationContext, booking: str) -> Known:
    """A booking or held slot of the company. Raises ``NotThere``."""
    state = await context.state(bookings, booking)
    if isinstance(state, NoBooking):
        raise NotThere
    return state


async def booker_of(context: OperationContext, wanted: NewBookingInput) -> Booker:
    """Whose the booking is to be: the customer, also where a token of theirs is named.

    Raises ``InvalidValue`` for one that the company does not have, ``NotThere`` for such a location.
    """
    await known_location(context, wanted.location)
    if bool(wanted.customer) == bool(wanted.token.strip()):
        raise InvalidValue("customerId", "A booking is for a customer or for a token.")
    if wanted.customer:
        try:
            there = await context.state(customers, wanted.customer)
        except NotThere:
            there = None
        if not isinstance(there, Customer):
            raise InvalidValue("customerId", "There is no such customer.")
        return Booker(customer=wanted.customer)
    uid = folded(wanted.token)
    token = await context.state(tokens, f"{context.company}/{uid}")
    if not isinstance(token, Token):
        raise InvalidValue("token", "There is no such token.")
    return Booker(customer=token.customer) if token.customer else Booker(token=uid)


async def held(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> Plan[BookingAnswer]:
    """The plan that holds slots for a driver."""
    before = await context.state(bookings, wanted.booking)
    if not isinstance(before, NoBooking):
        return Plan((), answer_of(before))
    choice = await _choice(context, wanted, booker)
    command = HoldSlot(choice=choice, at=context.at)
    envelopes = [
        *await _replaced_holds(context, booker),
        CommandEnvelope(bookings, wanted.booking, command),
    ]
    answer = BookingAnswer(wanted.booking, BookingStatus.HELD, choice, context.at + HOLD)
    return Plan(envelopes, answer)


async def booked(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> Plan[BookingAnswer]:
    """The plan that books slots for a driver."""
    before = await context.state(bookings, wanted.booking)
    if not isinstance(before, NoBooking):
        return Plan((), answer_of(before))
    choice = await _choice(context, wanted, booker)
    command = MakeBooking(choice=choice, at=context.at)
    envelopes = [
        *await _replaced_holds(context, booker),
        CommandEnvelope(bookings, wanted.booking, command),
    ]
    return Plan(envelopes, BookingAnswer(wanted.booking, BookingStatus.BOOKED, choice))


async def confirmed(context: OperationContext, booking: str) -> Plan[BookingAnswer]:
    """The plan that books what is held."""
    state = await known_booking(context, booking)
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
    plug = await _plug_for_move(context, wanted, choice, time)
    command = RescheduleBooking(
        plug=plug,
        since=time.since,
        until=time.until,
        slots=slots,
        at=context.at,
        by_driver=by_driver,
    )
    moved = _with(choice, plug, time, slots)
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
    return Plan(
        (CommandEnvelope(bookings, wanted.booking, command),),
        BookingAnswer(wanted.booking, status_of(state), longer),
    )


async def cancelled(
    context: OperationContext, wanted: BookingCancellation, reason: CancelReason
) -> Plan[BookingAnswer]:
    """The plan that cancels a booking, or lets a held slot go."""
    state = await known_booking(context, wanted.booking)
    if isinstance(state, Held):
        command: ReleaseHold | CancelBooking = ReleaseHold(at=context.at)
        answer = BookingAnswer(wanted.booking, BookingStatus.HELD, state.choice, context.at)
    else:
        command = CancelBooking(at=context.at, reason=reason, note=wanted.note)
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


async def _choice(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> SlotChoice:
    """The slots that are wanted, at a plug that is free. Raises ``Rejected`` where there is none."""
    place = await known_location(context, wanted.location)
    time = slot_plan(place).run(wanted.since, wanted.slots, context.at)
    await _check_admitted(context, place, booker)
    meant = PlugChoice(wanted.charger, wanted.plug, wanted.type)
    plugs = await _plugs(context, wanted.location, meant)
    _check_meant(wanted, plugs)
    free = free_plugs(plugs, time, place.booking.buffer_minutes, context.at)
    if not free:
        raise SlotUnavailable(TAKEN)
    return SlotChoice(
        booking=wanted.booking,
        company=context.company,
        location=wanted.location,
        time_zone=place.tariff.time_zone,
        plug=free[0],
        booker=booker,
        since=time.since,
        until=time.until,
        slots=wanted.slots,
        rules=place.booking,
        any_plug=not wanted.plug,
    )


def _check_meant(wanted: SlotsInput, plugs: Sequence[PlugAtLocation]) -> None:
    if wanted.plug and not wanted.charger:
        raise InvalidValue("plug", "A plug needs its charger.")
    if plugs:
        return
    if wanted.charger and wanted.plug:
        raise InvalidValue("plug", "There is no such plug at this location.")
    if wanted.charger:
        raise InvalidValue("chargeBoxId", "There is no such charger at this location.")
    raise Rejected("There is no plug of this kind at this location.")


async def _plug_for_move(
    context: OperationContext, wanted: BookingMove, choice: SlotChoice, time: Slot
) -> BookedPlug:
    """The plug for the other slots: the one that is named, else the same, or any of its kind if that will do.

    Raises ``Rejected`` where it is taken, ``InvalidValue`` where there is none.
    """
    named = bool(wanted.charger)
    if wanted.plug and not named:
        raise InvalidValue("plug", "A plug needs its charger.")
    if named:
        meant = PlugChoice(wanted.charger, wanted.plug)
    elif choice.any_plug:
        meant = PlugChoice(type=choice.plug.type, min_power_w=choice.plug.max_power_w)
    else:
        meant = PlugChoice(choice.plug.charge_point, choice.plug.connector)
    plugs = await _plugs(context, choice.location, meant)
    if not plugs:
        raise InvalidValue("plug", "There is no such plug at this location.")
    buffer_minutes = choice.rules.buffer_minutes
    free = free_plugs(plugs, time, buffer_minutes, context.at, besides=choice.booking)
    if not free:
        raise SlotUnavailable(TAKEN)
    return next((each for each in free if each.key(0) == choice.plug.key(0)), free[0])


async def _plugs(context: OperationContext, location: str, meant: PlugChoice) -> list[PlugAtLocation]:
    return await chosen_plugs(context.application, context.ports.estate, context.company, location, meant)


async def _check_admitted(context: OperationContext, place: Location, booker: Booker) -> None:
    """Raise ``Rejected`` if the location would not let the driver charge with any of their tokens."""
    bearers = [TokenBearer(booker.token)]
    if booker.customer:
        customer = await context.state(customers, booker.customer)
        uids = customer.tokens if isinstance(customer, Customer) else ()
        bearers = [
            TokenBearer("", "", booker.customer),
            *(TokenBearer(uid, "", booker.customer) for uid in uids),
        ]
    for bearer in bearers:
        if bearer.token:
            token = await context.state(tokens, f"{context.company}/{folded(bearer.token)}")
            member = await membership(context.application, context.company, bearer.token, token)
        else:
            member = await membership_of(context.application, context.company, bearer)
        if place.admission.admits(member.bearer):
            return
    raise Rejected(NOT_LISTED)


async def _replaced_holds(context: OperationContext, booker: Booker) -> list[CommandEnvelope]:
    """The commands that let go what is held for the driver: they choose one thing at a time."""
    bound = (await context.state(bookers, f"{context.company}/{booker.key}")).bound
    command = ReleaseHold(at=context.at, reason=HoldEnd.REPLACED)
    return [CommandEnvelope(bookings, each.booking, command) for each in bound if each.held_until is not None]


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
    )
