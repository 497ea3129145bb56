"""A location where slots can be booked, and examples of all operations on bookings."""

from datetime import timedelta
from decimal import Decimal

from eosvolt.application.operations import bookings
from eosvolt.application.operations.booking_plans import (
    BookingById,
    BookingCancellation,
    BookingExtension,
    BookingMove,
    NewBookingInput,
)
from eosvolt.application.operations.booking_refunds import BookingRefundInput
from eosvolt.application.operations.bookings import BookingRulesInput
from eosvolt.application.operations.driving_bookings import (
    DriverBooking,
    DriverBookingCancellation,
    DriverBookingExtension,
    DriverBookingMove,
    DriverSlots,
)
from eosvolt.application.permissions import Forbidden
from eosvolt.domain.bookings.commands import BeginBooking
from eosvolt.domain.bookings.decider import bookings as booking_decider
from eosvolt.domain.bookings.values import BookedPlug
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.booking_rules import BookingRules, SlotFee
from tests.drivers_in_memory import DRIVER
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TWO_PLUGS
from tests.unit.operations.charging import OWNER, a_connected_charger, a_location
from tests.unit.operations.driving import a_known_driver
from tests.unit.operations.permission_example import Example
from tests.web_in_memory import Site

BOOKING = "b1"
# Slots of an hour begin at the full hour, two hours after the morning the driver's.
SINCE, LATER = MORNING + timedelta(hours=2), MORNING + timedelta(hours=4)
RULES = BookingRules(enabled=True)
PLUG = BookedPlug(CHARGE_BOX_ID, 1, TWO_PLUGS[0].type, TWO_PLUGS[0].max_power_w)

NEW_BOOKING = NewBookingInput(
    booking=BOOKING, location=LOCATION, since=SINCE, charger=CHARGE_BOX_ID, plug=1, customer="ana"
)
OF_THE_DRIVER = DriverSlots(
    email=DRIVER.email, booking=BOOKING, location=LOCATION, since=SINCE, charger=CHARGE_BOX_ID, plug=1
)


async def a_bookable_charger(site: Site) -> None:
    """A connected charger whose plugs can be booked, and a driver who is the customer ``ana``."""
    await a_connected_charger(site)
    await a_known_driver(site)
    wanted = BookingRulesInput(location=LOCATION, rules=RULES)
    await site.operations.run(bookings.set_rules, OWNER, wanted)


async def a_held_slot(site: Site) -> None:
    await a_bookable_charger(site)
    await site.operations.run(bookings.hold, OWNER, NEW_BOOKING)


async def a_booking(site: Site) -> None:
    await a_bookable_charger(site)
    await site.operations.run(bookings.book, OWNER, NEW_BOOKING)


async def a_used_booking(site: Site) -> None:
    """The driver charges by it: session 1 is one of the booking."""
    await a_booking(site)
    site.clock.set(SINCE)
    begin = BeginBooking(session="1", plug=PLUG, at=SINCE, received_at=SINCE)
    why = Provenance(company=COMPANY, by=f"charger:{CHARGE_BOX_ID}")
    await site.application.execute(booking_decider, BOOKING, begin, why)


async def a_charged_fee(site: Site) -> None:
    """A booking with a fee that was cancelled without refund."""
    await a_bookable_charger(site)
    rules = BookingRules(enabled=True, fee=SlotFee(Decimal("2.00"), Decimal("1.00")))
    await site.operations.run(bookings.set_rules, OWNER, BookingRulesInput(location=LOCATION, rules=rules))
    await site.operations.run(bookings.book, OWNER, NEW_BOOKING)
    wanted = BookingCancellation(booking=BOOKING, refund=False)
    await site.operations.run(bookings.cancel, OWNER, wanted)


EXAMPLES_OF_BOOKINGS: dict[str, Example] = {
    "bookings.set_rules": Example(a_location, BookingRulesInput(location=LOCATION, rules=RULES)),
    "bookings.hold": Example(a_bookable_charger, NEW_BOOKING),
    "bookings.book": Example(a_bookable_charger, NEW_BOOKING),
    "bookings.confirm": Example(a_held_slot, BookingById(booking=BOOKING)),
    "bookings.release": Example(a_held_slot, BookingById(booking=BOOKING)),
    "bookings.reschedule": Example(a_booking, BookingMove(booking=BOOKING, since=LATER)),
    "bookings.extend": Example(a_booking, BookingExtension(booking=BOOKING, slots=2)),
    "bookings.cancel": Example(a_booking, BookingCancellation(booking=BOOKING, note="Closed")),
    "bookings.give_back": Example(a_used_booking, BookingById(booking=BOOKING)),
    "booking_refunds.refund": Example(a_charged_fee, BookingRefundInput(booking=BOOKING, reason="Goodwill")),
    "driving_bookings.hold": Example(a_bookable_charger, OF_THE_DRIVER, elsewhere=Forbidden),
    "driving_bookings.book": Example(a_bookable_charger, OF_THE_DRIVER, elsewhere=Forbidden),
    "driving_bookings.confirm": Example(
        a_held_slot, DriverBooking(email=DRIVER.email, booking=BOOKING), elsewhere=Forbidden
    ),
    "driving_bookings.release": Example(
        a_held_slot, DriverBooking(email=DRIVER.email, booking=BOOKING), elsewhere=Forbidden
    ),
    "driving_bookings.reschedule": Example(
        a_booking,
        DriverBookingMove(email=DRIVER.email, booking=BOOKING, since=LATER),
        elsewhere=Forbidden,
    ),
    "driving_bookings.extend": Example(
        a_booking,
        DriverBookingExtension(email=DRIVER.email, booking=BOOKING, slots=2),
        elsewhere=Forbidden,
    ),
    "driving_bookings.cancel": Example(
        a_booking, DriverBookingCancellation(email=DRIVER.email, booking=BOOKING), elsewhere=Forbidden
    ),
    "driving_bookings.give_back": Example(
        a_used_booking, DriverBooking(email=DRIVER.email, booking=BOOKING), elsewhere=Forbidden
    ),
}
