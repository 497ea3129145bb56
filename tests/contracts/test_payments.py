"""Payments of drivers on PostgreSQL: whose they are, which are due, how the ledger shows their sessions."""

from datetime import timedelta
from pathlib import Path

from argon2 import PasswordHasher

from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.background_queries import BackgroundQueries
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.failed_jobs import PostgresFailedJobs
from eosvolt.application.failed_jobs import Job
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.payment_methods import PaymentMethod
from eosvolt.application.questions import SessionFilter
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections.payments import payments
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY
from tests.paying import DRIVER_ID, PaidScenario

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


async def paid_day(directory: Path) -> PaidScenario:
    """A session that is paid for, one without a payment, and a payment that waits for its driver."""
    s = PaidScenario(directory, "https://pay.example")
    await s.opened()
    await s.reports(-1, "Preparing")
    await s.wants(0)
    await s.asks()
    s.provider.confirmed((await s.payment()).reference)
    await s.asks()
    await s.charges(1, 3_000)
    await s.asks()
    other = (await s.starts(40, 4_000)).transaction
    await s.stops(60, other, 6_000)
    await s.reports(61, "Available")
    await s.wants(70, "start-2")
    await s.asks()
    return s


async def test_payments_are_found_by_their_drivers_and_sessions(database: str, tmp_path: Path) -> None:
    s = await paid_day(tmp_path)
    hours = timedelta(hours=24)
    async with replayed_history(database, s.store.facts) as (queries, _):
        async with PostgresAccounts(database, b"k" * 32, CHEAP, hours, mailing=False) as accounts:
            ask = accounts.driver_queries
            paid = await ask.payment(DRIVER_ID, "start-1")
            assert paid == s.row()
            assert await ask.payment(DRIVER_ID, paid.session) == paid
            for driver, wanted in (("d8", "start-1"), (DRIVER_ID, "170002"), (DRIVER_ID, "")):
                assert await ask.payment(driver, wanted) is None
            own = await ask.sessions((), DRIVER_ID, cursor=None, limit=5)
            assert [each.id for each in own.items] == [paid.session]
            assert (await ask.sessions((), "d8", cursor=None, limit=5)).items == []
        facts = await queries.payment_facts(COMPANY, "start-1")
        assert [fact.event for fact in facts] == [
            fact.event for fact in s.store.facts if fact.stream == "payment:start-1"
        ]
        assert await queries.payment_facts(COMPANY + 1, "start-1") == []
        by_method = {
            each: await queries.transactions(COMPANY, TransactionFilter(payment_method=each))
            for each in PaymentMethod
        }
        shown = {each: {row.session for row in page.items} for each, page in by_method.items()}
        assert shown == {
            PaymentMethod.CARD: {paid.session},
            PaymentMethod.NONE: {"170002"},
            PaymentMethod.INVOICE: set(),
        }
        by_card = await queries.sessions(COMPANY, SessionFilter(payment_method=PaymentMethod.CARD))
        assert [row.id for row in by_card.items] == [paid.session]
        by_nobody = await queries.sessions(COMPANY, SessionFilter(payment_method=PaymentMethod.NONE))
        assert [row.id for row in by_nobody.items] == ["170002"]


async def test_a_payment_that_failed_waits_for_its_next_attempt(database: str, tmp_path: Path) -> None:
    s = await paid_day(tmp_path)
    now = s.clock.now() + timedelta(minutes=1)
    async with (
        replayed_history(database, s.store.facts),
        PostgresEventStore(database, EVENTS, WallClock()) as store,
        BackgroundQueries(database, store) as background,
        PostgresFailedJobs(database) as failed,
    ):
        (due,) = await background.payments_due(now, 10)
        assert (due.stream, due.company, due.failed_before) == ("payment:start-2", COMPANY, False)
        assert due.due_at == s.row("start-2").due_at
        await failed.failed(Job.DEADLINE, due.stream, COMPANY, "It is away.", now, deadline=due.due_at)
        assert await background.payments_due(now, 10) == []
        await background.forget_settled_failures()
        (again,) = await background.payments_due(now + timedelta(hours=1), 10)
        assert again.failed_before
    assert s.models.row(payments, "start-1") == s.row()
