"""What a booking takes: whose it is, which slots, and which plug that is free then."""

from collections.abc import Sequence

from eosvolt.application.booking_slots import (
    PlugAtLocation,
    PlugChoice,
    chosen_plugs,
    free_plugs,
    holds_of,
    slot_plan,
    why_not_free,
    working_plugs,
)
from eosvolt.application.memberships import membership, membership_of
from eosvolt.application.operations.booking_inputs import BookingMove, NewBookingInput, SlotsInput
from eosvolt.application.operations.locations import known_location
from eosvolt.application.operations.operation import InvalidValue, OperationContext
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.booker import bookers
from eosvolt.domain.bookings.commands import CancelBooking, ReleaseHold
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fees import pinned_fee
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.bookings.state import Booked, Held
from eosvolt.domain.bookings.values import (
    BookedPlug,
    Booker,
    BookingCancelReason,
    HoldEnd,
    SlotChoice,
    SlotUnavailable,
)
from eosvolt.domain.customers.decider import Customer, customers
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.tokens.bearer import TokenBearer
from eosvolt.domain.tokens.decider import Token, tokens
from eosvolt.domain.tokens.uid import folded

NOT_LISTED = "This location is for those on its list only."


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


async def chosen_slots(context: OperationContext, wanted: NewBookingInput, booker: Booker) -> SlotChoice:
    """The slots that are wanted, at a plug that is free. Raises ``Rejected`` where there is none."""
    place = await known_location(context, wanted.location)
    time = slot_plan(place).run(wanted.since, wanted.slots, context.at)
    await _check_admitted(context, place, booker)
    meant = PlugChoice(wanted.charger, wanted.plug, wanted.type)
    plugs = await _plugs(context, wanted.location, meant)
    _check_meant(wanted, plugs)
    own = await holds_of(context.application, context.company, booker)
    free = free_plugs(plugs, time, place.booking.buffer_minutes, context.at, *own)
    if not free:
        raise SlotUnavailable(why_not_free(plugs, time, context.at))
    choice = SlotChoice(
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
    return pinned_fee(choice, place.tariff, context.at)


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


async def check_still_offered(context: OperationContext, choice: SlotChoice) -> None:
    """Raise ``Rejected`` if slots that are held could not be chosen any more; others may have changed that.

    The rules and the fee are those of when they were chosen, and whose they are is for the calendar to say.
    """
    place = await context.state(locations, choice.location)
    if not isinstance(place, Location) or place.removed:
        raise Rejected("This location is not there any more.")
    if not place.booking.enabled:
        raise Rejected("Bookings are switched off at this location by now.")
    plug = PlugChoice(choice.plug.charge_point, choice.plug.connector)
    plugs = await _plugs(context, choice.location, plug)
    if not plugs:
        raise SlotUnavailable("This plug cannot be booked any more: choose another slot.")
    if not working_plugs(plugs, choice.since, context.at):
        raise SlotUnavailable(why_not_free(plugs, Slot(choice.since, choice.until), context.at))


async def plug_for_move(
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
    free = free_plugs(plugs, time, buffer_minutes, context.at, choice.booking)
    if not free:
        raise SlotUnavailable(why_not_free(plugs, time, context.at))
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


async def replaced_holds(context: OperationContext, booker: Booker) -> list[CommandEnvelope]:
    """The commands that let go what is held for the driver: they choose one thing at a time."""
    command = ReleaseHold(at=context.at, reason=HoldEnd.REPLACED)
    own = await holds_of(context.application, context.company, booker)
    return [CommandEnvelope(bookings, booking, command) for booking in own]


async def without_bookings(context: OperationContext, customer: str) -> list[CommandEnvelope]:
    """The commands that cancel what a customer has booked and not begun, and let go what is held for them."""
    bound = (await context.state(bookers, f"{context.company}/{Booker(customer=customer).key}")).bound
    release = ReleaseHold(at=context.at)
    cancel = CancelBooking(at=context.at, reason=BookingCancelReason.BY_DRIVER, any_time=True)
    envelopes: list[CommandEnvelope] = []
    for each in bound:
        state = await context.state(bookings, each.booking)
        if isinstance(state, Held | Booked):
            command = release if isinstance(state, Held) else cancel
            envelopes.append(CommandEnvelope(bookings, each.booking, command))
    return envelopes
