"""Waiting for what happens in the background."""

import asyncio
from collections.abc import Awaitable, Callable


async def eventually(claim: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Return once ``claim`` holds. Raises ``TimeoutError`` after so many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            if await claim():
                return
            await asyncio.sleep(0.02)
