"""Refunds of a session that is over, and what its charger can still say afterwards."""

import asyncio
from datetime import UTC, datetime

import pytest

from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.documents.events import DocumentIssued
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.sessions.events import RefundIssued
from eosvolt.projections.ledger import ledger
from eosvolt.projections.revenue import summary
from eosvolt.projections.session_row import SessionStatus
from tests.books import assert_books_are_right
from tests.examples import TARIFF_WITH_CAPPED_FEE, after
from tests.refunds import refund
from tests.scenario import Scenario


async def over(energy_wh: int = 20_000) -> tuple[Scenario, int]:
    """A session that is over, at 0.50 for a kWh: 20 kWh cost 10.00, which are 8.40 and 1.60 of VAT."""
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.stops(120, number, 1000 + energy_wh)
    await s.reports(121, "Available")
    return s, number


def issued(s: Scenario) -> list[tuple[int, int, int]]:
    """Gross, net and VAT of each refund."""
    events = [fact.event for fact in s.events(RefundIssued) if isinstance(fact.event, RefundIssued)]
    parts = [each.refunded for each in events]
    return [(each.gross.minor, each.net.minor, each.vat.minor) for each in parts]


async def test_the_last_part_takes_what_is_left_of_net_and_vat() -> None:
    s, number = await over()
    for part in ("3.33", "3.33", None):
        await refund(s, 130, number, part)
    assert [gross for gross, _, _ in issued(s)] == [333, 333, 334]
    assert [sum(each) for each in zip(*issued(s), strict=True)] == [1000, 840, 160]
    row = s.session(number)
    assert (row.total_gross, row.refunded_gross, row.status) == (1000, 1000, SessionStatus.COMPLETED)
    assert_books_are_right(s.models)


async def test_a_refund_lowers_what_is_available_and_the_revenue_of_its_own_day() -> None:
    s, number = await over()
    await refund(s, 24 * 60, number, "4.00")
    (entry,) = (row for row in s.models.rows(ledger) if row.kind == EntryKind.REFUND)
    assert (entry.gross, entry.net, entry.vat, entry.balance) == (-400, -336, -64, 600)
    assert (entry.reference, entry.day) == ("CN-2026-00001", after(24 * 60).date())
    days = {row.day: row.gross for row in s.models.rows(summary)}
    assert days == {after(0).date(): 1000, after(24 * 60).date(): -400}
    assert_books_are_right(s.models)


async def test_a_refund_gives_blocking_fees_back_as_well() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.stops(30, number, 7000)
    await s.reports(30, "Finishing")
    await s.passes(46)
    await s.reports(47, "Available")
    await refund(s, 50, number)
    assert [gross for gross, _, _ in issued(s)] == [400]
    assert_books_are_right(s.models)


@pytest.mark.parametrize("amount", ["10.01", "0.00", "999999.00"])
async def test_no_more_than_was_paid_and_no_less_than_something(amount: str) -> None:
    s, number = await over()
    with pytest.raises(Rejected):
        await refund(s, 130, number, amount)
    assert s.events(RefundIssued) == s.events(DocumentIssued) == []


async def test_the_refusal_says_how_much_is_left() -> None:
    s, number = await over()
    await refund(s, 130, number, "9.00")
    with pytest.raises(Rejected, match=r"At most 1\.00 EUR"):
        await refund(s, 131, number, "1.01")
    await refund(s, 132, number)
    with pytest.raises(Rejected, match="nothing left"):
        await refund(s, 133, number)


async def test_an_amount_that_its_currency_does_not_have_is_no_amount() -> None:
    s, number = await over()
    with pytest.raises(InvalidValue, match="finer than the smallest unit"):
        await refund(s, 130, number, "0.001")


async def test_a_session_that_cost_nothing_has_nothing_to_refund() -> None:
    s, number = await over(0)
    with pytest.raises(Rejected, match="nothing left"):
        await refund(s, 130, number)


async def test_a_session_is_refunded_once_its_plug_is_free() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    for minutes in (1, 31):
        with pytest.raises(Rejected, match="not over yet"):
            await refund(s, minutes, number)
        if minutes == 1:
            await s.stops(30, number, 7000)
            await s.reports(30, "Finishing")


async def test_refunds_at_the_same_time_are_together_no_more_than_what_was_paid() -> None:
    s, number = await over()
    answers = await asyncio.gather(
        *(refund(s, 130, number, "3.00") for _ in range(10)), return_exceptions=True
    )
    assert sum(isinstance(each, str) for each in answers) == 3
    assert sum(gross for gross, _, _ in issued(s)) == 900
    numbers = [
        fact.event.number for fact in s.events(DocumentIssued) if isinstance(fact.event, DocumentIssued)
    ]
    assert numbers == ["CN-2026-00001", "CN-2026-00002", "CN-2026-00003"]


async def test_a_late_stop_after_a_refund_is_recorded_and_changes_no_amount() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.meters(10, 3400, transaction=number)
    await s.reports(11, "Available")
    await s.passes(60)
    before = s.session(number)
    assert before.provisional
    await refund(s, 61, number, "1.00")
    await s.stops(11, number, 2000, received=70)
    await s.stops(11, number, 2000, received=71)
    after_it = s.session(number)
    assert (after_it.total_gross, after_it.refunded_gross) == (120, 100)
    assert "stopConflict" in after_it.flags
    assert_books_are_right(s.models)


async def test_a_charger_that_goes_on_after_a_refund_does_not_open_the_session_again() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(0, "Charging")
    await s.meters(10, 5000, transaction=number)
    await s.reports(11, "Available")
    await s.passes(60)
    await refund(s, 61, number, "1.00")
    await s.meters(62, 9000, transaction=number, power_w=11_000)
    row = s.session(number)
    assert (row.status, row.total_gross, row.refunded_gross) == (SessionStatus.COMPLETED, 200, 100)
    assert_books_are_right(s.models)


async def test_the_number_is_of_the_year_in_the_fiscal_time_zone() -> None:
    s, number = await over()
    await refund(s, datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), number, "1.00")
    await refund(s, datetime(2027, 1, 1, tzinfo=UTC), number, "1.00")
    numbers = [
        fact.event.number for fact in s.events(DocumentIssued) if isinstance(fact.event, DocumentIssued)
    ]
    assert numbers == ["CN-2026-00001", "CN-2027-00001"]
