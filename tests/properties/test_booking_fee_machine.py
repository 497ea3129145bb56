"""Drivers, operators, chargers and clocks as they like, at a location whose bookings have prices.

Whatever they do, a fee is charged once at most and where it is owed, nothing is free twice, no more is given
back than was charged, and the books are right.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from msgspec.structs import replace

from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_inputs import BookingCancellation
from eosvolt.application.operations.booking_refunds import BookingRefundInput, refund
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import NotThere
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.bookings.commands import CancelBooking
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import (
    BookingCancelled,
    BookingEnded,
    BookingExtended,
    BookingMade,
    BookingRescheduled,
    NoShowNoted,
)
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingReceiptIssued
from eosvolt.domain.bookings.values import BookingCancelReason
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.kernel import Provenance, Rejected
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.tariffs.tariff import BlockingFee
from tests.books import assert_books_are_right
from tests.examples import COMPANY, FLAT_TARIFF
from tests.hypothesis_profiles import share
from tests.properties.test_booking_machine import AnyBookings
from tests.unit.bookings.booking_site import BY_OPERATOR

FREE_WH = 150
PRICES: dict[str, Any] = {
    "fee": SlotFee(Decimal("2.35"), Decimal("1.01")),
    "pricing": replace(FLAT_TARIFF, price=Decimal("0.33")),
    "free_wh": FREE_WH,
    "grace_minutes": 5,
    "blocking_fee": BlockingFee(Decimal("1.11"), 5, Decimal("3.00")),
}


class PricedBookings(AnyBookings):
    """The same machine, with prices in all rules."""

    @initialize(buffer_minutes=st.sampled_from((0, 10)), slot_minutes=st.sampled_from((30, 60)))
    def opens(self, **rules: Any) -> None:
        self._do(self.site.ruled(auto_cancel_minutes=15, **PRICES, **rules))

    @rule(
        slot_minutes=st.sampled_from((30, 60, 90)),
        on_demand_into_booking=st.booleans(),
        late_stop_minutes=st.sampled_from((0, 20)),
        early_start_minutes=st.sampled_from((0, 20)),
    )
    def changes_the_rules(self, **rules: Any) -> None:
        self._do(self.site.ruled(auto_cancel_minutes=15, **PRICES, **rules))

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 50))
    def cancels_without_refund(self, number: int) -> None:
        wanted = BookingCancellation(booking=self._ids()[number % self.made], refund=False)
        with suppress(Rejected, NotThere):
            self._do(self.site.operations.run(operations.cancel, BY_OPERATOR, wanted))

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 50), only_with_refund=st.booleans())
    def a_driver_cancels(self, number: int, *, only_with_refund: bool) -> None:
        command = CancelBooking(
            at=self.site.clock.now(),
            reason=BookingCancelReason.BY_DRIVER,
            only_with_refund=only_with_refund,
        )
        booking = self._ids()[number % self.made]
        with suppress(Rejected):
            self._do(
                self.site.application.execute(bookings, booking, command, Provenance(COMPANY, "driver:ana"))
            )

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 50), cents=st.integers(1, 300))
    def refunds(self, number: int, cents: int) -> None:
        booking = self._ids()[number % self.made]
        wanted = BookingRefundInput(booking=booking, reason="Goodwill", amount=Decimal(cents) / 100)
        with suppress(Rejected, InvalidValue, NotThere):
            self._do(self.site.operations.run(refund, BY_OPERATOR, wanted))

    @precondition(lambda self: self.made)
    @rule(number=st.integers(0, 50))
    def issues_a_receipt(self, number: int) -> None:
        issuing = ReceiptIssuing(self.site.application, self.site.clock)
        self._do(issuing.issue_of_booking(self._ids()[number % self.made]))

    @invariant()
    def a_fee_is_charged_once_where_it_is_owed(self) -> None:
        fees: dict[str, int] = {}
        owed: dict[str, int] = {}
        for fact in self.site.store.facts:
            match fact.event:
                case BookingMade(fee=fee) | BookingRescheduled(fee=fee) | BookingExtended(fee=fee):
                    assert fee is not None
                    fees[fact.key] = fee.amount.minor
                case BookingEnded() | NoShowNoted() | BookingCancelled(fee_kept=True):
                    owed.setdefault(fact.key, fees[fact.key])
                case _:
                    pass
        charged = Counter[str]()
        for fact in self.site.store.facts:
            if isinstance(fact.event, BookingFeeCharged):
                charged[fact.key] += 1
                assert fact.event.charged.gross.minor == owed[fact.key]
        assert set(charged.values()) <= {1}
        assert charged.keys() == owed.keys()

    @invariant()
    def a_driver_owes_it_who_cancels_less_than_the_minutes_before(self) -> None:
        begins: dict[str, datetime] = {}
        for fact in self.site.store.facts:
            match fact.event:
                case BookingMade(since=since) | BookingRescheduled(since=since):
                    begins[fact.key] = since
                case BookingCancelled(reason=BookingCancelReason.BY_DRIVER, at=at, fee_kept=kept):
                    assert at < begins[fact.key]
                    assert kept is (begins[fact.key] - at < timedelta(minutes=60))
                case _:
                    pass

    @invariant()
    def what_is_free_is_never_given_twice(self) -> None:
        free: Counter[str] = Counter()
        for row in self.site.sessions():
            free[row.booking] += sum(int(line.quantity * 1000) for line in row.lines if not line.price)
        assert not free[""]
        assert max(free.values(), default=0) <= FREE_WH

    @invariant()
    def receipts_have_numbers_without_gaps(self) -> None:
        numbers = [
            each.sequence for each in self.site.happened(DocumentIssued) if each.kind is DocumentKind.RECEIPT
        ]
        assert numbers == list(range(1, len(self.site.happened(BookingReceiptIssued)) + 1))

    @invariant()
    def the_books_are_right(self) -> None:
        assert_books_are_right(self.site.models)


TestPricedBookings = PricedBookings.TestCase
TestPricedBookings.settings = settings(max_examples=share(25), stateful_step_count=40)
