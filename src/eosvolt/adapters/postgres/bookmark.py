"""The position that a follower of the log has reached, held by one process at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import LiteralString

from eosvolt.adapters.postgres.connections import Db, connect

STANDBY = 0.5
_HOLD: LiteralString = "SELECT pg_try_advisory_lock(hashtextextended('eosvolt.follower.' || %s, 0))"
_READ: LiteralString = "SELECT notification_id FROM notification_tracking WHERE application_name = %s"
_BEGIN: LiteralString = (
    "INSERT INTO notification_tracking (application_name, notification_id)"
    " SELECT %s, coalesce(max(notification_id), 0) FROM stored_events"
    " ON CONFLICT (application_name) DO NOTHING"
)
_ADVANCE: LiteralString = (
    "UPDATE notification_tracking SET notification_id = %s"
    " WHERE application_name = %s AND notification_id < %s"
)


class Bookmark:
    """A named position in the log. Other processes wait until its holder is gone."""

    def __init__(self, connection: Db, name: str) -> None:
        """``connection`` holds the lease as long as it lives."""
        self._connection = connection
        self._name = name

    async def position(self) -> int:
        """The position up to which the log was followed; the end of the log for a new bookmark."""
        await self._connection.execute(_BEGIN, (self._name,))
        cursor = await self._connection.execute(_READ, (self._name,))
        row = await cursor.fetchone()
        return 0 if row is None else int(row[0])

    async def advance(self, position: int) -> None:
        """Store that everything up to ``position`` is processed."""
        await self._connection.execute(_ADVANCE, (position, self._name, position))


@asynccontextmanager
async def held(dsn: str, name: str) -> AsyncIterator[Bookmark]:
    """Wait until no other process holds the bookmark ``name``, and hold it."""
    async with await connect(dsn, name) as connection:
        while not await _holds(connection, name):  # noqa: ASYNC110 - the other one is another process
            await asyncio.sleep(STANDBY)
        yield Bookmark(connection, name)


async def _holds(connection: Db, name: str) -> bool:
    cursor = await connection.execute(_HOLD, (name,))
    row = await cursor.fetchone()
    return row is not None and bool(row[0])
