"""Wake-ups when the log has grown: a poke within the process, a coalesced NOTIFY between processes.

NOTIFY takes one lock for the whole cluster when its transaction commits, so it never rides in the append
itself.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from eosvolt.adapters.postgres.connections import LOST, Backoff, connect

CHANNEL = "eosvolt_log"
NOTIFY_EVERY = 0.05


class Wakeups:
    """Calls its listeners when events were committed, here or in another process; sometimes for nothing."""

    def __init__(self, dsn: str) -> None:
        """``run`` does the work; until then only this process is heard."""
        self._dsn = dsn
        self._listeners: list[Callable[[], None]] = []
        self._grown = asyncio.Event()

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call ``listener`` from now on; returns what ends that. It must be quick and never raise."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def poke(self) -> None:
        """This process committed something."""
        self._grown.set()
        self._tell()

    async def run(self) -> None:
        """Tell other processes and hear from them, through any outage."""
        await asyncio.gather(self._forever(self._send), self._forever(self._receive))

    def _tell(self) -> None:
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
            self._tell()
            async for _ in connection.notifies():
                self._tell()
