"""Payouts on PostgreSQL: pages, statements, what can be withdrawn, and that none takes more than there is."""

import asyncio
from datetime import date

from msgspec.structs import replace

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.executor import Application, Plan
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import RequestPayout
from eosvolt.domain.payouts.decider import payouts
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, after
from tests.replay.payout_life import ACCOUNT, payout_life
from tests.scenario import WHY

# Of the golden history: 3.00 less the fee of 0.08, and 1.00 that was paid.
LEFT = 192


async def test_payouts_are_listed_and_belong_to_no_location(database: str) -> None:
    facts = (await payout_life()).store.facts
    async with replayed_history(database, facts) as (queries, _):
        first = await queries.payouts(COMPANY, limit=2)
        second = await queries.payouts(COMPANY, limit=2, cursor=first.cursor)
        assert [row.id for row in (*first.items, *second.items)] == ["w3", "w2", "w1"]
        assert second.cursor is None
        assert [row.state for row in (*first.items, *second.items)] == ["returned", "rejected", "paid"]
        before = next(fact.recorded_at for fact in facts if fact.stream == "payout:w3")
        then = await queries.payouts(COMPANY, as_of=before)
        assert [row.state for row in then.items] == ["requested"] * 3
        assert (await queries.payout(COMPANY + 1, "w1")) is None
        assert (await queries.payouts(COMPANY + 1)).items == []
        here = queries.narrowed(frozenset({"harbour"}))
        assert (await here.payout(COMPANY, "w1")) is None
        assert list((await here.payouts(COMPANY)).items) == []


async def test_a_statement_lists_exactly_what_came_since_the_request_before(database: str) -> None:
    s = await payout_life()
    facts = s.store.facts
    async with replayed_history(database, facts) as (queries, _):
        head = facts[-1].position
        found = await queries.withdrawable(COMPANY, "EUR", None)
        assert found == (Money("EUR", LEFT), head)
        row = await queries.payout(COMPANY, "w3")
        assert row is not None
        whole = await _movements(queries, _counting(row, head), None)
        assert sum(each.gross for each in whole) == LEFT
        assert [each.kind for each in whole] == [
            "settlement",
            "platformFee",
            "withdrawal",
            "withdrawal",
            "withdrawal",
            "withdrawalRejected",
            "withdrawalReturned",
        ]
        half = facts[-3].position
        later = await _movements(queries, _counting(row, head), _counting(row, half))
        earlier = await _movements(queries, _counting(row, half), None)
        assert [*earlier, *later] == whole
        last = await queries.last_payout_movements(COMPANY, _counting(row, head), None, 2)
        assert list(last) == whole[-2:]
        sums = await queries.payout_sums(COMPANY, _counting(row, head), None)
        assert sum(each.gross for each in sums) == LEFT
        assert sum(each.movements for each in sums) == len(whole)
        for each in sums:
            of_it = [row.gross for row in whole if (row.day, row.kind) == (each.day, each.kind)]
            assert (each.movements, each.gross) == (len(of_it), sum(of_it))


async def test_sessions_within_the_dispute_days_cannot_be_withdrawn_yet(database: str) -> None:
    facts = (await payout_life()).store.facts
    async with replayed_history(database, facts) as (queries, _):
        today = after(0).date()
        assert (await queries.withdrawable(COMPANY, "EUR", today)).available.minor == LEFT
        # Without the session and its fee, what was paid is missing.
        assert (await queries.withdrawable(COMPANY, "EUR", date(2026, 11, 20))).available.minor == -100
        assert (await queries.withdrawable(COMPANY, "JPY", None)).available.minor == 0


async def test_requests_at_once_never_take_more_than_there_is(database: str) -> None:
    facts = (await payout_life()).store.facts
    clock = SteppedClock(after(100))
    async with (
        replayed_history(database, facts) as (queries, _),
        PostgresEventStore(database, EVENTS, clock) as one,
        PostgresEventStore(database, EVENTS, clock) as another,
    ):
        # As in two processes: neither knows of what the other has in memory.
        ways = (Application(one), Application(another))
        tries = [_withdrawn(ways[number % 2], queries, f"p{number}", 50) for number in range(12)]
        outcomes = await asyncio.gather(*tries)
        assert sum(outcomes) == LEFT // 50
        found = await queries.withdrawable(COMPANY, "EUR", None)
        assert found.available.minor == LEFT - 50 * (LEFT // 50)


async def _movements(
    queries: PostgresQueries, payout: PayoutRow, before: PayoutRow | None
) -> list[LedgerRow]:
    async with queries.snapshot() as snapshot:
        batches = [each async for each in snapshot.payout_movements(COMPANY, payout, before, 2)]
    assert all(len(each) <= 2 for each in batches)
    return [row for each in batches for row in each]


def _counting(row: PayoutRow, position: int) -> PayoutRow:
    return replace(row, counted=position)


async def _withdrawn(application: Application, queries: PostgresQueries, payout: str, minor: int) -> bool:
    async def plan() -> Plan[None]:
        found = await queries.withdrawable(COMPANY, "EUR", None)
        command = RequestPayout(
            company=COMPANY,
            at=after(100),
            amount=Money("EUR", minor),
            available=found.available,
            position=found.position,
            account=ACCOUNT,
            due_on=date(2026, 11, 24),
            time_zone="Europe/Berlin",
        )
        unchanged = queries.not_lowered(COMPANY, found.position)
        return Plan((CommandEnvelope(payouts, payout, command),), None, alongside=(unchanged,))

    try:
        await application.perform(plan, WHY)
    except Rejected:
        return False
    return True
