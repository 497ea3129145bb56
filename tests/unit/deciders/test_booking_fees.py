"""The fee of a booking: charged once when it is over, given back, on a receipt, on an invoice."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.bookings.commands import (
    BookingCommand,
    CancelBooking,
    ExtendBooking,
    ReachBookingDeadline,
    RescheduleBooking,
)
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import BookingCancelled, BookingExtended
from eosvolt.domain.bookings.fee_commands import InvoiceBooking, IssueBookingReceipt, RefundBookingFee
from eosvolt.domain.bookings.fee_events import (
    BookingFeeCharged,
    BookingFeeRefunded,
    BookingInvoiced,
    BookingReceiptIssued,
)
from eosvolt.domain.bookings.values import BookingCancelReason, BookingFee, BookingStatus
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.money import Money, Taxed
from eosvolt.domain.sessions.events import Place
from tests.a_booking import CANCELLED, CHARGES, CHOICE, ENDED, MADE, MISSED, PLUG, RULES
from tests.examples import COMPANY, LOCATION, after
from tests.rule import Rule

VAT = Decimal("0.19")
PRICED = replace(RULES, fee=SlotFee(same_day=Decimal("2.00"), future=Decimal("1.00")))
FEE = BookingFee(Money("EUR", 200), VAT)
BOOKED = replace(MADE, rules=PRICED, fee=FEE)
PLACE = Place(COMPANY, LOCATION, PLUG.charge_point, PLUG.connector, "Europe/Berlin")


def taxed(gross: int, net: int) -> Taxed:
    return Taxed(Money("EUR", gross), Money("EUR", net), Money("EUR", gross - net))


def charged(status: BookingStatus, at: Any) -> BookingFeeCharged:
    return BookingFeeCharged(
        place=PLACE,
        booker=CHOICE.booker,
        since=CHOICE.since,
        until=CHOICE.until,
        slots=1,
        at=at,
        status=status,
        charged=taxed(200, 168),
        vat_rate=VAT,
    )


OWED = charged(BookingStatus.NO_SHOW, MISSED.at)


def refund(amount: int | None, number: str = "CN-1") -> RefundBookingFee:
    part = None if amount is None else Money("EUR", amount)
    return RefundBookingFee(at=after(300), reason="Goodwill", credit_note=number, amount=part)


def refunded(number: int, part: Taxed, credit_note: str) -> BookingFeeRefunded:
    return BookingFeeRefunded(
        place=PLACE,
        number=number,
        at=after(300),
        charged_at=MISSED.at,
        refunded=part,
        vat_rate=VAT,
        reason="Goodwill",
        credit_note=credit_note,
    )


def test_the_fee_is_owed_when_a_used_booking_is_over() -> None:
    due = ReachBookingDeadline(at=after(200))
    Rule(bookings).given(BOOKED, CHARGES).when(due).then(ENDED, charged(BookingStatus.COMPLETED, after(200)))


def test_a_no_show_keeps_the_fee() -> None:
    Rule(bookings).given(BOOKED).when(ReachBookingDeadline(at=after(135))).then(MISSED, OWED)


def test_a_booking_without_a_fee_owes_nothing() -> None:
    Rule(bookings).given(MADE).when(ReachBookingDeadline(at=after(135))).then(MISSED)


def test_a_cancellation_owes_the_fee_only_where_the_operator_keeps_it() -> None:
    keep = CancelBooking(at=after(2), reason=BookingCancelReason.BY_OPERATOR, note="Closed", keep_fee=True)
    Rule(bookings).given(BOOKED).when(replace(keep, keep_fee=False)).then(CANCELLED)
    Rule(bookings).given(BOOKED).when(keep).then(
        replace(CANCELLED, fee_kept=True), charged(BookingStatus.CANCELLED, after(2))
    )
    faulty = replace(keep, reason=BookingCancelReason.CHARGER_FAULT)
    Rule(bookings).given(BOOKED).when(faulty).then(
        replace(CANCELLED, reason=BookingCancelReason.CHARGER_FAULT)
    )


def test_a_driver_who_cancels_in_time_owes_nothing_and_one_who_is_late_the_fee() -> None:
    def by_driver(minutes: float) -> CancelBooking:
        return CancelBooking(at=after(minutes), reason=BookingCancelReason.BY_DRIVER)

    def gone(minutes: float, *, fee_kept: bool) -> BookingCancelled:
        return BookingCancelled(at=after(minutes), reason=BookingCancelReason.BY_DRIVER, fee_kept=fee_kept)

    Rule(bookings).given(BOOKED).when(by_driver(60)).then(gone(60, fee_kept=False))
    for minutes in (60.1, 119.9):
        Rule(bookings).given(BOOKED).when(by_driver(minutes)).then(
            gone(minutes, fee_kept=True), charged(BookingStatus.CANCELLED, after(minutes))
        )
    # Who is erased owes nothing, and where there is no fee none is kept.
    erased = replace(by_driver(90), any_time=True)
    Rule(bookings).given(BOOKED).when(erased).then(gone(90, fee_kept=False))
    free = replace(BOOKED, fee=BookingFee(Money.zero("EUR"), VAT))
    Rule(bookings).given(free).when(by_driver(90)).then(gone(90, fee_kept=False))


def test_a_driver_who_was_told_that_the_fee_is_not_charged_does_not_cancel_when_it_would_be() -> None:
    told = CancelBooking(at=after(60), reason=BookingCancelReason.BY_DRIVER, only_with_refund=True)
    gone = BookingCancelled(at=after(60), reason=BookingCancelReason.BY_DRIVER)
    Rule(bookings).given(BOOKED).when(told).then(gone)
    with pytest.raises(Rejected, match="By now the fee is charged"):
        Rule(bookings).given(BOOKED).when(replace(told, at=after(61)))
    Rule(bookings).given(MADE).when(replace(told, at=after(61))).then(replace(gone, at=after(61)))


def test_a_booking_that_ends_twice_is_charged_once() -> None:
    due = ReachBookingDeadline(at=after(200))
    Rule(bookings).given(BOOKED, MISSED, OWED, CHARGES).when(due).then(ENDED)


def test_a_booking_whose_fee_is_charged_cannot_be_extended() -> None:
    longer = ExtendBooking(until=after(240), slots=2, at=after(150))
    with pytest.raises(Rejected, match="charged already"):
        bookings.decide(longer, bookings.fold([BOOKED, MISSED, OWED, CHARGES]))


def test_slots_that_are_added_are_added_to_the_fee() -> None:
    longer = ExtendBooking(until=after(240), slots=2, at=after(150))
    (extended,) = bookings.decide(longer, bookings.fold([BOOKED, CHARGES]))
    assert isinstance(extended, BookingExtended)
    assert extended.fee == BookingFee(Money("EUR", 400), VAT)


@pytest.mark.parametrize(
    ("since", "slots", "minor"),
    [(240, 1, 200), (240, 2, 400), (24 * 60 + 120, 1, 100), (24 * 60 + 120, 3, 300)],
)
def test_a_booking_that_is_moved_costs_what_the_other_slots_cost(since: int, slots: int, minor: int) -> None:
    move = RescheduleBooking(
        plug=PLUG, since=after(since), until=after(since + 60 * slots), slots=slots, at=after(3)
    )
    (moved,) = bookings.decide(move, bookings.fold([BOOKED]))
    assert getattr(moved, "fee", None) == BookingFee(Money("EUR", minor), VAT)


def test_parts_are_given_back_once_each_and_the_last_takes_what_is_left() -> None:
    first = refunded(1, taxed(70, 59), "CN-1")
    Rule(bookings).given(BOOKED, MISSED, OWED).when(refund(70)).then(first)
    Rule(bookings).given(BOOKED, MISSED, OWED, first).when(refund(None, "CN-2")).then(
        refunded(2, taxed(130, 109), "CN-2")
    )


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (refund(201), "At most 2.00 EUR"),
        (refund(0), "more than nothing"),
        (replace(refund(None), amount=Money("USD", 1)), "paid in EUR"),
        (InvoiceBooking(at=after(300), invoice="I-1", gross=Money("EUR", 199)), "another amount"),
    ],
)
def test_what_is_not_owed_is_neither_given_back_nor_invoiced(command: BookingCommand, sentence: str) -> None:
    with pytest.raises(Rejected, match=sentence):
        bookings.decide(command, bookings.fold([BOOKED, MISSED, OWED]))


def test_nothing_is_given_back_or_invoiced_before_it_is_owed() -> None:
    for command in (refund(None), InvoiceBooking(at=after(9), invoice="I-1", gross=Money("EUR", 200))):
        with pytest.raises(Rejected, match="No fee was charged"):
            bookings.decide(command, bookings.fold([BOOKED]))


def test_the_receipt_is_issued_once_and_only_where_a_fee_is_owed() -> None:
    issue = IssueBookingReceipt(at=after(300), number="R-1")
    issued = BookingReceiptIssued(place=PLACE, at=after(300), number="R-1", total=taxed(200, 168))
    Rule(bookings).given(BOOKED).when(issue).then()
    Rule(bookings).given(BOOKED, MISSED, OWED).when(issue).then(issued)
    Rule(bookings).given(BOOKED, MISSED, OWED, issued).when(replace(issue, number="R-2")).then()


def test_the_fee_is_on_one_invoice_with_what_is_left_of_it() -> None:
    part = refunded(1, taxed(70, 59), "CN-1")
    put = InvoiceBooking(at=after(300), invoice="I-1", gross=Money("EUR", 130))
    on_it = BookingInvoiced(place=PLACE, at=after(300), invoice="I-1", amount=taxed(130, 109))
    Rule(bookings).given(BOOKED, MISSED, OWED, part).when(put).then(on_it)
    with pytest.raises(Rejected, match="on invoice I-1 already"):
        bookings.decide(replace(put, invoice="I-2"), bookings.fold([BOOKED, MISSED, OWED, part, on_it]))
