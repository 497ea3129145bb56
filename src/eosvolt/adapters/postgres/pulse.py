"""The gateway's sign of life, so that a crash leaves behind until when its chargers were connected."""

import asyncio
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.connections import LOST, Backoff, connect
from eosvolt.application.ports import Clock

EVERY_SECONDS = 5.0
_BEAT: LiteralString = (
    "INSERT INTO gateway_pulse (at) VALUES (%s) ON CONFLICT (id) DO UPDATE SET at = excluded.at"
)


class Pulse:
    """Beats while the gateway lives."""

    def __init__(self, dsn: str, clock: Clock) -> None:
        """Beat in the database at ``dsn``."""
        self._dsn = dsn
        self._clock = clock

    async def last(self) -> datetime | None:
        """When a gateway was last alive; ``None`` before the first one."""
        async with await connect(self._dsn, "pulse") as connection:
            cursor = await connection.execute("SELECT at FROM gateway_pulse")
            row = await cursor.fetchone()
        return None if row is None else row[0]

    async def run(self) -> None:
        """Beat for ever, through any outage of the database."""
        backoff = Backoff()
        while True:
            try:
                async with await connect(self._dsn, "pulse") as connection:
                    while True:
                        await connection.execute(_BEAT, (self._clock.now(),))
                        backoff.reset()
                        await asyncio.sleep(EVERY_SECONDS)
            except LOST:
                await backoff.pause()
