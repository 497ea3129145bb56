"""A past that was lived elsewhere stands in the history as if lived here: all of it or nothing."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.errors import UniqueViolation

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.history_check import check_history
from eosvolt.adapters.postgres.past import seal_past, write_past
from eosvolt.adapters.postgres.sealer import EVENTS_PER_SEAL, Sealer
from eosvolt.application.ports import Frame, StreamAppend
from eosvolt.domain.kernel import Fact
from tests.contracts.accounts_example import WHY, Moved, Opened

SECRET = b"kept elsewhere"
BEGUN = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
ALONGSIDE = Statements(Statement("CREATE TABLE alongside (id integer)", ()))


async def lived(events: int) -> list[Fact]:
    """So many events, one a minute."""
    clock = SteppedClock(BEGUN)
    store = MemoryEventStore(clock)
    await store.append([StreamAppend("account:a", 0, [Opened(owner="Ada")])], WHY)
    for number in range(1, events):
        clock.step(timedelta(minutes=1))
        await store.append([StreamAppend("account:a", number, [Moved(amount=number)])], WHY)
    return store.facts


def frame(at: datetime) -> Frame:
    return Frame(1, "1/A", "c", "in", at, '[2,"1","Heartbeat",{}]', "1", "Heartbeat", "answered")


def nobody(_share: float) -> None:
    """Nobody watches."""


async def test_facts_and_frames_have_the_instants_of_their_time(store: PostgresEventStore, dsn: str) -> None:
    facts = await lived(50)
    frames = [frame(fact.recorded_at) for fact in facts[::10]]
    shares: list[float] = []
    await write_past(dsn, store.mapper, facts, frames, (ALONGSIDE,), shares.append)
    assert await store.read("account:a") == facts
    assert await store.position_at(BEGUN + timedelta(minutes=9, seconds=30)) == 10
    with psycopg.connect(dsn) as connection:
        kept = connection.execute("SELECT at FROM ocpp_frames ORDER BY at").fetchall()
        assert connection.execute("SELECT count(*) FROM alongside").fetchone() == (0,)
    assert [at for (at,) in kept] == [each.at for each in frames]
    assert shares == sorted(shares)
    assert shares[-1] == 1


async def test_it_is_sealed_at_the_instants_of_its_time(store: PostgresEventStore, dsn: str) -> None:
    facts = await lived(EVENTS_PER_SEAL * 2 + 100)
    await write_past(dsn, store.mapper, facts, [], (), nobody)
    await seal_past(dsn, Sealer(dsn, SECRET), [fact.recorded_at for fact in facts])
    report = await check_history(dsn, SECRET)
    assert report.intact
    assert (report.seals, report.unsealed) == (3, 0)
    with psycopg.connect(dsn) as connection:
        sealed = connection.execute("SELECT up_to, sealed_at FROM history_seals ORDER BY up_to").fetchall()
    assert sealed == [(up_to, facts[up_to - 1].recorded_at) for up_to, _ in sealed]


async def test_behind_other_events_nothing_is_recorded_earlier_than_they_are(
    store: PostgresEventStore, dsn: str, clock: SteppedClock
) -> None:
    await store.append([StreamAppend("account:b", 0, [Opened(owner="Ben")])], WHY)
    facts = await lived(5)
    await write_past(dsn, store.mapper, facts, [], (), nobody)
    recorded = [fact.recorded_at for fact in await store.read("account:a")]
    assert min(recorded) > clock.now()
    await store.append([StreamAppend("account:b", 1, [Moved(amount=1)])], WHY)
    assert (await store.read("account:b"))[-1].recorded_at >= max(recorded)


async def test_where_a_stream_exists_nothing_is_written(store: PostgresEventStore, dsn: str) -> None:
    await store.append([StreamAppend("account:a", 0, [Opened(owner="Ben")])], WHY)
    with pytest.raises(UniqueViolation):
        await write_past(dsn, store.mapper, await lived(5), [frame(BEGUN)], (ALONGSIDE,), nobody)
    assert await store.head() == 1
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT count(*) FROM ocpp_frames").fetchone() == (0,)
        assert connection.execute("SELECT to_regclass('alongside')").fetchone() == (None,)
