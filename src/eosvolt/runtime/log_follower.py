"""Follows the log: hands every page of events behind a cursor to somebody, in the order of the log.

A follower is woken when the log grows and looks by itself from time to time, so that a lost wake-up costs
seconds and never an event. Under load it reads pages, not single events.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import NamedTuple, Protocol

import structlog

from eosvolt.domain.kernel import Fact

log = structlog.get_logger("eosvolt")

EVENTS_PER_PAGE = 1_000
# Under load there is a commit every few milliseconds; looking after each would read the log in crumbs.
PACE_SECONDS = 0.02
LOOK_EVERY_SECONDS = 1.0
OUTAGE_SECONDS = 1.0

Outage = tuple[type[Exception], ...]
Wait = Callable[[int, float], Awaitable[None]]


class LogPage(Protocol):
    """A stretch of the log: the facts asked for, how many events it passed, the position of the last one."""

    @property
    def facts(self) -> Sequence[Fact]:
        """The facts asked for, in the order of the log."""
        ...

    @property
    def passed(self) -> int:
        """How many events were looked at, also those that nobody asked for."""
        ...

    @property
    def last(self) -> int:
        """The position of the last event that was looked at; where the page began if there was none."""
        ...


class Log(Protocol):
    """The log of all events."""

    async def head(self) -> int:
        """The position of the newest event, 0 in an empty history."""
        ...

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> LogPage:
        """The next ``limit`` events after a position; only those of ``tags`` are in its facts."""
        ...

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the log may have grown; returns what ends that."""
        ...


class Cursor(Protocol):
    """Up to which position the log was followed."""

    async def position(self) -> int:
        """Where to begin: everything up to there is dealt with."""
        ...

    async def advance(self, position: int) -> None:
        """Everything up to there is dealt with now."""
        ...


class FromNow(NamedTuple):
    """A cursor for whoever needs only what comes after its start: it begins at the head and keeps nothing."""

    head: Callable[[], Awaitable[int]]

    async def position(self) -> int:
        """The head of the log."""
        return await self.head()

    async def advance(self, position: int) -> None:
        """Nothing to keep: the follower knows its position as long as it lives."""


class LogFollower:
    """Follows the log for one purpose. ``position`` is how far it came; ``None`` before it began."""

    def __init__(
        self,
        log: Log,
        cursor: Cursor,
        handle: Callable[[LogPage], Awaitable[None]],
        *,
        tags: frozenset[str] | None = None,
        per_page: int = EVENTS_PER_PAGE,
        pace: float = PACE_SECONDS,
        look_every: float = LOOK_EVERY_SECONDS,
        wait: Wait | None = None,
    ) -> None:
        """``handle`` gets every page that has facts of ``tags``, at most ``per_page`` events at once.

        After a page that was not full the next one is read ``pace`` seconds later, otherwise
        ``look_every`` seconds. ``wait`` takes the place of the log's wake-ups: it returns when the log goes
        on behind a position, at the latest after some seconds.
        """
        self._log = log
        self._cursor = cursor
        self._handle = handle
        self._tags = tags
        self._per_page = per_page
        self._pace = pace
        self._look_every = look_every
        self._wait = wait
        self._grown = asyncio.Event()
        self.position: int | None = None

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Be woken when the log grows, until the context is left."""
        if self._wait is not None:
            yield
            return
        unsubscribe = self._log.subscribe(self._grown.set)
        try:
            yield
        finally:
            unsubscribe()

    async def begin(self) -> int:
        """Where the cursor stands. What comes behind is followed."""
        if self.position is None:
            self.position = await self._cursor.position()
        return self.position

    async def step(self) -> int:
        """Handle the next page and return how many events it passed. The cursor moves when it is handled."""
        after = await self.begin()
        self._grown.clear()
        page = await self._log.read_log(after, self._per_page, self._tags)
        if page.facts:
            await self._handle(page)
        if page.last > after:
            await self._cursor.advance(page.last)
            self.position = page.last
        return page.passed

    async def wait(self, seconds: float) -> None:
        """Return when the log has grown since the last page was read, at the latest after ``seconds``."""
        if self._wait is not None:
            await self._wait(await self.begin(), seconds)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._grown.wait()

    async def run(self, outage: Outage) -> None:
        """Follow for ever. An error of a type in ``outage`` is waited for: going on misses nothing."""
        with self.listening():
            while True:
                try:
                    passed = await self.step()
                    # Who waits for a position is not called for each commit, and needs no pace.
                    if not passed or (self._wait is not None and passed < self._per_page):
                        await self.wait(self._look_every)
                except outage as error:
                    log.warning("following the log waits for the database", error=str(error).strip())
                    await asyncio.sleep(OUTAGE_SECONDS)
                    continue
                if self._wait is None and 0 < passed < self._per_page:
                    await asyncio.sleep(self._pace)
