"""The log as followers read it, in memory and on PostgreSQL, and as far as read models show it."""

import asyncio

from eosvolt.adapters.memory.event_store import MemoryEventStore
from eosvolt.adapters.postgres.bookmark import held
from eosvolt.adapters.postgres.connections import LOST
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projected_log import ProjectedLog
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.vocabulary import tag
from eosvolt.runtime.log_follower import LogFollower, LogPage
from tests.contracts.accounts_example import WHY, Moved, Opened
from tests.contracts.test_projection_engine import projecting
from tests.eventually import in_background

AnyStore = MemoryEventStore | PostgresEventStore


class Receiver:
    """What a follower handed on, by position."""

    def __init__(self) -> None:
        self.positions: list[int] = []

    async def __call__(self, page: LogPage) -> None:
        self.positions += [fact.position for fact in page.facts]

    async def reach(self, position: int) -> None:
        async with asyncio.timeout(10):
            while position not in self.positions:
                await asyncio.sleep(0.01)


async def opened(store: AnyStore, *keys: str) -> list[int]:
    return [
        await store.append([StreamAppend(f"account:{key}", 0, [Opened(owner="ACME")])], WHY) for key in keys
    ]


async def test_a_page_has_the_facts_that_are_asked_for_and_passes_the_others(any_store: AnyStore) -> None:
    first = (
        await any_store.append(
            [
                StreamAppend(
                    "account:1", 0, [Opened(owner="ACME"), Opened(owner="ACME"), Opened(owner="ACME")]
                )
            ],
            WHY,
        )
        - 2
    )
    page = await any_store.read_log(first, 2)
    assert [fact.position for fact in page.facts] == [first + 1, first + 2]
    assert (page.passed, page.last) == (2, first + 2)
    page = await any_store.read_log(first - 1, 2, frozenset({tag(Moved)}))
    assert (page.facts, page.passed, page.last) == ([], 2, first + 1)
    page = await any_store.read_log(first + 2, 2)
    assert (page.facts, page.passed, page.last) == ([], 0, first + 2)


async def test_a_cursor_in_the_database_survives_its_follower(dsn: str, store: PostgresEventStore) -> None:
    async with held(dsn, "test") as cursor:
        await LogFollower(store, cursor, Receiver()).step()
    positions = await opened(store, "1", "2")
    for _ in range(2):
        receiver = Receiver()
        async with held(dsn, "test") as cursor:
            await LogFollower(store, cursor, receiver).step()
        assert receiver.positions == positions
        positions = []


async def test_what_is_handed_on_the_read_models_show(dsn: str, store: PostgresEventStore) -> None:
    async with projecting(dsn, store) as engine:
        log, receiver = ProjectedLog(store, engine), Receiver()
        positions = await opened(store, "1", "2", "3")

        async def handed(page: LogPage) -> None:
            assert await engine.bookmark() >= page.last
            await receiver(page)

        class Beginning:
            async def position(self) -> int:
                return 0

            async def advance(self, position: int) -> None:
                assert position <= await engine.bookmark()

        follower = LogFollower(log, Beginning(), handed, wait=log.wait, look_every=0.5)
        async with in_background(follower.run(LOST)):
            await receiver.reach(positions[-1])
            positions += await opened(store, "4")
            await receiver.reach(positions[-1])
    assert receiver.positions == positions
