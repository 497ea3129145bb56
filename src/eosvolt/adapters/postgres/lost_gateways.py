"""Finds gateways that are gone: their locks are free, and they have not beaten for a while."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from time import monotonic
from typing import LiteralString

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.gateway_heartbeat import LOCK_OF
from eosvolt.application.ports import Clock, LostGateway

# Three beats.
SILENT_FOR = timedelta(seconds=15)
# After an outage of the database all locks are free until the gateways have connected again.
FREE_FOR_SECONDS = 10.0
# The database may take this long to notice that a killed process is gone.
PATIENCE_SECONDS = 3.0
_ALL: LiteralString = "SELECT id, beat_at FROM gateways ORDER BY id"
_TRY: LiteralString = f"SELECT pg_try_advisory_lock({LOCK_OF})"
_RELEASE: LiteralString = f"SELECT pg_advisory_unlock({LOCK_OF})"
_FORGET: LiteralString = "DELETE FROM gateways WHERE id = ANY(%s)"


class LostGateways:
    """Looks for gateways that are gone, on connections of its own."""

    def __init__(self, dsn: str, clock: Clock) -> None:
        """Look in the database at ``dsn``."""
        self._dsn = dsn
        self._clock = clock
        # Since when the lock of each has been free whenever it was looked at, by the monotonic clock.
        self._free_since: dict[str, float] = {}

    @asynccontextmanager
    async def gone(self) -> AsyncIterator[Sequence[LostGateway]]:
        """Those that are gone. They are forgotten when the context is left without an error.

        Until then none of them beats again. Raises the driver's error.
        """
        try:
            async with self._connected() as connection:
                lost = [each for each in await _all(connection) if await self._is_gone(connection, each)]
                yield lost
                await _forget(connection, lost)
        except BaseException:
            # What was seen before an outage proves nothing after it.
            self._free_since.clear()
            raise

    @asynccontextmanager
    async def left_behind(self, gateway: str) -> AsyncIterator[Sequence[LostGateway]]:
        """All that are there besides ``gateway``, which begins, unless one of them is alive; as ``gone``."""
        async with self._connected() as connection:
            others = [each for each in await _all(connection) if each.id != gateway]
            lost = others if await _become_free(connection, others) else []
            yield lost
            await _forget(connection, lost)

    async def _is_gone(self, connection: Db, gateway: LostGateway) -> bool:
        if not await _holds(connection, gateway):
            self._free_since.pop(gateway.id, None)
            return False
        free_for = monotonic() - self._free_since.setdefault(gateway.id, monotonic())
        if free_for >= FREE_FOR_SECONDS and self._clock.now() - gateway.beat_at >= SILENT_FOR:
            del self._free_since[gateway.id]
            return True
        await connection.execute(_RELEASE, {"id": gateway.id})
        return False

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Db]:
        connection = await connect(self._dsn, "lost gateways")
        try:
            yield connection
        finally:
            # The locks are free again.
            await connection.close()


async def _all(connection: Db) -> list[LostGateway]:
    cursor = await connection.execute(_ALL)
    return [LostGateway(*row) for row in await cursor.fetchall()]


async def _holds(connection: Db, gateway: LostGateway) -> bool:
    cursor = await connection.execute(_TRY, {"id": gateway.id})
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def _become_free(connection: Db, gateways: Sequence[LostGateway]) -> bool:
    """Whether the locks of all are free within ``PATIENCE_SECONDS``; they are held then."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            for each in gateways:
                while not await _holds(connection, each):  # noqa: ASYNC110 - the other one is another process
                    await asyncio.sleep(0.1)
            return True
    return False


async def _forget(connection: Db, gateways: Sequence[LostGateway]) -> None:
    if gateways:
        await connection.execute(_FORGET, ([each.id for each in gateways],))
