"""The event store: append through the group committer, read streams and the log, search for auditors."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString, NamedTuple, Self

import msgspec
from psycopg import errors, sql

from eosvolt.adapters.postgres.append import STORED_UP_TO
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.group_committer import ROWS_WAITING, GroupCommitter
from eosvolt.adapters.postgres.stored_events import (
    NUL,
    EventMapper,
    Upcast,
    moment,
    originator_id,
    without_nul,
)
from eosvolt.adapters.postgres.wakeups import Wakeups
from eosvolt.application.ports import Alongside, Clock, StreamAppend
from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.kernel import Event, Fact, Provenance

_STREAM: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = %b AND notification_id <= %b ORDER BY originator_version"
)
_STREAMS: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE originator_id = ANY(%b) ORDER BY originator_id, originator_version"
)
_LOG: LiteralString = (
    "SELECT notification_id, originator_version, topic, state FROM stored_events"
    " WHERE notification_id > %b ORDER BY notification_id LIMIT %b"
)
_AT_OR_BEFORE: LiteralString = (
    "SELECT notification_id, state FROM stored_events"
    " WHERE notification_id <= %b ORDER BY notification_id DESC LIMIT 1"
)
_READ_ONLY: LiteralString = "SELECT current_setting('transaction_read_only')"
_REFUSES = errors.ReadOnlySqlTransaction.__name__
_EVERYTHING = 2**63 - 1
_CLOSING = 5.0


class Broken(NamedTuple):
    """A stored event that cannot be decoded."""

    position: int
    topic: str
    error: str


class StoredPage(NamedTuple):
    """A page of the log: its facts, the number of events read, and the position of the last one."""

    facts: list[Fact]
    broken: list[Broken]
    passed: int
    last: int


class PostgresEventStore:
    """The history in one table. Use it as an async context manager."""

    def __init__(
        self,
        dsn: str,
        events: Mapping[str, type[Event]],
        clock: Clock,
        upcasts: Mapping[str, tuple[str, Upcast]] | None = None,
        rows_waiting: int = ROWS_WAITING,
        *,
        tolerant: bool = False,
    ) -> None:
        """``events`` maps each tag to its class; ``append`` blocks while ``rows_waiting`` events wait.

        ``tolerant``, for auditors: events that cannot be read are set aside, also those of unknown types.
        """
        # An auditor writes nothing.
        self._writes = not tolerant
        self._unreadable: tuple[type[Exception], ...] = (Exception,) if tolerant else (msgspec.MsgspecError,)
        self._dsn = dsn
        self._clock = clock
        self.mapper = EventMapper(events, upcasts)
        self.wakeups = Wakeups(dsn)
        self._committer = GroupCommitter(dsn, self.mapper, clock, self._committed, rows_waiting)
        self.reading = ReadPool(dsn, "read")
        self._tasks: list[asyncio.Task[None]] = []
        self._head = 0

    async def __aenter__(self) -> Self:
        """Start the writer; does not wait for the database."""
        await self.reading.open()
        if self._writes:
            self._tasks = [
                asyncio.create_task(self._committer.run(), name="group committer"),
                asyncio.create_task(self.wakeups.run(), name="log wake-ups"),
            ]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Store what waits if the database accepts it within seconds, and close the connections."""
        self._committer.close()
        if self._tasks:
            await asyncio.wait(self._tasks[:1], timeout=_CLOSING)
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.reading.close()

    @property
    def waiting(self) -> int:
        """The number of events that wait to be stored, for the metrics."""
        return self._committer.waiting

    async def trouble(self) -> str:
        """The name of the error that prevents appends at present; empty if they work.

        A database that became read-only is noticed before anything is appended.
        """
        ((read_only,),) = await self.reading.fetch(_READ_ONLY)
        return _REFUSES if read_only == "on" else await self._committer.health.present(self._dsn)

    @property
    def known_head(self) -> int:
        """The last position that this process has stored or read."""
        return self._head

    def now(self) -> datetime:
        """The present instant by the clock that dates appended events."""
        return self._clock.now()

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        """Store all entries or none, and return the position of the last event once it is durable.

        The statements ``alongside`` run in the same transaction. Raises ``Conflict``, ``Rejected``,
        ``Unstorable`` (an event would not decode to an equal one) or ``StoreClosed``.
        """
        return await self._committer.append(entries, why, alongside)

    async def read(self, stream: str, until: int | None = None) -> list[Fact]:
        """The facts of one stream, oldest first, up to the position ``until``."""
        limit = _EVERYTHING if until is None else until
        rows = await self.reading.fetch(_STREAM, (originator_id(stream), limit))
        return [self.mapper.fact(*row) for row in rows]

    async def read_together(self, streams: Sequence[str]) -> list[Fact]:
        """The facts of several streams from one query, those of each stream oldest first."""
        rows = await self.reading.fetch(_STREAMS, ([originator_id(stream) for stream in streams],))
        return [self.mapper.fact(*row) for row in rows]

    async def read_log(self, after: int, limit: int, tags: frozenset[str] | None = None) -> StoredPage:
        """The next ``limit`` events after a position; only those of ``tags`` are decoded.

        For read models: a NUL character in a text becomes U+FFFD, because PostgreSQL's text cannot hold it.
        """
        rows = await self.reading.fetch(_LOG, (after, limit))
        return self.page(rows, after, tags)

    def page(
        self, rows: Sequence[tuple[Any, ...]], after: int, tags: frozenset[str] | None = None
    ) -> StoredPage:
        """The page of raw rows ``(position, version, topic, state)``. Raises ``UnknownEvent``."""
        fact = self.mapper.fact
        wanted = self.mapper.topics(tags)
        facts: list[Fact] = []
        broken: list[Broken] = []
        for position, version, topic, state in rows:
            if wanted.get(topic, True):
                try:
                    readable = state if NUL not in state else without_nul(state)
                    facts.append(fact(position, version, topic, readable))
                except self._unreadable as error:
                    broken.append(Broken(position, topic, f"{type(error).__name__}: {error}"))
        last = rows[-1][0] if rows else after
        self._head = max(self._head, last)
        return StoredPage(facts, broken, len(rows), last)

    async def head(self) -> int:
        """The position of the newest event, 0 in an empty history."""
        rows = await self.reading.fetch(STORED_UP_TO)
        self._head = max(self._head, rows[0][0])
        return int(rows[0][0])

    async def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before ``instant``, 0 if there is none."""
        low, high = 0, await self.head()
        while low < high:
            middle = (low + high + 1) // 2
            rows = await self.reading.fetch(_AT_OR_BEFORE, (middle,))
            if rows and moment(rows[0][1]).recorded_at > instant:
                high = rows[0][0] - 1
            else:
                low = middle
        rows = await self.reading.fetch(_AT_OR_BEFORE, (low,))
        return int(rows[0][0]) if rows else 0

    async def recorded_at(self, position: int) -> datetime | None:
        """When the last event at or before ``position`` was recorded; ``None`` if there is none."""
        rows = await self.reading.fetch(_AT_OR_BEFORE, (position,))
        return moment(rows[0][1]).recorded_at if rows else None

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
        first = after if since is None else max(after, await self._before(since))
        last = _EVERYTHING if until is None else await self.position_at(until)
        conditions = [sql.SQL("notification_id > %(after)s AND notification_id <= %(last)s")]
        values: dict[str, Any] = {"last": last}
        order: LiteralString = "notification_id"
        if stream is not None:
            conditions.append(sql.SQL("originator_id = %(stream)s"))
            values["stream"] = originator_id(stream)
            # The same order, written so that PostgreSQL uses the primary key and does not scan the log.
            order = "originator_version"
        if company is not None:
            conditions.append(sql.SQL("company = %(company)s"))
            values["company"] = company
        if tags is not None:
            conditions.append(sql.SQL("topic = ANY(%(topics)s)"))
            values["topics"] = [
                topic for topic, wanted in self.mapper.topics(frozenset(tags)).items() if wanted
            ]
        query = sql.SQL(
            "SELECT notification_id, originator_version, topic, state FROM stored_events WHERE {}"
            " ORDER BY {} LIMIT %(rows)s"
        ).format(sql.SQL(" AND ").join(conditions), sql.SQL(order))
        left = limit if limit is not None else _EVERYTHING
        while left > 0:
            asked = values | {"after": first, "rows": min(left, 1_000)}
            # Plan for these values: a plan for a large company would read the whole log for a small one.
            rows = await self.reading.fetch(query, asked, prepare=False)
            for row in rows:
                yield self.mapper.fact(*row)
            if len(rows) < min(left, 1_000):
                return
            left -= len(rows)
            first = rows[-1][0]

    async def feed(self, company: int, after: int, limit: int) -> list[Fact]:
        """A company's next facts after a position, for its event feed and live pages."""
        return [fact async for fact in self.search(company=company, after=after, limit=limit)]

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` when the log may have grown; returns the function that unsubscribes."""
        return self.wakeups.subscribe(listener)

    async def _before(self, instant: datetime) -> int:
        """The last position recorded strictly before ``instant``."""
        return await self.position_at(instant - MICROSECOND)

    def _committed(self, last: int) -> None:
        self._head = max(self._head, last)
        self.wakeups.poke()
