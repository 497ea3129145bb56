"""The partitions of the frames: one a day, made ahead, dropped whole when their time is over."""

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
    """Makes partitions before they are needed, and remembers which days are served."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._served: set[date] = set()

    async def make(self, connection: Db, days: Iterable[date]) -> None:
        """See to it that ``days`` and the days to come have a place."""
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
        # Frames of that day lie in the default partition already, because a clock was ahead. They stay there,
        # and so do the day's others.
        return


async def partitions(connection: Db) -> list[date]:
    """The days that have a partition, the oldest first."""
    cursor = await connection.execute(_PRESENT)
    return sorted(
        datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=UTC).date()
        for (name,) in await cursor.fetchall()
    )


def name_of(day: date) -> str:
    """The partition of a day."""
    return f"ocpp_frames_{day:%Y%m%d}"
