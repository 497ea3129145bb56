"""Follows the log: passes every page of events after a cursor to a handler, in log order.

A follower is woken when the log grows. It also polls, so that a lost wake-up delays events by seconds only.
Under load it reads pages, not single events.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

import structlog

from eosvolt.domain.kernel import Fact

log = structlog.get_logger("eosvolt")

EVENTS_PER_PAGE = 1_000
# Seconds between reads. Under load there is a commit every few milliseconds, too few events for a read each.
PACE_SECONDS = 0.02
LOOK_EVERY_SECONDS = 1.0
OUTAGE_SECONDS = 1.0

Outage = tuple[type[Exception], ...]
Wait = Callable[[int, float], Awaitable[None]]


class LogPage(Protocol):
    """A page of the log: its facts, the number of events read, and the position of the last one."""

    @property
    def facts(self) -> Sequence[Fact]:
        """The decoded facts, in log order."""
        ...

    @property
    def passed(self) -> int:
        """The number of events read, including those that were not decoded."""
        ...

    @property
    def last(self) -> int:
        """The position of the last event read; that before the page if it is empty."""
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
        """Call ``listener`` when the log may have grown; returns the function that unsubscribes."""
        ...


class Cursor(Protocol):
    """The position up to which the log was followed."""

    async def position(self) -> int:
        """The position to begin after: everything up to it is processed."""
        ...

    async def advance(self, position: int) -> None:
        """Store that everything up to ``position`` is processed."""
        ...


async def while_held(
    hold: Callable[[], AbstractAsyncContextManager[Cursor]],
    work: Callable[[Cursor], Awaitable[None]],
    outage: Outage,
    waiting: str,
) -> None:
    """Do ``work``, which never ends, while the cursor is held, for ever.

    ``hold`` waits until no other process has it. After an error of a type in ``outage`` it is acquired again,
    and ``waiting`` is logged.
    """
    while True:
        try:
            async with hold() as cursor:
                await work(cursor)
        except outage as error:
            log.warning(waiting, error=str(error).strip())
        await asyncio.sleep(OUTAGE_SECONDS)


class FromNow(NamedTuple):
    """A cursor for followers that need only new events: it begins at the head and stores nothing."""

    head: Callable[[], Awaitable[int]]

    async def position(self) -> int:
        """The head of the log."""
        return await self.head()

    async def advance(self, position: int) -> None:
        """Does nothing: the follower itself keeps its position in memory."""


class LogFollower:
    """Follows the log for one handler. ``position`` is the last processed one, ``None`` before the start."""

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

        After a page with events that was not full it waits ``pace`` seconds, and without a wake-up at most
        ``look_every`` seconds. ``wait`` replaces the log's wake-ups: it returns when there are events after a
        position, at the latest after some seconds.
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
        """Receive wake-ups of the log until the context is left."""
        if self._wait is not None:
            yield
            return
        unsubscribe = self._log.subscribe(self._grown.set)
        try:
            yield
        finally:
            unsubscribe()

    async def begin(self) -> int:
        """Read the cursor and return its position, after which the log is followed."""
        if self.position is None:
            self.position = await self._cursor.position()
        return self.position

    async def step(self) -> int:
        """Handle the next page, then advance the cursor; return the number of events read."""
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
        """Follow for ever. After an error of a type in ``outage`` it waits and continues without a gap."""
        with self.listening():
            while True:
                try:
                    passed = await self.step()
                    # With ``wait`` there is no wake-up for each commit, so no pause is needed.
                    if not passed or (self._wait is not None and passed < self._per_page):
                        await self.wait(self._look_every)
                except outage as error:
                    log.warning("following the log waits for the database", error=str(error).strip())
                    await asyncio.sleep(OUTAGE_SECONDS)
                    continue
                if self._wait is None and 0 < passed < self._per_page:
                    await asyncio.sleep(self._pace)
