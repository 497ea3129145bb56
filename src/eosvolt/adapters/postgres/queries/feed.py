"""The live feed: facts as soon as the read models show them, for any number of readers at the price of one.

One tail for each process reads the log once and hands every company's facts to its readers. A reader that
does not keep up is cut off, not waited for: it comes back and goes on where it was.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from eosvolt.adapters.postgres.connections import LOST, Backoff
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.domain.kernel import Fact

logger = logging.getLogger("eosvolt.feed")

HEARTBEAT = 15.0
BATCHES_WAITING = 200
_FACTS_AT_ONCE = 500
_POLL = 0.5


class _Reader:
    """One follower: what it has not read yet, and the position from which the tail feeds it."""

    def __init__(self, since: int) -> None:
        self.since = since
        self.waiting: asyncio.Queue[Sequence[Fact]] = asyncio.Queue(BATCHES_WAITING)
        self.cut = False


class LogFeed:
    """Follows the log for the readers of this process, while there are any."""

    def __init__(
        self, store: PostgresEventStore, engine: ProjectionEngine, heartbeat: float = HEARTBEAT
    ) -> None:
        """``heartbeat`` is in seconds."""
        self._store = store
        self._engine = engine
        self._heartbeat = heartbeat
        self._readers: dict[int, set[_Reader]] = defaultdict(set)
        self._position = 0
        self._tail: asyncio.Task[None] | None = None
        self._started = asyncio.Lock()

    async def follow(self, company: int, after: int | None = None) -> AsyncIterator[Sequence[Fact]]:
        """Batches of a company's facts behind ``after`` (default: from now on), without a gap.

        An empty batch comes when nothing has happened for a while. Ends when the reader was too slow.
        """
        reader = await self._join(company)
        try:
            position = reader.since if after is None else after
            while position < reader.since:
                facts = await self._store.feed(company, position, _FACTS_AT_ONCE)
                past = [fact for fact in facts if fact.position <= reader.since]
                if past:
                    yield past
                if len(past) < _FACTS_AT_ONCE:
                    break
                position = past[-1].position
            while not (reader.cut and reader.waiting.empty()):
                facts = []
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._heartbeat):
                        facts = list(await reader.waiting.get())
                facts = [fact for fact in facts if after is None or fact.position > after]
                yield facts
        finally:
            await self._leave(company, reader)

    async def _join(self, company: int) -> _Reader:
        async with self._started:
            if self._tail is None:
                self._position = await self._engine.bookmark()
                self._tail = asyncio.create_task(self._run(), name="live feed")
            # Without an await in between: what the tail reads from here on reaches the reader.
            reader = _Reader(self._position)
            self._readers[company].add(reader)
            return reader

    async def _leave(self, company: int, reader: _Reader) -> None:
        async with self._started:
            self._readers[company].discard(reader)
            if not self._readers[company]:
                del self._readers[company]
            if not self._readers and self._tail is not None:
                self._tail.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._tail
                self._tail = None

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            try:
                await self._step()
                backoff.reset()
            except LOST as error:
                logger.warning("the live feed waits for the database: %s", str(error).strip())
                await backoff.pause()

    async def _step(self) -> None:
        """Wait until the read models have moved on, and hand out what they now know."""
        with contextlib.suppress(TimeoutError):
            await self._engine.wait_until(self._position + 1, timeout=_POLL)
        known = await self._engine.bookmark()
        while self._position < known:
            page = await self._store.read_log(self._position, min(_FACTS_AT_ONCE, known - self._position))
            facts = [fact for fact in page.facts if fact.position <= known]
            self._hand_out(facts)
            self._position = known if page.last >= known or not page.passed else page.last

    def _hand_out(self, facts: Sequence[Fact]) -> None:
        by_company: dict[int, list[Fact]] = defaultdict(list)
        for fact in facts:
            if fact.why.company in self._readers:
                by_company[fact.why.company].append(fact)
        for company, theirs in by_company.items():
            for reader in self._readers[company]:
                try:
                    reader.waiting.put_nowait(theirs)
                except asyncio.QueueFull:
                    reader.cut = True
