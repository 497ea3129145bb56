"""Every OCPP frame in and out, written in bulk a moment behind, so that a session's log can be downloaded.

Nobody waits for it. While the database is away frames are kept up to a bound; then the oldest are dropped and
counted: frames are evidence beside the history, not the history.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

from eosvolt.adapters.postgres.connections import Backoff, Db, Reading, connect
from eosvolt.adapters.postgres.frame_partitions import Partitions
from eosvolt.application.ports import Frame

logger = logging.getLogger("eosvolt.frames")

BYTES_WAITING = 64 * 1024 * 1024
FRAMES_PER_COPY = 5_000
BEHIND = 0.1
# What a single frame can be refused for; the others of its batch are kept.
UNFIT = (psycopg.DataError, psycopg.IntegrityError, UnicodeError, OverflowError)
_OVERHEAD = 400
_COPY: LiteralString = (
    "COPY ocpp_frames (company, charge_point, connection, direction, at, text, message_id, action, outcome)"
    " FROM STDIN (FORMAT BINARY)"
)
_TYPES = ("int4", "text", "text", "text", "timestamptz", "text", "text", "text", "text")
_OF_CHARGER: LiteralString = (
    "SELECT company, charge_point, connection, direction, at, text, message_id, action, outcome, id"
    " FROM ocpp_frames"
    " WHERE company = %b AND charge_point = %b AND (at, id) > (%b, %b) AND at >= %b AND at <= %b"
    " ORDER BY at, id LIMIT 1000"
)


class FrameLog:
    """Takes frames without waiting and writes them in the background with ``run``."""

    def __init__(self, dsn: str, bytes_waiting: int = BYTES_WAITING) -> None:
        """About ``bytes_waiting`` of memory are used for frames that could not be written yet."""
        self._dsn = dsn
        self._room = bytes_waiting
        self._waiting: deque[Frame] = deque()
        self._bytes = 0
        self._work = asyncio.Event()
        self._closing = asyncio.Event()
        self._partitions = Partitions()
        self.dropped = 0
        self.refused = 0

    def put(self, frame: Frame) -> None:
        """Keep a frame. Never waits and never raises."""
        self._waiting.append(frame)
        self._bytes += _size(frame)
        while self._bytes > self._room:
            self._bytes -= _size(self._waiting.popleft())
            self.dropped += 1
        self._work.set()

    @property
    def waiting(self) -> int:
        """How many frames are not written yet."""
        return len(self._waiting)

    async def run(self) -> None:
        """Write until ``close``, through any outage of the database."""
        backoff = Backoff()
        while not (self._closing.is_set() and not self._waiting):
            try:
                async with await connect(self._dsn, "frames") as connection:
                    await self._write_on(connection, backoff)
            except psycopg.Error as error:
                logger.warning(
                    "frames wait for the database (%d kept): %s", len(self._waiting), str(error).strip()
                )
                await backoff.pause()

    def close(self) -> None:
        """Take the last frames; ``run`` ends when they are written."""
        self._closing.set()
        self._work.set()

    async def _write_on(self, connection: Db, backoff: Backoff) -> None:
        while not (self._closing.is_set() and not self._waiting):
            if not self._waiting:
                self._work.clear()
                await self._work.wait()
                continue
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), FRAMES_PER_COPY))]
            self._bytes -= sum(map(_size, batch))
            try:
                await self._partitions.make(connection, {frame.at.astimezone(UTC).date() for frame in batch})
                await self._copy(connection, batch)
            except UNFIT:
                await self._copy_one_by_one(connection, batch)
            except BaseException:
                # COPY stores all or nothing, except when the connection broke after its commit: then a frame
                # appears twice, which is better than not at all.
                self._waiting.extendleft(reversed(batch))
                self._bytes += sum(map(_size, batch))
                raise
            backoff.reset()
            if len(self._waiting) < FRAMES_PER_COPY:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BEHIND):
                        await self._closing.wait()

    async def _copy(self, connection: Db, batch: list[Frame]) -> None:
        async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            copy.set_types(_TYPES)
            for frame in batch:
                await copy.write_row(_row(frame))

    async def _copy_one_by_one(self, connection: Db, batch: list[Frame]) -> None:
        for frame in batch:
            try:
                await self._copy(connection, [frame])
            except UNFIT as error:
                self.refused += 1
                logger.warning("a frame of %s could not be kept: %s", frame.charge_point, error)


async def frames_between(
    reading: Reading, company: int, charge_point: str, since: datetime, until: datetime
) -> AsyncIterator[Frame]:
    """The frames of one charger in a stretch of time, oldest first."""
    at, last = since, -1
    while True:
        rows = await reading.fetch(_OF_CHARGER, (company, charge_point, at, last, since, until))
        for row in rows:
            yield Frame(*row[:-1])
        if len(rows) < 1_000:
            return
        at, last = rows[-1][4], rows[-1][-1]


def _size(frame: Frame) -> int:
    return len(frame.text) + _OVERHEAD


def _row(frame: Frame) -> tuple[object, ...]:
    return (
        frame.company,
        _clean(frame.charge_point),
        _clean(frame.connection),
        frame.direction,
        frame.at,
        _clean(frame.text),
        _clean(frame.message_id),
        _clean(frame.action),
        _clean(frame.outcome),
    )


def _clean(text: str) -> str:
    """The text without what PostgreSQL cannot hold."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text
