"""Waiting for what happens in the background."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any


async def eventually(claim: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
    """Return once ``claim`` holds. Raises ``TimeoutError`` after so many seconds."""
    async with asyncio.timeout(seconds):
        while True:
            if await claim():
                return
            await asyncio.sleep(0.02)


async def until(claim: Callable[[], bool], seconds: float = 5) -> None:
    """Return once ``claim`` holds, a look at memory. Raises ``TimeoutError`` like ``eventually``."""
    async with asyncio.timeout(seconds):
        while not claim():
            await asyncio.sleep(0.001)


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """``work`` goes on until the block ends; how it ends is of no account."""
    running = asyncio.create_task(work)
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
