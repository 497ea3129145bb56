"""Connections that break at any moment: nothing acknowledged is lost, stored twice or guessed."""

import asyncio
import random
from datetime import timedelta

import psycopg

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.ports import Conflict, StreamAppend
from tests.contracts.accounts_example import EXAMPLES, WHY, Moved, Opened
from tests.contracts.faulty_wire import FaultyWire

KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE application_name LIKE %s AND datname = current_database()"
)


def opening(stream: str, owner: str = "Ada") -> list[StreamAppend]:
    return [StreamAppend(stream, 0, [Opened(owner=owner), Moved(amount=1)])]


async def test_a_commit_whose_answer_was_lost_is_found_and_acknowledged_once(
    dsn: str, clock: SteppedClock
) -> None:
    async with FaultyWire(dsn) as wire, PostgresEventStore(wire.address, EXAMPLES, clock) as store:
        await store.append(opening("account:0"), WHY)
        for n in range(1, 20):
            wire.lose_answer = True
            position = await store.append(opening(f"account:{n}"), WHY)
            facts = await store.read(f"account:{n}")
            assert [fact.version for fact in facts] == [1, 2]
            assert facts[-1].position == position
        assert wire.broken == 19
        assert await store.head() == 40


async def test_a_request_that_never_arrived_is_sent_again(dsn: str, clock: SteppedClock) -> None:
    async with FaultyWire(dsn) as wire, PostgresEventStore(wire.address, EXAMPLES, clock) as store:
        await store.append(opening("account:0"), WHY)
        for n in range(1, 20):
            wire.lose_request = True
            await store.append(opening(f"account:{n}"), WHY)
            assert len(await store.read(f"account:{n}")) == 2
        assert wire.broken == 19


async def test_who_came_second_learns_of_the_conflict_although_the_answer_was_lost(
    dsn: str, clock: SteppedClock
) -> None:
    async with (
        FaultyWire(dsn) as wire,
        PostgresEventStore(wire.address, EXAMPLES, clock) as store,
        PostgresEventStore(dsn, EXAMPLES, clock) as rival,
    ):
        await store.append(opening("account:0"), WHY)
        for n in range(1, 10):
            # Time passes between the two, as it does: no two processes record within the same microsecond.
            clock.step(timedelta(seconds=1))
            await rival.append(opening(f"account:{n}", "Ada"), WHY)
            clock.step(timedelta(seconds=1))
            wire.lose_answer = True
            results = await asyncio.gather(
                # The same event for the same version, from another: equal in content, and not ours.
                store.append(opening(f"account:{n}", "Ada"), WHY),
                store.append(opening(f"other:{n}"), WHY),
                return_exceptions=True,
            )
            assert isinstance(results[0], Conflict)
            assert isinstance(results[1], int)
            assert len(await store.read(f"account:{n}")) == 2


async def test_backends_killed_under_load_lose_and_double_nothing(dsn: str, clock: SteppedClock) -> None:
    rng = random.Random(7)
    acknowledged: dict[str, int] = {}
    stop = asyncio.Event()
    async with PostgresEventStore(dsn, EXAMPLES, clock) as store:

        async def charger(n: int) -> None:
            stream, version = f"account:{n}", 0
            while not stop.is_set():
                await store.append([StreamAppend(stream, version, [Moved(amount=version)])], WHY)
                version += 1
                acknowledged[stream] = version

        tasks = [asyncio.create_task(charger(n)) for n in range(40)]
        kills = 0
        with psycopg.connect(dsn, autocommit=True) as admin:
            while kills < 40:
                await asyncio.sleep(rng.uniform(0.005, 0.04))
                kills += len(admin.execute(KILL, ("eosvolt append",)).fetchall())
        stop.set()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)
        assert len(acknowledged) == 40
        for stream, version in acknowledged.items():
            facts = await store.read(stream)
            assert [fact.event for fact in facts] == [Moved(amount=n) for n in range(version)]


async def test_commands_wait_as_long_as_the_database_is_away(dsn: str, clock: SteppedClock) -> None:
    async with FaultyWire(dsn) as wire, PostgresEventStore(wire.address, EXAMPLES, clock) as store:
        await store.append(opening("account:0"), WHY)
        wire.refusing = True
        wire.lose_request = True
        waiting = asyncio.create_task(store.append(opening("account:1"), WHY))
        await asyncio.sleep(1.5)
        assert not waiting.done()
        wire.refusing = False
        await asyncio.wait_for(waiting, 10)
        assert len(await store.read("account:1")) == 2


async def test_reading_goes_on_after_its_connections_were_killed(dsn: str, store: PostgresEventStore) -> None:
    await store.append(opening("account:1"), WHY)
    for _ in range(5):
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute(KILL, ("eosvolt read",))
        assert len(await store.read("account:1")) == 2


async def test_an_error_of_the_database_itself_reaches_the_caller(
    dsn: str, store: PostgresEventStore
) -> None:
    with psycopg.connect(dsn, autocommit=True) as admin:
        admin.execute(
            "ALTER TABLE stored_events ADD CONSTRAINT no_eve CHECK (position('Eve'::bytea in state) = 0)"
        )
    results = await asyncio.gather(
        store.append(opening("account:1", "Ada"), WHY),
        store.append(opening("account:2", "Eve"), WHY),
        store.append(opening("account:3", "Bob"), WHY),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [int, psycopg.errors.CheckViolation, int]
