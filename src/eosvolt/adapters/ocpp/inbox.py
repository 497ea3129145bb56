"""What one side of a connection hands to the other: a queue between two tasks of one event loop."""

import asyncio
from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class Inbox(Generic[T]):
    """A queue with one giver and one taker at a time.

    Every message of every charger passes two of them. ``asyncio.Queue`` looks up the running loop whenever
    somebody waits, for which Python 3.11 makes a system call, and keeps account for joiners that nobody
    needs: all in all a twentieth of what a message costs.
    """

    __slots__ = ("_giver", "_items", "_loop", "_room", "_taker")

    def __init__(self, loop: asyncio.AbstractEventLoop, room: int = 0) -> None:
        """``room`` items make it full; 0 is without a bound."""
        self._loop = loop
        self._room = room
        self._items: deque[T] = deque()
        self._giver: asyncio.Future[None] | None = None
        self._taker: asyncio.Future[None] | None = None

    def qsize(self) -> int:
        """How many items wait."""
        return len(self._items)

    def empty(self) -> bool:
        """Nothing waits."""
        return not self._items

    def full(self) -> bool:
        """Whoever puts has to wait."""
        return 0 < self._room <= len(self._items)

    def put_nowait(self, item: T) -> None:
        """Add an item, room or not."""
        self._items.append(item)
        if self._taker is not None and not self._taker.done():
            self._taker.set_result(None)

    async def put(self, item: T) -> None:
        """Add an item once there is room for it."""
        while self.full():
            self._giver = self._loop.create_future()
            await self._giver
        self.put_nowait(item)

    async def get(self) -> T:
        """Take the oldest item, once there is one."""
        while not self._items:
            self._taker = self._loop.create_future()
            await self._taker
        item = self._items.popleft()
        if self._giver is not None and not self._giver.done():
            self._giver.set_result(None)
        return item
