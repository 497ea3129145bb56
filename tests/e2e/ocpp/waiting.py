"""Waiting for something that happens by itself."""

import asyncio
from collections.abc import Callable

PATIENCE = 5.0


async def until(condition: Callable[[], bool]) -> None:
    """Return as soon as ``condition`` holds; ``TimeoutError`` where it does not within a few seconds."""
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event to wait on
            await asyncio.sleep(0.01)
