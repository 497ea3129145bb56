"""The live feed: every reader gets its company's facts once, without a gap, wherever it begins."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore, MemoryPage
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.companies.events import CompanyRenamed
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.runtime.event_feed import BATCHES_WAITING, NAME, EventFeed
from eosvolt.runtime.supervisor import Supervisor
from tests.examples import COMPANY, MORNING

OTHER_COMPANY = COMPANY + 1


class ShownStore(MemoryEventStore):
    """A log whose read models show everything at once."""

    async def wait(self, after: int, seconds: float) -> None:
        grown = asyncio.Event()
        unsubscribe = self.subscribe(grown.set)
        try:
            if len(self.facts) <= after:
                async with asyncio.timeout(seconds):
                    await grown.wait()
        except TimeoutError:
            pass
        finally:
            unsubscribe()


def log() -> ShownStore:
    return ShownStore(SteppedClock(MORNING))


def supervised() -> tuple[Supervisor, MemoryFailedJobs]:
    listed = MemoryFailedJobs()
    return Supervisor(listed, SteppedClock(MORNING)), listed


class BrokenOnce(ShownStore):
    """A log that cannot be read the first time that there is something to read."""

    broken = True

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> MemoryPage:
        page = await super().read_log(after, limit, tags)
        if page.facts and self.broken:
            self.broken = False
            raise LookupError("this page")
        return page


async def happen(store: ShownStore, company: int = COMPANY, times: int = 1) -> None:
    for _ in range(times):
        stream = f"company:{company}"
        number = len(await store.read(stream))
        event = CompanyRenamed(name=f"name {number}", at=MORNING)
        await store.append(
            [StreamAppend(stream, number, [event])], Provenance(company=company, by="admin:test")
        )


async def positions(reader: AsyncIterator[Sequence[Fact]], until: int) -> list[int]:
    """What the reader gets, up to and with a position."""
    found: list[int] = []
    async with asyncio.timeout(5):
        async for facts in reader:
            found += [fact.position for fact in facts]
            if until in found:
                return found
    return found


async def test_who_comes_back_reads_what_it_missed_and_then_what_happens() -> None:
    store = log()
    feed = EventFeed(store, store, (), supervised()[0])
    await happen(store, times=3)
    reader = feed.follow(COMPANY, after=1)
    assert await positions(reader, until=3) == [2, 3]
    await happen(store)
    assert await positions(reader, until=4) == [4]
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_no_reader_gets_what_happens_at_another_company() -> None:
    store = log()
    feed = EventFeed(store, store, (), supervised()[0])
    own, other = feed.follow(COMPANY, after=0), feed.follow(OTHER_COMPANY, after=0)
    await happen(store)
    await happen(store, OTHER_COMPANY)
    await happen(store)
    assert await positions(own, until=3) == [1, 3]
    assert await positions(other, until=2) == [2]
    await own.aclose()  # type: ignore[attr-defined] # it is a generator
    await other.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_a_quiet_feed_gives_a_keep_alive() -> None:
    store = log()
    reader = EventFeed(store, store, (), supervised()[0], heartbeat=0.01).follow(COMPANY)
    assert [await anext(reader) for _ in range(3)] == [[], [], []]
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_a_reader_misses_nothing_from_the_first_empty_batch_on() -> None:
    store = log()
    reader = EventFeed(store, store, (), supervised()[0]).follow(COMPANY)
    async with asyncio.timeout(5):
        assert await anext(reader) == []
    await happen(store)
    assert await positions(reader, until=1) == [1]
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_a_reader_that_does_not_keep_up_is_cut_off_after_what_waits_for_it() -> None:
    store = log()
    feed = EventFeed(store, store, (), supervised()[0], heartbeat=0.01)
    slow = feed.follow(COMPANY, after=0)
    assert await anext(slow) == []
    for number in range(1, BATCHES_WAITING + 2):
        await happen(store)
        fast = feed.follow(COMPANY, after=number - 1)
        assert await positions(fast, until=number) == [number]
        await fast.aclose()  # type: ignore[attr-defined] # it is a generator
    found = [fact.position async for facts in slow for fact in facts]
    assert found == [*range(1, BATCHES_WAITING + 1)]


async def test_nothing_is_followed_once_the_last_reader_has_gone() -> None:
    store = log()
    reader = EventFeed(store, store, (), supervised()[0], heartbeat=0.01).follow(COMPANY)
    await anext(reader)
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_feed_that_stops_with_an_error_starts_again_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("eosvolt.runtime.supervisor.LONGEST_PAUSE_SECONDS", 0.01)
    store = BrokenOnce(SteppedClock(MORNING))
    supervisor, listed = supervised()
    reader = EventFeed(store, store, (), supervisor, heartbeat=0.01).follow(COMPANY)
    assert await anext(reader) == []
    await happen(store)
    assert await positions(reader, until=1) == [1]
    assert [(job.subject, job.error) for job in listed.listed] == [(NAME, "LookupError: this page")]
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator


async def test_the_feed_is_a_job_while_it_has_readers() -> None:
    store, (supervisor, _) = log(), supervised()
    reader = EventFeed(store, store, (), supervisor, heartbeat=0.01).follow(COMPANY)
    assert [await anext(reader) for _ in range(2)] == [[], []]
    assert [(job.job, job.position) for job in supervisor.jobs()] == [(NAME, 0)]
    await reader.aclose()  # type: ignore[attr-defined] # it is a generator
    assert supervisor.jobs() == []
