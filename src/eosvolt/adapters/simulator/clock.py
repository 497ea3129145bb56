"""The park's time: real time, or a faster time that starts in the past and catches up with it."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta


class ParkClock:
    """Simulated time: ``speed`` times as fast as real time until it has caught up, and never ahead of it."""

    def __init__(self, speed: float = 1.0, behind: timedelta = timedelta(0)) -> None:
        """Start ``behind`` real time.

        Raises ``ValueError`` for a speed below 1: that park would never be on time.
        """
        if speed < 1:
            raise ValueError("The speed must be 1 or more.")
        self._speed = speed
        self._started = time.monotonic()
        self._since = datetime.now(UTC) - behind

    def now(self) -> datetime:
        """The simulated instant, in whole milliseconds, UTC."""
        elapsed = timedelta(seconds=(time.monotonic() - self._started) * self._speed)
        at = min(datetime.now(UTC), self._since + elapsed)
        return at.replace(microsecond=at.microsecond // 1_000 * 1_000)

    def seconds_until(self, at: datetime) -> float:
        """The real seconds until a simulated instant; 0 when it has passed."""
        real, now = datetime.now(UTC), self.now()
        left = (at - now).total_seconds()
        lead = (real - now).total_seconds()
        if left <= 0:
            return 0.0
        # Simulated time gains on real time until it has caught up; from then on a second is a second.
        gains = lead / (self._speed - 1) if self._speed > 1 else 0.0
        return left / self._speed if left <= gains * self._speed else gains + left - gains * self._speed

    async def wait_until(self, at: datetime, woken: asyncio.Event) -> None:
        """Sleep until a simulated instant or until somebody sets ``woken``."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.seconds_until(at) + 0.001):
                await woken.wait()
        woken.clear()
