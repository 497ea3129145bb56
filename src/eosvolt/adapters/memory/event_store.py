"""The history in a list: every rule of the real store, and nothing survives the process."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from eosvolt.application.ports import Alongside, Clock, Conflict, StreamAppend
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.vocabulary import tag


class Change(Alongside):
    """A change of something else in memory."""

    def __init__(self, carry_out: Callable[[], None]) -> None:
        """``carry_out`` is called once, when the events are stored."""
        self.carry_out = carry_out


class MemoryPage(NamedTuple):
    """A stretch of the log: the facts asked for, how many events it passed, the position of the last one."""

    facts: list[Fact]
    passed: int
    last: int


class MemoryEventStore:
    """An event store for tests and for trying things out."""

    def __init__(self, clock: Clock) -> None:
        """``clock`` says when facts are recorded; recording times only ever grow, as in the real store."""
        self.facts: list[Fact] = []
        self._clock = clock
        self._streams: defaultdict[str, list[Fact]] = defaultdict(list)
        self._versions: dict[str, int] = {}
        self._handed_over = 0
        self._listeners: list[Callable[[], None]] = []
        self._last = datetime.min.replace(tzinfo=UTC)

    def now(self) -> datetime:
        """The present instant by the clock that dates facts."""
        return self._clock.now()

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        """Store all entries or none and return the position of the last event. Raises ``Conflict``."""
        if not alongside and not any(entry.events for entry in entries):
            raise ValueError("there is nothing to append")
        # Other tasks get their turn here, as they do while a database commits.
        await asyncio.sleep(0)
        claimed: set[tuple[str, int]] = set()
        for stream, after, events in entries:
            versions = {(stream, after + n) for n in range(1, len(events) + 1)}
            if after < self._versions.get(stream, 0) or not claimed.isdisjoint(versions):
                raise Conflict(f"{stream} after {after}")
            claimed |= versions
        for each in alongside:
            if isinstance(each, Change):
                each.carry_out()
        recorded_at = max(self._clock.now().astimezone(UTC), self._last + MICROSECOND)
        self._last = recorded_at
        for stream, after, events in entries:
            for version, event in enumerate(events, after + 1):
                position = self._handed_over + len(self.facts) + 1
                fact = Fact(position, stream, version, event, recorded_at, why)
                self.facts.append(fact)
                self._streams[stream].append(fact)
                self._versions[stream] = version
        for listener in tuple(self._listeners):
            listener()
        return await self.head()

    def hand_over(self) -> list[Fact]:
        """The facts in memory, which are dropped: whoever calls this keeps them. Versions stay known."""
        facts, self.facts = self.facts, []
        self._handed_over += len(facts)
        self._streams.clear()
        return facts

    async def read(self, stream: str, until: int | None = None) -> list[Fact]:
        """The facts of one stream, oldest first, up to the position ``until``.

        Raises ``LookupError`` if some of them were handed over.
        """
        facts = self._streams.get(stream, ())
        if len(facts) < self._versions.get(stream, 0):
            raise LookupError(f"{stream} was handed over")
        return [fact for fact in facts if until is None or fact.position <= until]

    async def read_together(self, streams: Sequence[str]) -> list[Fact]:
        """The facts of several streams in one go, those of each oldest first."""
        return [fact for stream in streams for fact in await self.read(stream)]

    async def head(self) -> int:
        """The position of the newest event, 0 in an empty history."""
        return self._handed_over + len(self.facts)

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> MemoryPage:
        """The next ``limit`` events after a position; only those of ``tags`` are in its facts."""
        passed = self.facts[after : after + limit]
        facts = [fact for fact in passed if tags is None or tag(type(fact.event)) in tags]
        return MemoryPage(facts, len(passed), after + len(passed))

    async def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before ``instant``, 0 if there is none."""
        return max((fact.position for fact in self.facts if fact.recorded_at <= instant), default=0)

    async def search(
        self,
        *,
        stream: str | None = None,
        tags: Iterable[str] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        company: int | None = None,
        after: int = 0,
        limit: int | None = None,
    ) -> AsyncIterator[Fact]:
        """The facts that meet every condition, in log order; ``since`` and ``until`` are recording times."""
        wanted = None if tags is None else frozenset(tags)
        found = 0
        for fact in self.facts[after:]:
            if limit is not None and found >= limit:
                return
            if (
                (stream is None or fact.stream == stream)
                and (wanted is None or tag(type(fact.event)) in wanted)
                and (since is None or fact.recorded_at >= since)
                and (until is None or fact.recorded_at <= until)
                and (company is None or fact.why.company == company)
            ):
                found += 1
                yield fact

    async def feed(self, company: int, after: int, limit: int) -> list[Fact]:
        """A company's next facts after a position."""
        return [fact async for fact in self.search(company=company, after=after, limit=limit)]

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the log has grown; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None
