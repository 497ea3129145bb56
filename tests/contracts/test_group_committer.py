"""Committing together: who is refused, who waits, and when a command is acknowledged."""

import asyncio
import math

import psycopg
import pytest
from eventsourcing.persistence import IntegrityError, Tracking

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.bookmark import held
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.group_committer import StoreClosed
from eosvolt.adapters.postgres.stored_events import Unstorable
from eosvolt.application.ports import Conflict, StreamAppend
from eosvolt.domain.kernel import Event
from tests.contracts.accounts_example import EXAMPLES, WHY, Moved, Opened
from tests.contracts.library_recorders import LibraryRecorder, LibraryTracking, datastore

LOCK = "SELECT pg_advisory_lock(hashtextextended('eosvolt.stored_events', 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended('eosvolt.stored_events', 0))"


def opening(stream: str, owner: str = "Ada") -> list[StreamAppend]:
    return [StreamAppend(stream, 0, [Opened(owner=owner)])]


async def test_nothing_is_acknowledged_before_the_commit(dsn: str, store: PostgresEventStore) -> None:
    with psycopg.connect(dsn, autocommit=True) as blocker:
        blocker.execute(LOCK)
        waiting = asyncio.create_task(store.append(opening("account:1"), WHY))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        assert list(await store.read("account:1")) == []
        blocker.execute(UNLOCK)
        position = await waiting
    with psycopg.connect(dsn) as other:
        found = other.execute("SELECT notification_id FROM stored_events").fetchall()
    assert found == [(position,)]


async def test_only_the_conflicting_commands_of_a_batch_fail(dsn: str, store: PostgresEventStore) -> None:
    await store.append(opening("account:50", "first"), WHY)
    with psycopg.connect(dsn, autocommit=True) as blocker:
        blocker.execute(LOCK)
        # The first goes out alone and waits; all the others gather behind it into one batch.
        first = asyncio.create_task(store.append(opening("account:1000"), WHY))
        await asyncio.sleep(0.1)
        others = [
            asyncio.create_task(store.append([*opening(f"account:{n}"), *opening(f"other:{n}")], WHY))
            for n in range(100)
        ]
        rival = asyncio.create_task(store.append(opening("account:7", "rival"), WHY))
        await asyncio.sleep(0.1)
        blocker.execute(UNLOCK)
        results = await asyncio.gather(first, *others, rival, return_exceptions=True)
    refused = [n for n, result in enumerate(results[1:-1]) if isinstance(result, Conflict)]
    assert refused == [50]
    assert isinstance(results[-1], Conflict)
    assert list(await store.read("other:50")) == []
    positions = [result for result in results[1:-1] if isinstance(result, int)]
    assert positions == sorted(positions)
    for n, position in zip([n for n in range(100) if n != 50], positions, strict=True):
        assert (await store.read(f"other:{n}"))[0].position == position


async def test_callers_wait_when_the_queue_is_full(dsn: str, clock: SteppedClock) -> None:
    async with PostgresEventStore(dsn, EXAMPLES, clock, rows_waiting=10) as store:
        with psycopg.connect(dsn, autocommit=True) as blocker:
            blocker.execute(LOCK)
            tasks = [asyncio.create_task(store.append(opening(f"account:{n}"), WHY)) for n in range(100)]
            await asyncio.sleep(0.2)
            assert store.waiting <= 10
            blocker.execute(UNLOCK)
            positions = await asyncio.gather(*tasks)
        assert len(set(positions)) == 100


async def test_an_event_that_would_not_come_back_equal_is_refused_alone(store: PostgresEventStore) -> None:
    class Unlisted(Event, frozen=True, tag="unlisted"):
        """Not in the vocabulary."""

    results = await asyncio.gather(
        store.append(opening("account:1"), WHY),
        store.append([StreamAppend("account:2", 0, [Moved(amount=1, weight=math.inf)])], WHY),
        store.append([StreamAppend("account:3", 0, [Moved(amount="seven")])], WHY),  # type: ignore[arg-type]  # the mistake under test
        store.append([StreamAppend("account:4", 0, [Unlisted()])], WHY),
        store.append([StreamAppend("account:5", 0, [Opened(owner="\ud800")])], WHY),
        store.append(opening("account:6"), WHY),
        return_exceptions=True,
    )
    assert [type(result) for result in results] == [int, Unstorable, Unstorable, Unstorable, Unstorable, int]
    assert await store.read("account:6")


async def test_a_command_given_up_before_its_commit_began_is_not_stored(
    dsn: str, store: PostgresEventStore
) -> None:
    with psycopg.connect(dsn, autocommit=True) as blocker:
        blocker.execute(LOCK)
        first = asyncio.create_task(store.append(opening("account:1"), WHY))
        await asyncio.sleep(0.1)
        second = asyncio.create_task(store.append(opening("account:2"), WHY))
        await asyncio.sleep(0.1)
        second.cancel()
        blocker.execute(UNLOCK)
        await first
    await store.append(opening("account:3"), WHY)
    assert list(await store.read("account:2")) == []


async def test_a_command_larger_than_a_batch_is_stored_whole(store: PostgresEventStore) -> None:
    events = [Moved(amount=n) for n in range(5_000)]
    await store.append([StreamAppend("account:1", 0, events)], WHY)
    assert [fact.event for fact in await store.read("account:1")] == events


async def test_closing_stores_what_waits_and_takes_nothing_more(dsn: str, clock: SteppedClock) -> None:
    async with PostgresEventStore(dsn, EXAMPLES, clock) as store:
        tasks = [asyncio.create_task(store.append(opening(f"account:{n}"), WHY)) for n in range(20)]
        await asyncio.sleep(0)
    assert len(set(await asyncio.gather(*tasks))) == 20
    with pytest.raises(StoreClosed):
        await store.append(opening("account:99"), WHY)


async def test_the_librarys_recorder_and_the_committer_share_one_log(
    dsn: str, store: PostgresEventStore
) -> None:
    await store.append(opening("account:1"), WHY)
    recorder = LibraryRecorder(datastore(dsn))
    try:
        fact = (await store.read("account:1"))[0]
        stored = store.mapper.to_stored_event(fact)
        with pytest.raises(IntegrityError):
            recorder.insert_events([stored])
        found = recorder.select_notifications(1, 10)
        assert [store.mapper.to_domain_event(notification) for notification in found] == [fact]
        assert recorder.max_notification_id() == fact.position
    finally:
        recorder.datastore.close()


async def test_the_librarys_tracking_and_our_bookmarks_share_one_table(
    dsn: str, store: PostgresEventStore
) -> None:
    await store.append(opening("account:1"), WHY)
    tracking = LibraryTracking(datastore(dsn))
    try:
        async with held(dsn, "dispatcher") as bookmark:
            assert await bookmark.position() == tracking.max_tracking_id("dispatcher") == 1
            await store.append(opening("account:2"), WHY)
            tracking.insert_tracking(Tracking("dispatcher", 2))
            assert await bookmark.position() == 2
            with pytest.raises(IntegrityError):
                tracking.insert_tracking(Tracking("dispatcher", 1))
    finally:
        tracking.datastore.close()
