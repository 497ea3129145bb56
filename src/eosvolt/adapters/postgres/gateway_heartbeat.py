"""A gateway's heartbeat in the database: after a crash it says until when its chargers were connected.

Beside its row it holds an advisory lock, which is free as soon as the database notices that it is gone.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect
from eosvolt.application.ports import Clock

EVERY_SECONDS = 5.0
LOCK_OF: LiteralString = "hashtextextended('eosvolt.gateway.' || %(id)s, 0)"
_HOLD: LiteralString = f"SELECT pg_advisory_lock({LOCK_OF})"
_BEAT: LiteralString = "UPDATE gateways SET beat_at = %(at)s WHERE id = %(id)s"
_ENTER: LiteralString = "INSERT INTO gateways (id, beat_at) VALUES (%(id)s, %(at)s)"


class GatewayHeartbeat:
    """Writes the time every ``EVERY_SECONDS`` while the gateway runs."""

    def __init__(
        self, dsn: str, clock: Clock, gateway: str, connections_open: Callable[[datetime], Awaitable[None]]
    ) -> None:
        """``gateway`` names this process.

        ``connections_open`` is called when another process took this one for gone: it records again that the
        connections of this process are open.
        """
        self._dsn = dsn
        self._clock = clock
        self._gateway = gateway
        self._connections_open = connections_open
        self._connection: Db | None = None

    async def begin(self) -> None:
        """Enter this gateway, before it accepts connections."""
        self._connection = await self._entered()
        await self._connection.execute(_ENTER, {"id": self._gateway, "at": self._clock.now()})

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
            self._connection = await self._entered()
        while True:
            now = self._clock.now()
            beat = await self._connection.execute(_BEAT, {"id": self._gateway, "at": now})
            if not beat.rowcount:
                await self._connection.execute(_ENTER, {"id": self._gateway, "at": now})
                await self._connections_open(now)
            backoff.reset()
            await asyncio.sleep(EVERY_SECONDS)

    async def _entered(self) -> Db:
        """A connection that holds this gateway's lock."""
        connection = await connect(self._dsn, "heartbeat")
        try:
            await connection.execute(_HOLD, {"id": self._gateway})
        except BaseException:
            await connection.close()
            raise
        return connection
