"""The simulated clock: real time, or a faster time that starts in the past and catches up with it."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def wall_time() -> datetime:
    """The current time of this machine, aware, in UTC."""
    return datetime.now(UTC)


class ParkClock:
    """Simulated time: ``speed`` times as fast as real time until it has caught up, and never ahead of it."""

    def __init__(
        self,
        speed: float = 1.0,
        behind: timedelta = timedelta(0),
        real_time: Callable[[], datetime] | None = None,
    ) -> None:
        """Start ``behind`` real time, which ``real_time`` tells in UTC: this machine's clock unless given.

        Raises ``ValueError`` for a speed below 1: that park would never be on time.
        """
        if speed < 1:
            raise ValueError("The speed must be 1 or more.")
        self._speed = speed
        self._started = time.monotonic()
        self._real_time = real_time or wall_time
        self._since = self._real_time() - behind

    def now(self) -> datetime:
        """The simulated time in UTC, in whole milliseconds."""
        elapsed = timedelta(seconds=(time.monotonic() - self._started) * self._speed)
        at = min(self._real_time(), self._since + elapsed)
        return at.replace(microsecond=at.microsecond // 1_000 * 1_000)

    def seconds_until(self, at: datetime) -> float:
        """The real seconds until a simulated time; 0 when it has passed."""
        real, now = self._real_time(), self.now()
        left = (at - now).total_seconds()
        lead = (real - now).total_seconds()
        if left <= 0:
            return 0.0
        # Simulated time gains on real time until it has caught up; from then on a second is a second.
        gains = lead / (self._speed - 1) if self._speed > 1 else 0.0
        return left / self._speed if left <= gains * self._speed else gains + left - gains * self._speed

    async def wait_until(self, at: datetime, woken: asyncio.Event) -> None:
        """Sleep until a simulated time or until ``woken`` is set."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.seconds_until(at) + 0.001):
                await woken.wait()
        woken.clear()


class PastClock:
    """The clock of the demo's past. It shows the time that was set last."""

    def __init__(self, at: datetime) -> None:
        """``at`` is aware."""
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """The time that was set last, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Set the time."""
        self._at = at.astimezone(UTC)
