"""The ledger's queries add up the entries of the history, now and then, everywhere and at some locations."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.live_tables import live_tables
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.ledger_questions import LedgerDay, TransactionFilter
from eosvolt.application.payment_methods import PaymentMethod
from eosvolt.domain.kernel import Fact
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.ledger.postings import EntrySum, added
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections.ledger import ENTRY, SETTLEMENT, LedgerRow, ledger, sum_of
from eosvolt.projections.ledger_days import LOCATION_DAY
from tests.contracts.busy_day import a_busy_day, until_each, with_customer
from tests.contracts.replayed_history import folded, replayed_history
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING

HERE, TODAY = frozenset({LOCATION}), MORNING.date()


def entries(facts: Sequence[Fact], *by: str) -> list[LedgerRow]:
    """The entries that the facts make, the last one first."""
    made = [row for row in folded(ledger, facts).values() if row.by in by]
    return sorted(made, key=lambda row: row.id, reverse=True)


def days(rows: Sequence[LedgerRow]) -> list[LedgerDay]:
    found: dict[date, list[EntrySum]] = defaultdict(list)
    for row in rows:
        assert row.day is not None
        found[row.day].append(sum_of(row))
    return [LedgerDay(day, sums) for day in sorted(found) if (sums := added(found[day]))]


async def listed(ask: Queries, wanted: TransactionFilter, **more: Any) -> list[LedgerRow]:
    found: list[LedgerRow] = []
    cursor = None
    while True:
        page = await ask.transactions(COMPANY, wanted, cursor=cursor, limit=2, **more)
        found += page.items
        if page.cursor is None:
            return found
        cursor = page.cursor


async def test_days_and_transactions_at_any_instant_are_those_of_the_entries_until_then(
    database: str,
) -> None:
    facts = (await a_busy_day()).store.facts
    everything = days(entries(facts, ENTRY, SETTLEMENT))
    async with replayed_history(database, facts) as (queries, _):
        assert list(await queries.ledger_days(COMPANY)) == everything
        assert list(await queries.narrowed(HERE).ledger_days(COMPANY)) == everything
        for then in until_each(facts):
            expected = days(entries(then, ENTRY, SETTLEMENT))
            instant = then[-1].recorded_at
            assert list(await queries.ledger_days(COMPANY, as_of=instant)) == expected
            assert list(await queries.narrowed(HERE).ledger_days(COMPANY, as_of=instant)) == expected
            told = await listed(queries, TransactionFilter(), as_of=instant)
            assert told == entries(then, ENTRY)


async def test_days_and_transactions_of_a_span_leave_out_the_others(database: str) -> None:
    facts = (await a_busy_day()).store.facts
    tomorrow = TODAY + timedelta(days=1)
    async with replayed_history(database, facts) as (queries, _):
        for ask in (queries, queries.narrowed(HERE)):
            assert await ask.ledger_days(COMPANY, TODAY, tomorrow)
            assert not await ask.ledger_days(COMPANY, tomorrow)
            assert not await ask.ledger_days(COMPANY, None, TODAY)
        elsewhere = queries.narrowed(frozenset({LOCATION[:-1], f"{LOCATION}/x", "elsewhere"}))
        assert not await elsewhere.ledger_days(COMPANY)
        assert await listed(queries, TransactionFilter(since=TODAY, until=tomorrow))
        assert not await listed(queries, TransactionFilter(since=tomorrow))
        assert not await listed(queries, TransactionFilter(until=TODAY))


async def test_the_table_of_a_release_without_sums_of_locations_answers_alike(database: str) -> None:
    facts = (await a_busy_day()).store.facts
    instant = facts[len(facts) // 2].recorded_at
    async with replayed_history(database, facts) as (queries, engine):
        here = queries.narrowed(HERE)
        now, then = await here.ledger_days(COMPANY), await here.ledger_days(COMPANY, as_of=instant)
        async with await connect(database, "test") as connection:
            table = (await live_tables(connection))[ledger.name].table
            await connection.execute(f"DELETE FROM {table} WHERE by = '{LOCATION_DAY}'".encode())
            await connection.execute("UPDATE read_model_versions SET version = 8 WHERE name = 'ledger'")
        async with (
            PostgresEventStore(database, EVENTS, SteppedClock(instant)) as store,
            PostgresQueries(database, store, engine) as of_release_before,
        ):
            here = of_release_before.narrowed(HERE)
            assert await here.ledger_days(COMPANY) == now
            assert await here.ledger_days(COMPANY, as_of=instant) == then
    assert now
    assert then


async def test_transactions_are_filtered_by_kind_currency_place_and_session(database: str) -> None:
    facts = (await a_busy_day()).store.facts
    every = entries(facts, ENTRY)
    async with replayed_history(database, facts) as (queries, _):
        for kind in EntryKind:
            told = await listed(queries, TransactionFilter(kinds=(kind.value,)))
            assert told == [row for row in every if row.kind == kind and kind != EntryKind.SETTLEMENT]
        for number in {row.number for row in every}:
            told = await listed(queries, TransactionFilter(session=number))
            assert told == [row for row in every if row.number == number]
        here = TransactionFilter(currency="EUR", charge_point=CHARGE_BOX_ID, location=LOCATION)
        assert await listed(queries, here) == every
        for wanted in (
            TransactionFilter(currency="JPY"),
            TransactionFilter(location="elsewhere"),
            TransactionFilter(session=1),
        ):
            assert await listed(queries, wanted) == []


async def test_transactions_by_customer_and_payment_method_add_up_to_all_of_them(database: str) -> None:
    facts = [with_customer(fact) for fact in (await a_busy_day()).store.facts]
    every = entries(facts, ENTRY)
    hers = [row for row in every if row.customer == "ana"]
    assert 0 < len(hers) < len(every)
    async with replayed_history(database, facts) as (queries, _):
        for ask in (queries, queries.narrowed(HERE)):
            assert await listed(ask, TransactionFilter(customer="ana")) == hers
            assert await listed(ask, TransactionFilter(customer="ben")) == []
            by_invoice = await listed(ask, TransactionFilter(payment_method=PaymentMethod.INVOICE))
            by_nobody = await listed(ask, TransactionFilter(payment_method=PaymentMethod.NONE))
            assert by_invoice == hers
            assert sorted((*by_invoice, *by_nobody), key=lambda row: row.id, reverse=True) == every
        elsewhere = queries.narrowed(frozenset({"elsewhere"}))
        assert await listed(elsewhere, TransactionFilter(customer="ana")) == []
        then = facts[len(facts) // 2].recorded_at
        told = await listed(queries, TransactionFilter(customer="ana"), as_of=then)
        known = entries([fact for fact in facts if fact.recorded_at <= then], ENTRY)
        assert told == [row for row in hers if row in known]
