"""Operations of drivers on bookings: hold, book, change, cancel and give back what is their own.

Their bookings are those of the customer who has the e-mail address that is proved to be the driver's.
"""

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
    cancelled,
    confirmed,
    extended,
    given_back,
    held,
    known_booking,
    released,
    rescheduled,
)
from eosvolt.application.operations.driving import DRIVE
from eosvolt.application.operations.operation import Operation, OperationContext, operation
from eosvolt.application.operations.paid_starts import NO_CUSTOMER
from eosvolt.application.permissions import NotThere
from eosvolt.domain.bookings.values import Booker, BookingCancelReason
from eosvolt.domain.kernel import Rejected


class DriverSlots(SlotsInput, frozen=True, kw_only=True):
    """Slots for the driver with the proved address ``email``, under a new id ``booking``."""

    email: str
    booking: str


class DriverBooking(BookingById, frozen=True, kw_only=True):
    """A booking of the driver with the proved address ``email``."""

    email: str


class DriverBookingMove(BookingMove, frozen=True, kw_only=True):
    """Other slots for a booking of the driver's."""

    email: str


class DriverBookingExtension(BookingExtension, frozen=True, kw_only=True):
    """More slots for a booking of the driver's."""

    email: str


class DriverBookingCancellation(BookingCancellation, frozen=True, kw_only=True):
    """The end of a booking of the driver's."""

    email: str


@operation(DRIVE)
async def hold(context: OperationContext, wanted: DriverSlots) -> Plan[BookingAnswer]:
    """Keep slots for the driver for five minutes; what was held for them before is let go.

    Raises ``Rejected`` for slots that are taken or not offered, and for who is no customer.
    """
    return await held(context, _for(wanted), Booker(customer=await _customer(context, wanted.email)))


@operation(DRIVE)
async def book(context: OperationContext, wanted: DriverSlots) -> Plan[BookingAnswer]:
    """Book slots for the driver; refused as ``hold`` is."""
    return await booked(context, _for(wanted), Booker(customer=await _customer(context, wanted.email)))


@operation(DRIVE)
async def confirm(context: OperationContext, wanted: DriverBooking) -> Plan[BookingAnswer]:
    """Book the slots that are held for the driver; refused as operators are."""
    await _check_own(context, wanted.booking, wanted.email)
    return await confirmed(context, wanted.booking)


@operation(DRIVE)
async def release(context: OperationContext, wanted: DriverBooking) -> Plan[None]:
    """Let others book the slots that are held for the driver."""
    await _check_own(context, wanted.booking, wanted.email)
    return await released(context, wanted.booking)


@operation(DRIVE)
async def reschedule(context: OperationContext, wanted: DriverBookingMove) -> Plan[BookingAnswer]:
    """Move a booking to other slots, until the location's minutes before it begins."""
    await _check_own(context, wanted.booking, wanted.email)
    return await rescheduled(context, wanted, by_driver=True)


@operation(DRIVE)
async def extend(context: OperationContext, wanted: DriverBookingExtension) -> Plan[BookingAnswer]:
    """Add slots behind those of a booking, also while the driver charges."""
    await _check_own(context, wanted.booking, wanted.email)
    return await extended(context, wanted, by_driver=True)


@operation(DRIVE)
async def cancel(context: OperationContext, wanted: DriverBookingCancellation) -> Plan[BookingAnswer]:
    """Cancel a booking until it begins; less than the location's minutes before, its fee is kept."""
    await _check_own(context, wanted.booking, wanted.email)
    return await cancelled(context, wanted, BookingCancelReason.BY_DRIVER)


@operation(DRIVE)
async def give_back(context: OperationContext, wanted: DriverBooking) -> Plan[BookingAnswer]:
    """End a used booking before its time; a session that still charges is stopped."""
    await _check_own(context, wanted.booking, wanted.email)
    return await given_back(context, wanted.booking)


def _for(wanted: DriverSlots) -> NewBookingInput:
    return NewBookingInput(
        location=wanted.location,
        since=wanted.since,
        slots=wanted.slots,
        charger=wanted.charger,
        plug=wanted.plug,
        type=wanted.type,
        booking=wanted.booking,
    )


async def _customer(context: OperationContext, email: str) -> str:
    """The id of the customer with the driver's address. Raises ``Rejected`` if the company has none."""
    person = await context.ports.customer_records.with_email(context.company, email)
    if person is None:
        raise Rejected(NO_CUSTOMER)
    return person.customer


async def _check_own(context: OperationContext, booking: str, email: str) -> None:
    """Raise ``NotThere`` for a booking that is not the driver's."""
    state = await known_booking(context, booking)
    person = await context.ports.customer_records.with_email(context.company, email)
    if person is None or state.choice.booker != Booker(customer=person.customer):
        raise NotThere


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    hold,
    book,
    confirm,
    release,
    reschedule,
    extend,
    cancel,
    give_back,
)
