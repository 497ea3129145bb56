"""Wake-ups when the log has grown: a call within the process, a coalesced NOTIFY between processes.

NOTIFY takes a lock of the whole cluster when its transaction commits, so the append's transaction does not
send it.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from eosvolt.adapters.postgres.connections import LOST, Backoff, connect

CHANNEL = "eosvolt_log"
NOTIFY_EVERY = 0.05


class Wakeups:
    """Calls its listeners when this or another process committed events; sometimes without new events."""

    def __init__(self, dsn: str) -> None:
        """Until ``run`` is started, only commits of this process wake the listeners."""
        self._dsn = dsn
        self._listeners: list[Callable[[], None]] = []
        self._grown = asyncio.Event()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener``, which must be quick and not raise; return the function that unsubscribes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def poke(self) -> None:
        """This process committed something."""
        self._grown.set()
        self._notify_listeners()

    async def run(self) -> None:
        """Notify other processes and receive their notifications, through any outage of the database."""
        await asyncio.gather(self._forever(self._send), self._forever(self._receive))

    def _notify_listeners(self) -> None:
        for listener in tuple(self._listeners):
            listener()

    async def _forever(self, work: Callable[[], Any]) -> None:
        backoff = Backoff()
        while True:
            with contextlib.suppress(*LOST):
                await work()
            await backoff.pause()

    async def _send(self) -> None:
        async with await connect(self._dsn, "notify") as connection:
            while True:
                await self._grown.wait()
                self._grown.clear()
                await connection.execute(f"NOTIFY {CHANNEL}")
                await asyncio.sleep(NOTIFY_EVERY)

    async def _receive(self) -> None:
        async with await connect(self._dsn, "listen") as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._notify_listeners()
            async for _ in connection.notifies():
                self._notify_listeners()
