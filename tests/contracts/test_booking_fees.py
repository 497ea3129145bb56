"""Fees of bookings in PostgreSQL: books, invoices, receipts that are due, performance, and the past."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.background_queries import BackgroundQueries
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.ledger_check import check_ledger
from eosvolt.adapters.postgres.live_tables import live_tables
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.ledger_reports import balances, monthly_income, vat_report
from eosvolt.application.performance_questions import PlugFilter
from eosvolt.domain.bookings.fee_events import BookingFeeCharged
from eosvolt.domain.bookings.values import Booker
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections.booking_fees import booking_fees
from tests.books import assert_books_are_right
from tests.contracts.replayed_history import folded, replayed_history
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, after
from tests.replay.booking_fee_life import booking_fee_life

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
# Of the bookings b1 and b2 4.00 each, of b3 2.00; 1.50 of b2 were given back. The sessions cost 5.25.
FEES, BACK, SESSIONS = 1_000, 150, 525


async def facts_of_ana() -> Sequence[Fact]:
    """The life of fees, with the bookings of a customer."""
    s = await booking_fee_life()
    assert_books_are_right(s.models)
    return [
        replace(fact, event=replace(fact.event, booker=Booker(customer="ana")))
        if isinstance(fact.event, BookingFeeCharged)
        else fact
        for fact in s.store.facts
    ]


async def test_the_books_with_fees_agree_and_every_figure_has_them(database: str) -> None:
    facts = await facts_of_ana()
    async with replayed_history(database, facts) as (queries, _):
        report = await check_ledger(database)
        assert report.agrees, report
        days = await queries.ledger_days(COMPANY)
        summary = await queries.traded(COMPANY, PlugFilter(), TODAY, TOMORROW)
        ana = await queries.transactions(COMPANY, TransactionFilter(customer="ana"))
        invoiced = await queries.transactions(COMPANY, TransactionFilter(payment_method="invoice"))
        fees = await queries.transactions(COMPANY, TransactionFilter(kinds=("bookingFee",)))
    (balance,) = balances(days, None)
    assert balance.available == FEES - BACK + SESSIONS
    assert sum(line.gross for line in vat_report(days, "year")) == FEES - BACK + SESSIONS
    (income,) = monthly_income(days, "EUR", [date(2026, 11, 1)])
    assert (income.booking, income.refunds, income.charging + income.blocking) == (FEES, -BACK, SESSIONS)
    assert sum(each.gross for each in summary) == FEES - BACK + SESSIONS
    assert [(row.booking, row.kind, row.gross) for row in ana.items] == [
        ("b2", "refund", -150),
        ("b2", "bookingFee", 400),
        ("b3", "bookingFee", 200),
        ("b1", "bookingFee", 400),
    ]
    assert invoiced.items == ana.items
    assert [row.booking for row in fees.items] == ["b2", "b3", "b1"]
    assert ana.items[0].reference == "CN-2026-00001"


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("bookings of which more", "refunded_gross = gross + 1 WHERE refunded_gross > 0"),
        ("bookings that owe", "gross = gross + 1"),
    ],
)
async def test_a_spoiled_fee_is_found(database: str, what: str, change: str) -> None:
    async with replayed_history(database, await facts_of_ana()):
        async with await connect(database, "test") as connection:
            table = (await live_tables(connection))["booking_fees"].table
            await connection.execute(f"UPDATE {table} SET {change}".encode())
        report = await check_ledger(database)
    assert any(what in each for each in report.disagreements)


async def test_a_plug_has_the_fees_of_its_bookings(database: str) -> None:
    facts = await facts_of_ana()
    async with replayed_history(database, facts) as (queries, _):
        sums = {}
        for plug in (1, 2):
            wanted = PlugFilter(charger=CHARGE_BOX_ID, plug=plug)
            sums[plug] = sum(each.gross for each in await queries.traded(COMPANY, wanted, TODAY, TOMORROW))
    # The third booking is of the second plug.
    assert sums == {1: 800 - BACK + SESSIONS, 2: 200}


async def test_fees_that_are_on_no_invoice_can_be_put_on_one(database: str) -> None:
    async with replayed_history(database, await facts_of_ana()) as (queries, _):
        since, until = MORNING, after(24 * 60)
        found = await queries.invoiceable_fees(COMPANY, "ana", "", since, until)
        none = [
            await queries.invoiceable_fees(COMPANY, "bob", "", since, until),
            await queries.invoiceable_fees(COMPANY, "ana", "", until, after(48 * 60)),
            await queries.invoiceable_fees(7, "ana", "", since, until),
        ]
    assert found == ["b1", "b3"]
    assert none == [[], [], []]


async def test_a_fee_is_seen_where_its_location_is(database: str) -> None:
    facts = await facts_of_ana()
    async with replayed_history(database, facts) as (queries, _):
        row = await queries.booking_fee(COMPANY, "b2")
        assert row == folded(booking_fees, facts)["b2"]
        assert await queries.narrowed(frozenset({LOCATION})).booking_fee(COMPANY, "b2") == row
        assert await queries.narrowed(frozenset({"elsewhere"})).booking_fee(COMPANY, "b2") is None
        assert await queries.booking_fee(7, "b2") is None


async def test_a_fee_without_a_receipt_is_due_for_one(database: str) -> None:
    facts = await facts_of_ana()
    clock = SteppedClock(facts[-1].recorded_at)
    async with (
        replayed_history(database, facts),
        PostgresEventStore(database, EVENTS, clock) as store,
        BackgroundQueries(database, store) as background,
    ):
        due = await background.receipts_due(after(48 * 60), 10)
    assert [each.stream for each in due if each.stream.startswith("booking-receipt")] == [
        "booking-receipt:b3"
    ]
