"""The gateway's heartbeat in the database: after a crash it says until when the chargers were connected."""

import asyncio
import contextlib
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect
from eosvolt.application.ports import Clock

EVERY_SECONDS = 5.0
# The database may take this long to notice that a killed gateway is gone.
PATIENCE_SECONDS = 3.0
_BEAT: LiteralString = (
    "INSERT INTO gateway_pulse (at) VALUES (%s) ON CONFLICT (id) DO UPDATE SET at = excluded.at"
)
_HOLD: LiteralString = "SELECT pg_try_advisory_lock(hashtextextended('eosvolt.gateway', 0))"


class GatewayHeartbeat:
    """Writes the time every ``EVERY_SECONDS`` while the gateway runs.

    One gateway at a time holds the heartbeat.
    """

    def __init__(self, dsn: str, clock: Clock) -> None:
        """Write to the database at ``dsn``."""
        self._dsn = dsn
        self._clock = clock
        self._connection: Db | None = None

    async def taken_over(self) -> datetime | None:
        """Take the heartbeat over and return when it was last written.

        ``None`` if it was never written or another gateway is alive.
        """
        connection = self._connection = await connect(self._dsn, "heartbeat")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not await _holds(connection):  # noqa: ASYNC110 - the other one is another process
                    await asyncio.sleep(0.1)
                cursor = await connection.execute("SELECT at FROM gateway_pulse")
                row = await cursor.fetchone()
                return None if row is None else row[0]
        return None

    async def run(self) -> None:
        """Write for ever, through any outage of the database."""
        backoff = Backoff()
        try:
            while True:
                with contextlib.suppress(*LOST):
                    await self._beat(backoff)
                self._connection = None
                await backoff.pause()
        finally:
            if self._connection is not None:
                await self._connection.close()

    async def _beat(self, backoff: Backoff) -> None:
        if self._connection is None:
            self._connection = await connect(self._dsn, "heartbeat")
        held = False
        while True:
            held = held or await _holds(self._connection)
            if held:
                await self._connection.execute(_BEAT, (self._clock.now(),))
            backoff.reset()
            await asyncio.sleep(EVERY_SECONDS)


async def _holds(connection: Db) -> bool:
    cursor = await connection.execute(_HOLD)
    row = await cursor.fetchone()
    return row is not None and bool(row[0])
