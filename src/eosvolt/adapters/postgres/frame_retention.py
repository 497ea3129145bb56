"""Retention of OCPP frames: expired days are dropped as whole partitions."""

from datetime import UTC, date, datetime, timedelta
from typing import LiteralString, NamedTuple

from psycopg import sql

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.frame_partitions import name_of, partitions
from eosvolt.adapters.postgres.frame_seals import ALONE, dropped_signature

# DROP needs an exclusive lock. Waiting for it behind a long reader blocks everybody else, so give up early.
_PATIENCE: LiteralString = "SET lock_timeout = '2s'"
_SIZE: LiteralString = (
    "SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint FROM pg_inherits"
    " WHERE inhparent = 'ocpp_frames'::regclass"
)


class FramesKept(NamedTuple):
    """The first day of the log of frames, ``None`` for an empty log, and its bytes on disk."""

    since: date | None
    size: int


async def drop_frames_before(dsn: str, day: date, secret: bytes = b"") -> list[date]:
    """Drop the frames from before ``day`` (UTC) and return the dropped days.

    The seals of these days are marked as dropped, signed with ``secret``. Raises
    ``psycopg.errors.LockNotAvailable`` during a long read and while days are sealed; try again later.
    """
    dropped: list[date] = []
    async with await connect(dsn, "frame retention") as connection:
        await connection.execute(_PATIENCE)
        for old in [each for each in await partitions(connection) if each < day]:
            await _drop(connection, old, secret)
            dropped.append(old)
        await connection.execute(
            "DELETE FROM ocpp_frames_elsewhere WHERE at < %s",
            (datetime(day.year, day.month, day.day, tzinfo=UTC),),
        )
        await connection.execute("DELETE FROM ocpp_frames_lost WHERE day < %s", (day,))
    return dropped


async def drop_old_frames(dsn: str, kept: timedelta, now: datetime, secret: bytes) -> list[date]:
    """Drop the days that ended more than ``kept`` ago."""
    return await drop_frames_before(dsn, (now - kept).date(), secret)


async def frames_kept(connection: Db) -> FramesKept:
    """The first day of the log and its size."""
    days = await partitions(connection)
    cursor = await connection.execute(_SIZE)
    row = await cursor.fetchone()
    return FramesKept(days[0] if days else None, 0 if row is None else int(row[0]))


async def _drop(connection: Db, day: date, secret: bytes) -> None:
    async with connection.transaction():
        # Not while the day is sealed.
        await connection.execute(ALONE)
        await connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(name_of(day))))
        cursor = await connection.execute("SELECT now()")
        at: datetime = (await cursor.fetchall())[0][0]
        await connection.execute(
            "UPDATE frame_seals SET dropped_at = %s, dropped_signature = %s WHERE day = %s",
            (at, dropped_signature(secret, day, at) if secret else None, day),
        )
