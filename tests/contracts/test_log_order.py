"""Following the log: with any number of writers, nobody who reads forward ever misses an event."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.append import APPEND, columns
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.application.ports import Conflict, StreamAppend
from tests.contracts.accounts_example import EXAMPLES, WHY, Moved, Opened

WRITERS = 16
EACH = 150


def _write(dsn: str, writer: int, clock: SteppedClock) -> None:
    mapper = EventMapper(EXAMPLES)
    with psycopg.connect(dsn, autocommit=True) as connection:
        for n in range(EACH):
            rows = [
                mapper.stored(f"account:{writer}-{n}", version, Moved(amount=version), clock.now(), WHY)
                for version in (1, 2, 3)
            ]
            connection.execute(APPEND, columns(rows), prepare=True)


async def test_a_follower_misses_nothing_of_sixteen_concurrent_writers(
    dsn: str, store: PostgresEventStore, clock: SteppedClock
) -> None:
    loop = asyncio.get_running_loop()
    seen: list[int] = []
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [loop.run_in_executor(pool, _write, dsn, writer, clock) for writer in range(WRITERS)]
        done = asyncio.gather(*writing)
        after = 0
        while True:
            finished = done.done()
            page = await store.read_log(after, 500)
            seen += [fact.position for fact in page.facts]
            after = page.last
            if finished and not page.passed:
                break
        await done
    assert len(seen) == WRITERS * EACH * 3
    assert seen == sorted(seen)
    assert len(set(seen)) == len(seen)


async def test_a_failed_append_leaves_a_gap_that_is_never_filled(store: PostgresEventStore) -> None:
    await store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
    for _ in range(3):
        with pytest.raises(Conflict):
            await store.append([StreamAppend("account:1", 0, [Opened(owner="Bob")])], WHY)
    last = await store.append([StreamAppend("account:2", 0, [Opened(owner="Eve")])], WHY)
    page = await store.read_log(0, 10)
    assert [fact.stream for fact in page.facts] == ["account:1", "account:2"]
    assert page.last == last
    assert (await store.read_log(last, 10)).passed == 0


async def test_two_stores_on_one_table_keep_to_each_others_versions(dsn: str, clock: SteppedClock) -> None:
    async with (
        PostgresEventStore(dsn, EXAMPLES, clock) as one,
        PostgresEventStore(dsn, EXAMPLES, clock) as two,
    ):
        won = {id(one): 0, id(two): 0}

        async def compete(store: PostgresEventStore) -> None:
            for version in range(200):
                try:
                    await store.append([StreamAppend("account:1", version, [Moved(amount=version)])], WHY)
                    won[id(store)] += 1
                except Conflict:
                    # What the other one stored is there already: the conflict came from the table.
                    assert len(await store.read("account:1")) > version

        await asyncio.gather(compete(one), compete(two))
        facts = await one.read("account:1")
        assert [fact.event for fact in facts] == [Moved(amount=n) for n in range(200)]
        assert sum(won.values()) == 200


async def test_another_process_is_woken_within_moments(dsn: str, clock: SteppedClock) -> None:
    async with (
        PostgresEventStore(dsn, EXAMPLES, clock) as one,
        PostgresEventStore(dsn, EXAMPLES, clock) as two,
    ):
        heard = asyncio.Event()
        two.subscribe(heard.set)
        await asyncio.sleep(0.5)
        heard.clear()
        await one.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
        await asyncio.wait_for(heard.wait(), 30)
        assert await two.read("account:1")
