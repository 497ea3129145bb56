"""The fee of a booking: what slots cost, when it is owed, and what the books say of it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from eosvolt.application.operations import bookings as operations
from eosvolt.application.operations.booking_plans import BookingCancellation
from eosvolt.application.operations.booking_refunds import BookingRefundInput, refund
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.receipt_issuing import ReceiptIssuing
from eosvolt.domain.bookings.commands import CancelBooking
from eosvolt.domain.bookings.decider import bookings
from eosvolt.domain.bookings.events import BookingMade, BookingRescheduled
from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded, BookingReceiptIssued
from eosvolt.domain.bookings.values import BookingCancelReason, BookingFee, BookingStatus
from eosvolt.domain.documents.events import DocumentIssued
from eosvolt.domain.kernel import Provenance, Rejected
from eosvolt.domain.locations.booking_rules import SlotFee
from eosvolt.domain.money import Money
from eosvolt.projections.booking_fees import BookingFeeRow, booking_fees
from eosvolt.projections.ledger import ENTRY, SETTLEMENT, ledger
from eosvolt.projections.revenue import summary
from tests.books import assert_books_are_right
from tests.examples import COMPANY, after
from tests.unit.bookings.booking_site import BY_OPERATOR, OTHER, BookingSite

VAT = Decimal("0.19")
FEE = SlotFee(same_day=Decimal("2.00"), future=Decimal("1.00"))
TOMORROW = 24 * 60 + 60


def euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


async def site(**rules: Any) -> BookingSite:
    return await BookingSite().bookable(**{"fee": FEE, **rules})


def pinned(s: BookingSite, kind: type[Any] = BookingMade) -> Sequence[BookingFee | None]:
    return [each.fee for each in s.happened(kind)]


def charged(s: BookingSite) -> list[tuple[str, str]]:
    """How each charged booking ended, and its gross fee."""
    return [(each.status.value, str(each.charged.gross.amount)) for each in s.happened(BookingFeeCharged)]


def row_of(s: BookingSite, booking: str = "b1") -> BookingFeeRow:
    row = s.models.row(booking_fees, booking)
    assert row is not None
    return row


def revenue(s: BookingSite) -> int:
    return sum(row.gross for row in s.models.rows(summary))


async def refunds(s: BookingSite, amount: str | None = None, booking: str = "b1") -> str:
    wanted = BookingRefundInput(
        booking=booking, reason="Goodwill", amount=None if amount is None else Decimal(amount)
    )
    return await s.operations.run(refund, BY_OPERATOR, wanted)


async def test_each_slot_of_today_costs_the_same_day_fee() -> None:
    s = await site()
    await s.books(60, slots=3)
    assert pinned(s) == [BookingFee(euros("6.00"), VAT)]


async def test_each_slot_of_a_later_day_costs_the_future_fee() -> None:
    s = await site()
    await s.books(TOMORROW, slots=2)
    assert pinned(s) == [BookingFee(euros("2.00"), VAT)]


async def test_the_day_is_the_location_s() -> None:
    # 23:00 UTC is midnight in Berlin: thirteen hours after the morning.
    s = await site()
    await s.books(12 * 60)
    await s.books(13 * 60, "b2", token=OTHER)
    assert pinned(s) == [BookingFee(euros("2.00"), VAT), BookingFee(euros("1.00"), VAT)]


async def test_without_a_fee_nothing_is_pinned_and_nothing_charged() -> None:
    s = await BookingSite().bookable()
    await s.books(60)
    await s.passes(200)
    assert (pinned(s), charged(s)) == ([None], [])


async def test_a_fee_of_nothing_is_pinned_and_not_charged() -> None:
    s = await site(fee=SlotFee(Decimal(0), Decimal("1.00")))
    await s.books(60)
    await s.passes(200)
    assert (pinned(s), charged(s)) == ([BookingFee(euros("0.00"), VAT)], [])


async def test_what_is_held_keeps_its_price() -> None:
    s = await site()
    await s.holds(60)
    await s.ruled(fee=SlotFee(Decimal("9.00"), Decimal("9.00")))
    await s.confirms()
    assert pinned(s) == [BookingFee(euros("2.00"), VAT)]


async def test_a_used_booking_owes_its_fee_once_it_is_over() -> None:
    s = await site()
    await s.books(60)
    number = (await s.starts(61)).transaction
    await s.stops(100, number, 3000)
    await s.reports(101, "Available")
    assert charged(s) == []
    await s.passes(121)
    assert charged(s) == [("completed", "2.00")]
    assert_books_are_right(s.models)


async def test_what_is_given_back_of_a_booking_does_not_lower_the_fee() -> None:
    s = await site()
    await s.books(60, slots=2)
    await s.starts(61)
    await s.gives_back()
    assert charged(s) == [("completed", "4.00")]


async def test_a_no_show_keeps_the_fee() -> None:
    s = await site(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(76)
    assert charged(s) == [("noShow", "2.00")]
    assert_books_are_right(s.models)


async def test_a_cancellation_with_refund_owes_nothing() -> None:
    s = await site()
    await s.books(90 + 30)
    await s.cancels()
    await s.passes(300)
    assert charged(s) == []


async def test_a_cancellation_without_refund_owes_the_fee_at_once() -> None:
    s = await site()
    await s.books(120)
    wanted = BookingCancellation(booking="b1", note="too often", refund=False)
    for _ in range(2):
        await s.operations.run(operations.cancel, BY_OPERATOR, wanted)
    assert charged(s) == [("cancelled", "2.00")]
    assert [each.at for each in s.happened(BookingFeeCharged)] == [s.clock.now()]


async def test_only_an_operator_cancels_without_refund_and_our_fault_never_costs_anything() -> None:
    for reason in set(BookingCancelReason) - {BookingCancelReason.BY_OPERATOR}:
        s = await site()
        await s.books(120)
        command = CancelBooking(at=s.clock.now(), reason=reason, keep_fee=True)
        await s.application.execute(bookings, "b1", command, Provenance(COMPANY, "system:x", "test"))
        await s.passes(300)
        assert charged(s) == []


async def test_a_charger_that_is_away_when_the_slot_begins_costs_the_driver_nothing() -> None:
    s = await site()
    await s.books(60)
    await s.disconnects(50)
    await s.passes(200)
    assert await s.status() is BookingStatus.CANCELLED
    assert charged(s) == []


async def test_a_booking_that_is_moved_on_its_day_costs_the_same() -> None:
    s = await site()
    await s.books(TOMORROW)
    await s.ruled(fee=SlotFee(Decimal("9.00"), Decimal("9.00")))
    s.clock.set(after(TOMORROW - 180))
    await s.moves(TOMORROW + 60)
    assert pinned(s, BookingRescheduled) == [BookingFee(euros("1.00"), VAT)]


async def test_a_booking_that_is_moved_to_another_day_costs_what_it_would_now_by_its_own_rules() -> None:
    s = await site()
    await s.books(TOMORROW)
    await s.ruled(fee=SlotFee(Decimal("9.00"), Decimal("9.00")))
    await s.moves(120)
    assert pinned(s, BookingRescheduled) == [BookingFee(euros("2.00"), VAT)]
    await s.passes(400)
    assert charged(s) == [("noShow", "2.00")]


async def test_slots_that_are_added_cost_what_slots_cost_then() -> None:
    s = await site()
    await s.books(TOMORROW)
    s.clock.set(after(TOMORROW - 30))
    answer = await s.extends(2)
    assert answer.choice.fee == BookingFee(euros("3.00"), VAT)
    await s.passes(TOMORROW + 200)
    assert charged(s) == [("noShow", "3.00")]


async def test_a_no_show_whose_session_is_told_late_is_charged_once_and_cannot_be_extended() -> None:
    s = await site(auto_cancel_minutes=15)
    await s.books(60)
    await s.disconnects(61)
    await s.passes(76)
    before = charged(s)
    await s.connects(90)
    await s.starts(62, received=91)
    await s.passes(200)
    assert len(charged(s)) <= 1
    assert before in ([], charged(s))
    assert_books_are_right(s.models)


async def test_the_fee_is_income_of_its_own_and_available_at_once() -> None:
    s = await site(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(76)
    rows = {row.by: row for row in s.models.rows(ledger) if row.booking and row.kind}
    entry, settlement = rows[ENTRY], rows[SETTLEMENT]
    assert (entry.kind, entry.gross, entry.net, entry.vat) == ("bookingFee", 200, 168, 32)
    assert (entry.booking, entry.session, entry.vat_rate, entry.connector) == ("b1", "", VAT, 1)
    assert (settlement.gross, settlement.day) == (200, entry.day)
    assert revenue(s) == 200


async def test_refunds_are_never_more_than_the_fee_and_the_last_part_takes_what_is_left() -> None:
    s = await site(auto_cancel_minutes=15)
    await s.books(60)
    await s.passes(76)
    assert await refunds(s, "0.70") == "CN-2026-00001"
    with pytest.raises(Rejected, match=r"At most 1\.30 EUR"):
        await refunds(s, "1.31")
    with pytest.raises(InvalidValue):
        await refunds(s, "0.005")
    await refunds(s)
    with pytest.raises(Rejected, match="nothing left"):
        await refunds(s)
    back = s.happened(BookingFeeRefunded)
    assert [(each.refunded.gross.minor, each.number) for each in back] == [(70, 1), (130, 2)]
    assert sum(each.refunded.net.minor for each in back) == 168
    assert (row_of(s).refunded_gross, revenue(s)) == (200, 0)
    assert_books_are_right(s.models)


async def test_nothing_is_refunded_before_it_is_owed() -> None:
    s = await site()
    await s.books(60)
    with pytest.raises(Rejected, match="No fee was charged"):
        await refunds(s)


async def test_the_fee_gets_one_receipt_from_the_numbers_of_sessions() -> None:
    s = await site(auto_cancel_minutes=15)
    await s.books(60)
    issuing = ReceiptIssuing(s.application, s.clock)
    await issuing.issue_of_booking("b1")
    await s.passes(76)
    assert row_of(s).receipt_due_at is not None
    for _ in range(2):
        await issuing.issue_of_booking("b1")
    issued = s.happened(BookingReceiptIssued)
    assert [(each.number, each.total.gross) for each in issued] == [("R-2026-00001", euros("2.00"))]
    documents = s.happened(DocumentIssued)
    assert [(each.number, each.booking, each.session) for each in documents] == [("R-2026-00001", "b1", "")]
    assert (row_of(s).receipt, row_of(s).receipt_due_at) == ("R-2026-00001", None)
    # The next receipt, of a session, has the next number.
    number = (await s.starts(80)).transaction
    await s.stops(100, number, 3000)
    await s.reports(101, "Available")
    await issuing.issue(str(number))
    assert [each.number for each in s.happened(DocumentIssued)] == ["R-2026-00001", "R-2026-00002"]


async def test_the_answer_says_what_the_booking_costs() -> None:
    s = await site()
    assert (await s.books(60)).choice.fee == BookingFee(euros("2.00"), VAT)
    assert (await s.moves(120, slots=2)).choice.fee == BookingFee(euros("4.00"), VAT)
