"""The live feed: facts as soon as the read models show them, read once for any number of readers.

One task per process reads the log and passes each company's facts to its readers. A reader that does not keep
up is disconnected; it may follow again from its last position.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Protocol

from eosvolt.domain.kernel import Fact
from eosvolt.runtime.log_follower import FromNow, Log, LogFollower, LogPage, Outage
from eosvolt.runtime.supervisor import Supervisor

NAME = "live feed"
HEARTBEAT = 15.0
BATCHES_WAITING = 200
_FACTS_AT_ONCE = 500
_LOOK_EVERY = 0.5


class ShownLog(Log, Protocol):
    """The log up to the position of the read models."""

    async def wait(self, after: int, seconds: float) -> None:
        """Return when the read models show an event after ``after``, at the latest after ``seconds``."""
        ...


class PastEvents(Protocol):
    """The past events of a company."""

    async def feed(self, company: int, after: int, limit: int) -> Sequence[Fact]:
        """A company's next facts after a position."""
        ...


class _Reader:
    """One reader: its unread facts, and the position from which the tail passes facts to it."""

    def __init__(self, since: int) -> None:
        self.since = since
        self.waiting: asyncio.Queue[Sequence[Fact]] = asyncio.Queue(BATCHES_WAITING)
        self.cut = False


class EventFeed:
    """Follows the log for the readers of this process, while there are any."""

    def __init__(
        self,
        log: ShownLog,
        past: PastEvents,
        outage: Outage,
        supervisor: Supervisor,
        heartbeat: float = HEARTBEAT,
    ) -> None:
        """Follow ``log``; readers from an earlier position read ``past``. ``heartbeat`` is in seconds.

        ``supervisor`` restarts the tail after an error; its readers miss nothing.
        """
        self._log = log
        self._past = past
        self._outage = outage
        self._supervisor = supervisor
        self._heartbeat = heartbeat
        self._readers: dict[int, set[_Reader]] = defaultdict(set)
        self._position = 0
        self._tail: asyncio.Task[None] | None = None
        self._started = asyncio.Lock()

    async def follow(self, company: int, after: int | None = None) -> AsyncIterator[Sequence[Fact]]:
        """Batches of a company's facts after ``after`` (default: from now on), without a gap.

        Yields an empty batch first, from which on nothing is missed, and after ``heartbeat`` seconds without
        facts. Ends if the reader is too slow.
        """
        reader = await self._join(company)
        try:
            yield []
            position = reader.since if after is None else after
            while position < reader.since:
                facts = await self._past.feed(company, position, _FACTS_AT_ONCE)
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

    async def position(self) -> int:
        """A position that the read models have reached: what they show now is at least of then."""
        return await self._log.head() if self._tail is None else self._position

    async def _join(self, company: int) -> _Reader:
        async with self._started:
            if self._tail is None:
                follower = LogFollower(
                    self._log,
                    FromNow(self._log.head),
                    self._hand_out,
                    per_page=_FACTS_AT_ONCE,
                    look_every=_LOOK_EVERY,
                    wait=self._log.wait,
                )
                self._position = await follower.begin()
                self._supervisor.follows(NAME, follower)
                tail = self._supervisor.keep(NAME, partial(follower.run, self._outage))
                self._tail = asyncio.create_task(tail, name=NAME)
            # No await before the reader is registered, so that it gets all that the tail passes from here on.
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

    async def _hand_out(self, page: LogPage) -> None:
        self._position = page.last
        by_company: dict[int, list[Fact]] = defaultdict(list)
        for fact in page.facts:
            if fact.why.company in self._readers:
                by_company[fact.why.company].append(fact)
        for company, theirs in by_company.items():
            for reader in self._readers[company]:
                try:
                    reader.waiting.put_nowait(theirs)
                except asyncio.QueueFull:
                    reader.cut = True
