"""Session numbers from a sequence, fetched in blocks."""

import asyncio
from typing import LiteralString, Self

from eosvolt.adapters.postgres.connections import ReadPool

BLOCK = 50
_DRAW: LiteralString = "SELECT nextval('session_numbers') FROM generate_series(1, %b)"


class PostgresNumbers:
    """Unique session numbers. The rest of a block is lost when the process ends."""

    def __init__(self, dsn: str, block: int = BLOCK) -> None:
        """Draws ``block`` numbers at a time, so that most sessions start without a query."""
        self._reading = ReadPool(dsn, "numbers", size=1)
        self._block = block
        self._left: list[int] = []
        self._drawing = asyncio.Lock()

    async def __aenter__(self) -> Self:
        """Open the connection; does not wait for the database."""
        await self._reading.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connection."""
        await self._reading.close()

    async def next_session(self) -> int:
        """A new number, from 170001 up."""
        async with self._drawing:
            if not self._left:
                rows = await self._reading.fetch(_DRAW, (self._block,))
                self._left = sorted((number for (number,) in rows), reverse=True)
            return self._left.pop()
