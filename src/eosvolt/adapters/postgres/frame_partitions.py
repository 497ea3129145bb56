"""The daily partitions of the frames, created ahead and dropped as a whole."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import LiteralString

import psycopg
from psycopg import sql

from eosvolt.adapters.postgres.connections import Db

DAYS_AHEAD = 3
_PRESENT: LiteralString = (
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = 'ocpp_frames'::regclass AND c.relname ~ '^ocpp_frames_[0-9]{8}$'"
)
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.ocpp_frames', 0))"


class Partitions:
    """Creates partitions ahead, and caches which days have one."""

    def __init__(self) -> None:
        """An empty cache."""
        self._served: set[date] = set()

    async def make(self, connection: Db, days: Iterable[date]) -> None:
        """Create the partitions of ``days`` and of the coming days."""
        today = datetime.now(UTC).date()
        wanted = {*days, *(today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1))}
        for day in sorted(wanted - self._served):
            await _make(connection, day)
            self._served.add(day)


async def _make(connection: Db, day: date) -> None:
    try:
        async with connection.transaction():
            await connection.execute(_ALONE)
            await connection.execute(
                sql.SQL(
                    "CREATE TABLE IF NOT EXISTS {} PARTITION OF ocpp_frames FOR VALUES FROM ({}) TO ({})"
                ).format(
                    sql.Identifier(name_of(day)),
                    sql.Literal(f"{day} 00:00Z"),
                    sql.Literal(f"{day + timedelta(days=1)} 00:00Z"),
                )
            )
    except psycopg.IntegrityError:
        # The default partition has frames of that day already, because a clock was ahead. It takes all
        # frames of that day.
        return


async def partitions(connection: Db) -> list[date]:
    """The days with a partition, the oldest first."""
    cursor = await connection.execute(_PRESENT)
    return sorted(
        datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=UTC).date()
        for (name,) in await cursor.fetchall()
    )


def name_of(day: date) -> str:
    """The name of a day's partition."""
    return f"ocpp_frames_{day:%Y%m%d}"
