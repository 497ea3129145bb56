"""The log of all OCPP frames in and out, written in bulk and asynchronously.

While the database is unavailable, frames wait in memory up to a limit. Beyond it the oldest frames of the
largest user are dropped. These, and frames beyond a budget, are counted: frames are evidence beside the
history, not the history.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

from eosvolt.adapters.postgres.connections import Backoff, Db, ReadPool, connect
from eosvolt.adapters.postgres.fair_queue import FairQueue
from eosvolt.adapters.postgres.frame_budget import FrameBudgets
from eosvolt.adapters.postgres.frame_losses import BUDGET, MEMORY, REFUSED, FrameLosses
from eosvolt.adapters.postgres.frame_partitions import Partitions
from eosvolt.application.ports import Frame

logger = logging.getLogger("eosvolt.frames")

BYTES_WAITING = 64 * 1024 * 1024
FRAMES_PER_COPY = 5_000
BEHIND = 0.1
# Errors of a single frame; the others of its batch are kept.
UNFIT = (psycopg.DataError, psycopg.IntegrityError, UnicodeError, OverflowError)
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

    def __init__(
        self,
        dsn: str,
        bytes_waiting: int = BYTES_WAITING,
        budgets: FrameBudgets | None = None,
        losses: FrameLosses | None = None,
    ) -> None:
        """Frames that wait to be written take about ``bytes_waiting`` of memory.

        Without ``budgets`` all frames are kept; ``losses`` counts the dropped ones.
        """
        self._dsn = dsn
        self._room = bytes_waiting
        self._budgets = budgets
        self.losses = losses or FrameLosses(dsn)
        self._waiting = FairQueue()
        self._work = asyncio.Event()
        self._closing = asyncio.Event()
        self._partitions = Partitions()

    def put(self, frame: Frame) -> None:
        """Queue a frame if its charger's budget allows. Never blocks and never raises."""
        kept = frame if self._budgets is None else self._budgets.admitted(frame)
        if kept is None:
            self.losses.add(frame, BUDGET)
            return
        self._waiting.add(kept)
        if self._waiting.size > self._room:
            # Drop more than is needed, because the choice looks at all chargers.
            for dropped in self._waiting.shrink(self._room * 9 // 10):
                self.losses.add(dropped, MEMORY)
        self._work.set()

    @property
    def dropped(self) -> int:
        """The number of frames dropped since the start, for lack of memory or beyond their budget."""
        return self.losses.since_start[MEMORY] + self.losses.since_start[BUDGET]

    @property
    def refused(self) -> int:
        """The number of frames that the database refused since the start."""
        return self.losses.since_start[REFUSED]

    @property
    def waiting(self) -> int:
        """The number of frames that are not written yet."""
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
        """Accept no more frames; ``run`` ends when the queued ones are written."""
        self._closing.set()
        self._work.set()

    async def _write_on(self, connection: Db, backoff: Backoff) -> None:
        while not (self._closing.is_set() and not self._waiting):
            if not self._waiting:
                self._work.clear()
                await self._work.wait()
                continue
            batch = self._waiting.take(FRAMES_PER_COPY)
            try:
                await self._partitions.make(connection, {frame.at.astimezone(UTC).date() for frame in batch})
                await copy_frames(connection, batch)
            except UNFIT:
                await self._copy_one_by_one(connection, batch)
            except BaseException:
                # COPY stores all or nothing, except when the connection broke after its commit: then a frame
                # appears twice, which is better than not at all.
                self._waiting.give_back(batch)
                raise
            backoff.reset()
            if len(self._waiting) < FRAMES_PER_COPY:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(BEHIND):
                        await self._closing.wait()

    async def _copy_one_by_one(self, connection: Db, batch: list[Frame]) -> None:
        for frame in batch:
            try:
                await copy_frames(connection, [frame])
            except UNFIT as error:
                self.losses.add(frame, REFUSED)
                logger.warning("a frame of %s could not be kept: %s", frame.charge_point, error)


async def copy_frames(connection: Db, frames: Iterable[Frame]) -> None:
    """Write frames, all of them or none; the partitions of their days must exist."""
    async with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        copy.set_types(_TYPES)
        for frame in frames:
            await copy.write_row(_row(frame))


async def frames_between(
    reading: ReadPool, company: int, charge_point: str, since: datetime, until: datetime
) -> AsyncIterator[Frame]:
    """The frames of one charger in ``[since, until]``, oldest first."""
    at, last = since, -1
    while True:
        rows = await reading.fetch(_OF_CHARGER, (company, charge_point, at, last, since, until))
        for row in rows:
            yield Frame(*row[:-1])
        if len(rows) < 1_000:
            return
        at, last = rows[-1][4], rows[-1][-1]


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
    """The text without the characters that PostgreSQL cannot store."""
    return text.replace("\x00", "\ufffd") if "\x00" in text else text
