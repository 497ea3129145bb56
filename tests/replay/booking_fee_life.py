"""Bookings with fees and prices of their own: the source of the golden stream ``0024-booking-fees``."""

from decimal import Decimal

from msgspec.structs import replace

from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_inputs import BookingCancellation
from eosvolt.application.operations.booking_refunds import BookingRefundInput, refund
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.fee_commands import InvoiceBooking
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.money import Money
from eosvolt.domain.tariffs.tariff import BlockingFee
from tests.examples import COMPANY, FLAT_TARIFF, after
from tests.unit.bookings.booking_site import BY_OPERATOR, OTHER, BookingSite


async def booking_fee_life() -> BookingSite:
    """A used booking with two sessions that is extended, a no-show with a refund, and a kept fee."""
    s = await BookingSite().bookable(
        auto_cancel_minutes=15,
        fee=SlotFee(same_day=Decimal("2.00"), future=Decimal("1.00")),
        pricing=replace(FLAT_TARIFF, price=Decimal("0.30")),
        free_wh=4_000,
        grace_minutes=10,
        blocking_fee=BlockingFee(Decimal("3.00"), 15, Decimal("9.00")),
    )
    issuing = ReceiptIssuing(s.application, s.clock)
    await s.holds(60)
    await s.confirms()
    first = await s.starts(61, 1000)
    await s.reports(61, "Charging")
    await s.stops(70, first.transaction, 2500)
    await s.reports(71, "Available")
    second = await s.starts(75, 2500)
    await s.reports(75, "Charging")
    s.clock.set(after(100))
    await s.extends(2)
    await s.stops(110, second.transaction, 12_500)
    await s.reports(110, "Finishing")
    await s.passes(206)
    await s.reports(207, "Available")
    await issuing.issue_of_booking("b1")
    await s.books(240, "b2", token=OTHER, slots=2)
    await s.books(24 * 60 + 60, "b3", plug=2)
    await s.moves(24 * 60 + 120, "b3", slots=2)
    keeps = BookingCancellation(booking="b3", note="Third time", refund=False)
    await s.operations.run(operations.cancel, BY_OPERATOR, keeps)
    await s.passes(256)
    await issuing.issue_of_booking("b2")
    back = BookingRefundInput(booking="b2", reason="Goodwill", amount=Decimal("1.50"))
    await s.operations.run(refund, BY_OPERATOR, back)
    on_invoice = InvoiceBooking(at=s.clock.now(), invoice="I-2026-00001", gross=Money("EUR", 250))
    by = Provenance(COMPANY, "admin:olga", "invoice")
    await s.application.execute(bookings, "b2", on_invoice, by)
    return s
