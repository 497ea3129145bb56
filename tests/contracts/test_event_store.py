"""What every event store keeps: order, atomicity, conflicts, and answers about the past."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.application.ports import Conflict, StreamAppend
from tests.contracts.accounts_example import ELSEWHERE, WHY, Moved, Opened

Store = MemoryEventStore | PostgresEventStore


async def test_what_was_appended_is_read_back_with_its_provenance(any_store: Store) -> None:
    at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    position = await any_store.append(
        [StreamAppend("account:1", 0, [Opened(owner="Ada", at=at), Moved(amount=5)])], WHY
    )
    facts = await any_store.read("account:1")
    assert [fact.event for fact in facts] == [Opened(owner="Ada", at=at), Moved(amount=5)]
    assert [fact.version for fact in facts] == [1, 2]
    assert facts[-1].position == position
    assert facts[0].position < facts[1].position
    assert {fact.why for fact in facts} == {WHY}
    assert facts[0].stream == "account:1"


async def test_a_stream_that_does_not_exist_is_empty(any_store: Store) -> None:
    assert list(await any_store.read("account:none")) == []
    assert await any_store.head() == 0


async def test_several_streams_are_read_in_one_go_each_in_its_order(any_store: Store) -> None:
    for amount in (1, 2):
        entries = [StreamAppend(f"account:{n}", amount - 1, [Moved(amount=amount * n)]) for n in (1, 2, 3)]
        await any_store.append(entries, WHY)
    facts = await any_store.read_together(["account:3", "account:none", "account:1"])
    assert sorted(facts, key=lambda fact: fact.stream) == [
        *await any_store.read("account:1"),
        *await any_store.read("account:3"),
    ]


async def test_nothing_to_append_is_a_mistake(any_store: Store) -> None:
    with pytest.raises(ValueError, match="nothing"):
        await any_store.append([StreamAppend("account:1", 0, [])], WHY)


async def test_a_stale_expectation_is_a_conflict_and_stores_nothing(any_store: Store) -> None:
    await any_store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
    with pytest.raises(Conflict):
        await any_store.append([StreamAppend("account:1", 0, [Opened(owner="Bob")])], WHY)
    assert [fact.event for fact in await any_store.read("account:1")] == [Opened(owner="Ada")]


async def test_entries_for_several_streams_are_stored_all_or_none(any_store: Store) -> None:
    await any_store.append([StreamAppend("account:2", 0, [Opened(owner="Bob")])], WHY)
    with pytest.raises(Conflict):
        await any_store.append(
            [
                StreamAppend("account:1", 0, [Opened(owner="Ada")]),
                StreamAppend("account:2", 0, [Opened(owner="Eve")]),
            ],
            WHY,
        )
    assert list(await any_store.read("account:1")) == []
    await any_store.append(
        [
            StreamAppend("account:1", 0, [Opened(owner="Ada")]),
            StreamAppend("account:2", 1, [Moved(amount=1)]),
        ],
        WHY,
    )
    assert len(await any_store.read("account:1")) == 1
    assert len(await any_store.read("account:2")) == 2


async def test_two_entries_that_claim_the_same_version_are_a_conflict(any_store: Store) -> None:
    with pytest.raises(Conflict):
        await any_store.append(
            [
                StreamAppend("account:1", 0, [Opened(owner="Ada")]),
                StreamAppend("account:1", 0, [Opened(owner="Bob")]),
            ],
            WHY,
        )
    assert list(await any_store.read("account:1")) == []


async def test_of_many_who_append_to_the_same_version_exactly_one_succeeds(any_store: Store) -> None:
    results = await asyncio.gather(
        *(any_store.append([StreamAppend("account:1", 0, [Opened(owner=str(n))])], WHY) for n in range(50)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 49
    assert len(await any_store.read("account:1")) == 1


async def test_recording_times_grow_even_when_the_clock_goes_back(
    any_store: Store, clock: SteppedClock
) -> None:
    for n in range(3):
        await any_store.append([StreamAppend(f"account:{n}", 0, [Opened(owner="Ada")])], WHY)
        clock.step(timedelta(hours=-1))
    times = [(await any_store.read(f"account:{n}"))[0].recorded_at for n in range(3)]
    assert times == sorted(times)
    assert len(set(times)) == 3


async def test_the_position_at_an_instant_is_the_last_one_recorded_by_then(
    any_store: Store, clock: SteppedClock
) -> None:
    begin = clock.now()
    positions = []
    for n in range(10):
        positions.append(
            await any_store.append([StreamAppend(f"account:{n}", 0, [Opened(owner="Ada")])], WHY)
        )
        if n == 4:
            with pytest.raises(Conflict):
                await any_store.append([StreamAppend("account:0", 0, [Opened(owner="gap")])], WHY)
        clock.step(timedelta(minutes=1))
    assert await any_store.position_at(begin - timedelta(seconds=1)) == 0
    for n, position in enumerate(positions):
        recorded = (await any_store.read(f"account:{n}"))[0].recorded_at
        assert await any_store.position_at(recorded) == position
        assert await any_store.position_at(recorded - timedelta(microseconds=1)) == (
            positions[n - 1] if n else 0
        )
        assert await any_store.position_at(begin + timedelta(minutes=n, seconds=30)) == position
    assert await any_store.position_at(begin + timedelta(days=9)) == positions[-1]


async def test_a_search_keeps_to_all_of_its_conditions(any_store: Store, clock: SteppedClock) -> None:
    start = clock.now()
    for n in range(6):
        why = WHY if n % 2 else ELSEWHERE
        await any_store.append(
            [StreamAppend(f"account:{n}", 0, [Opened(owner=str(n)), Moved(amount=n)])], why
        )
        clock.step(timedelta(minutes=1))

    async def found(**conditions: object) -> list[str]:
        return [f"{f.stream}/{f.version}" async for f in any_store.search(**conditions)]  # type: ignore[arg-type]  # any of its conditions

    assert await found(stream="account:3") == ["account:3/1", "account:3/2"]
    assert await found(tags=["opened"], company=242) == ["account:1/1", "account:3/1", "account:5/1"]
    assert await found(since=start + timedelta(minutes=4)) == [
        f"account:{n}/{v}" for n in (4, 5) for v in (1, 2)
    ]
    assert await found(until=start + timedelta(seconds=1)) == ["account:0/1", "account:0/2"]
    assert await found(company=7, limit=3) == ["account:0/1", "account:0/2", "account:2/1"]
    middle = (await any_store.read("account:2"))[-1].position
    assert await found(company=7, after=middle) == ["account:4/1", "account:4/2"]
    assert await found(company=99) == []


async def test_a_companys_feed_goes_on_from_any_position(any_store: Store) -> None:
    for n in range(30):
        await any_store.append(
            [StreamAppend(f"account:{n}", 0, [Opened(owner=str(n))])], WHY if n % 3 else ELSEWHERE
        )
    seen: list[str] = []
    after = 0
    while batch := await any_store.feed(7, after, 3):
        seen += [fact.stream for fact in batch]
        after = batch[-1].position
    assert seen == [f"account:{n}" for n in range(0, 30, 3)]


async def test_a_stream_can_be_read_as_it_was_at_a_position(any_store: Store) -> None:
    first = await any_store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
    await any_store.append([StreamAppend("account:1", 1, [Moved(amount=1)])], WHY)
    assert [fact.version for fact in await any_store.read("account:1", until=first)] == [1]


async def test_listeners_hear_of_what_was_stored_until_they_end_it(any_store: Store) -> None:
    heard = asyncio.Event()
    end = any_store.subscribe(heard.set)
    await any_store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
    assert heard.is_set()
    end()
    end()


async def test_what_a_history_in_memory_handed_over_is_not_read_as_if_it_had_never_been() -> None:
    store = MemoryEventStore(SteppedClock(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)))
    await store.append([StreamAppend("account:a", 0, [Opened(owner="Ada")])], WHY)
    handed_over = store.hand_over()
    await store.append([StreamAppend("account:a", 1, [Moved(amount=5)])], WHY)
    assert [fact.version for fact in (*handed_over, *store.hand_over())] == [1, 2]
    assert await store.head() == 2
    with pytest.raises(LookupError):
        await store.read("account:a")
    with pytest.raises(Conflict):
        await store.append([StreamAppend("account:a", 1, [Moved(amount=6)])], WHY)
