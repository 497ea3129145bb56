"""A follower of the log misses nothing and hands on nothing twice, through wake-ups, pages and outages."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore, MemoryPage
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.companies.events import CompanyRenamed
from eosvolt.domain.kernel import Provenance
from eosvolt.runtime.log_follower import FromNow, LogFollower, LogPage
from tests.examples import COMPANY, MORNING

WHY = Provenance(company=COMPANY, by="admin:test")
SOON = 0.01


class Away(Exception):  # noqa: N818 - the database, for a while
    """The database does not answer."""


class Store(MemoryEventStore):
    """A log that is away as often as it is told."""

    def __init__(self) -> None:
        super().__init__(SteppedClock(MORNING))
        self.outages = 0
        self.reads = 0

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> MemoryPage:
        self.reads += 1
        if self.outages:
            self.outages -= 1
            raise Away
        return await super().read_log(after, limit, tags)


class Deaf(Store):
    """A log whose wake-ups never come."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        del listener
        return lambda: None


class Kept:
    """A cursor that survives its follower."""

    def __init__(self, at: int = 0) -> None:
        self.at = at

    async def position(self) -> int:
        return self.at

    async def advance(self, position: int) -> None:
        self.at = position


class Receiver:
    """What a follower handed on, by position."""

    def __init__(self, fails: int = 0) -> None:
        self.positions: list[int] = []
        self.fails = fails

    async def __call__(self, page: LogPage) -> None:
        if self.fails:
            self.fails -= 1
            raise LookupError
        self.positions += [fact.position for fact in page.facts]

    async def reach(self, position: int) -> None:
        async with asyncio.timeout(5):
            while position not in self.positions:
                await asyncio.sleep(0)


async def happen(store: Store, times: int = 1) -> None:
    for _ in range(times):
        number = len(store.facts)
        event = CompanyRenamed(name=f"name {number}", at=MORNING)
        await store.append([StreamAppend("company:1", number, [event])], WHY)


@asynccontextmanager
async def running(follower: LogFollower) -> AsyncIterator[None]:
    task = asyncio.create_task(follower.run((Away,)))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_everything_behind_the_cursor_is_handed_on_once_in_the_order_of_the_log() -> None:
    store, receiver, cursor = Store(), Receiver(), Kept(2)
    await happen(store, 7)
    async with running(LogFollower(store, cursor, receiver, per_page=2, pace=0)):
        await receiver.reach(7)
    assert receiver.positions == [3, 4, 5, 6, 7]
    assert cursor.at == 7


async def test_a_follower_from_now_on_gets_no_earlier_events() -> None:
    store, receiver = Store(), Receiver()
    await happen(store, 3)
    follower = LogFollower(store, FromNow(store.head), receiver)
    async with running(follower):
        while follower.position is None:
            await asyncio.sleep(0)
        await happen(store)
        await receiver.reach(4)
    assert receiver.positions == [4]


async def test_a_follower_without_news_is_woken_and_does_not_wait_for_its_next_look() -> None:
    store, receiver = Store(), Receiver()
    follower = LogFollower(store, Kept(), receiver, look_every=3_600)
    async with running(follower):
        while not store.reads:
            await asyncio.sleep(0)
        await happen(store)
        await receiver.reach(1)


async def test_an_event_that_comes_while_a_page_is_read_is_news() -> None:
    store, receiver = Store(), Receiver()
    follower = LogFollower(store, Kept(), receiver)
    with follower.listening():
        await follower.step()
        await happen(store)
        await follower.wait(3_600)
        await follower.step()
    assert receiver.positions == [1]


async def test_a_lost_wake_up_costs_time_and_no_event() -> None:
    store, receiver = Deaf(), Receiver()
    async with running(LogFollower(store, Kept(), receiver, look_every=SOON)):
        while not store.reads:
            await asyncio.sleep(0)
        await happen(store)
        await receiver.reach(1)


async def test_an_outage_is_waited_for_and_skips_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("eosvolt.runtime.log_follower.OUTAGE_SECONDS", SOON)
    store, receiver = Store(), Receiver()
    store.outages = 2
    await happen(store, 3)
    async with running(LogFollower(store, Kept(), receiver)):
        await receiver.reach(3)
    assert receiver.positions == [1, 2, 3]


async def test_the_cursor_stays_before_a_page_that_could_not_be_handled() -> None:
    store, receiver, cursor = Store(), Receiver(fails=1), Kept()
    await happen(store, 2)
    follower = LogFollower(store, cursor, receiver)
    with pytest.raises(LookupError):
        await follower.step()
    assert (cursor.at, follower.position) == (0, 0)
    await follower.step()
    assert receiver.positions == [1, 2]


async def test_other_events_move_the_cursor_without_a_call() -> None:
    store, receiver, cursor = Store(), Receiver(), Kept()
    await happen(store, 3)
    follower = LogFollower(store, cursor, receiver, tags=frozenset())
    assert await follower.step() == 3
    assert (receiver.positions, cursor.at) == ([], 3)


async def test_who_waits_for_positions_is_asked_instead_of_wake_ups() -> None:
    store, receiver = Store(), Receiver()
    asked: list[int] = []
    grown = asyncio.Event()

    async def wait(after: int, seconds: float) -> None:
        asked.append(after)
        await grown.wait()
        grown.clear()

    async with running(LogFollower(store, Kept(), receiver, wait=wait)):
        while not asked:
            await asyncio.sleep(0)
        await happen(store)
        grown.set()
        await receiver.reach(1)
        while len(asked) < 2:
            await asyncio.sleep(0)
    assert asked == [0, 1]
