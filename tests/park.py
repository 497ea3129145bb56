"""Simulated chargers that live for as long as a test needs them."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

from eosvolt.adapters.simulator.park import Park

PATIENCE_S = 60.0


def lead(speed: float) -> timedelta:
    """How long ago a park's clock must begin so that nothing it tells is dated in the future."""
    return timedelta(seconds=PATIENCE_S * (speed - 1))


async def live(park: Park, enough: Callable[[], bool]) -> None:
    """Let a park live until ``enough`` holds, then end all sessions and hang up.

    How much chargers do in a second is the machine's affair, so a test waits for deeds. Raises
    ``TimeoutError`` after ``PATIENCE_S``.
    """
    life = asyncio.create_task(park.run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not enough():
                done, _ = await asyncio.wait([life], timeout=0.05)
                assert not done, "the park's life ended early"
    finally:
        life.cancel()
        await asyncio.gather(life, return_exceptions=True)
