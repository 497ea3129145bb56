"""Operations on bookings: the rules of a location; hold, book, change, cancel and give back slots."""

from collections.abc import Collection
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.booking_plans import (
    BookingAnswer,
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
    NewBookingInput,
    SlotsInput,
    booked,
    booker_of,
    cancelled,
    confirmed,
    extended,
    given_back,
    held,
    known_booking,
    released,
    rescheduled,
)
from eosvolt.application.operations.locations import known_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
)
from eosvolt.application.permissions import Action, Permission, ProductArea
from eosvolt.domain.bookings.values import BookingCancelReason
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.locations.booking_rules import BookingRules, problems
from eosvolt.domain.locations.commands import ChangeBookingRules
from eosvolt.domain.locations.decider import Location, LocationState, locations
from eosvolt.domain.locations.events import BookingRulesChanged

VIEW = Permission(Action.VIEW, ProductArea.BOOKINGS)
EXPORT = Permission(Action.EXPORT, ProductArea.BOOKINGS)


class BookingRulesInput(Input, frozen=True, kw_only=True):
    """Other rules for the bookings of a location; ``seen`` are versions of the rules that the caller saw."""

    location: str
    rules: BookingRules
    seen: Seen = None


async def _at(_context: OperationContext, wanted: BookingRulesInput | SlotsInput) -> Collection[str]:
    return (wanted.location,)


async def _at_booking(context: OperationContext, wanted: BookingById) -> Collection[str]:
    return ((await known_booking(context, wanted.booking)).choice.location,)


@operation_at(Permission(Action.EDIT, ProductArea.BOOKINGS), _at)
async def set_rules(context: OperationContext, wanted: BookingRulesInput) -> Plan[None]:
    """Let drivers book by other rules from now on; bookings that there are keep theirs.

    Raises ``InvalidValue`` for rules that cannot be.
    """
    place = await known_location(context, wanted.location)
    await context.check_seen(
        locations,
        wanted.location,
        wanted.seen,
        lambda event: isinstance(event, BookingRulesChanged),
        _rules_of,
    )
    wrong = problems(wanted.rules, place.tariff)
    if wrong:
        raise InvalidValue(wrong[0][0].lstrip("/"), wrong[0][1])
    command = ChangeBookingRules(at=context.at, rules=wanted.rules)
    return Plan((CommandEnvelope(locations, wanted.location, command),), None)


@operation_at(Permission(Action.ADD, ProductArea.BOOKINGS), _at)
async def hold(context: OperationContext, wanted: NewBookingInput) -> Plan[BookingAnswer]:
    """Keep slots for a driver for five minutes; what was held for them before is let go.

    Raises ``Rejected`` for slots that are taken or not offered.
    """
    return await held(context, wanted, await booker_of(context, wanted))


@operation_at(Permission(Action.ADD, ProductArea.BOOKINGS), _at)
async def book(context: OperationContext, wanted: NewBookingInput) -> Plan[BookingAnswer]:
    """Book slots for a customer or a token. Raises ``Rejected`` for slots that are taken or not offered."""
    return await booked(context, wanted, await booker_of(context, wanted))


@operation_at(Permission(Action.ADD, ProductArea.BOOKINGS), _at_booking)
async def confirm(context: OperationContext, wanted: BookingById) -> Plan[BookingAnswer]:
    """Book the slots that are held.

    Raises ``Rejected`` if somebody else has them meanwhile, or they are not offered any more: they are held
    until their five minutes are over then, and cost nothing.
    """
    return await confirmed(context, wanted.booking)


@operation_at(Permission(Action.DELETE, ProductArea.BOOKINGS), _at_booking)
async def release(context: OperationContext, wanted: BookingById) -> Plan[None]:
    """Let others book slots that are held."""
    return await released(context, wanted.booking)


@operation_at(Permission(Action.EDIT, ProductArea.BOOKINGS), _at_booking)
async def reschedule(context: OperationContext, wanted: BookingMove) -> Plan[BookingAnswer]:
    """Move a booking to other slots, by the rule by which it is made."""
    return await rescheduled(context, wanted, by_driver=False)


@operation_at(Permission(Action.EDIT, ProductArea.BOOKINGS), _at_booking)
async def extend(context: OperationContext, wanted: BookingExtension) -> Plan[BookingAnswer]:
    """Add slots behind those of a booking, also while its driver charges."""
    return await extended(context, wanted, by_driver=False)


@operation_at(Permission(Action.DELETE, ProductArea.BOOKINGS), _at_booking)
async def cancel(context: OperationContext, wanted: BookingCancellation) -> Plan[BookingAnswer]:
    """Cancel a booking of which nobody charges."""
    return await cancelled(context, wanted, BookingCancelReason.BY_OPERATOR)


@operation_at(Permission(Action.EDIT, ProductArea.BOOKINGS), _at_booking)
async def give_back(context: OperationContext, wanted: BookingById) -> Plan[BookingAnswer]:
    """End a used booking before its time; a session that still charges is stopped."""
    return await given_back(context, wanted.booking)


def _rules_of(location: LocationState) -> BookingRules | None:
    return location.booking if isinstance(location, Location) else None


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    set_rules,
    hold,
    book,
    confirm,
    release,
    reschedule,
    extend,
    cancel,
    give_back,
)
