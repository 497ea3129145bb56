"""Limits the rate at which one charger's frames are read. Frames are delayed, never dropped."""

from collections.abc import Callable

# A charger may send a queue of a long outage at once.
BURST_SECONDS = 20
# No queue of a charger keeps the rate too high for so long.
ABUSE_SECONDS = 1_800.0


class RateLimiter:
    """A token bucket: each frame takes a token; an empty bucket delays the next frame."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        """``per_second`` is the sustained rate; ``clock`` returns seconds."""
        self._rate = per_second
        self._room = per_second * BURST_SECONDS
        self._left = self._room
        self._clock = clock
        self._at = clock()
        self._full_at = self._at

    def delay_s(self) -> float:
        """Count a frame and return the seconds to wait before the next one is read."""
        now = self._clock()
        self._left = min(self._room, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= self._room / 2:
            self._full_at = now
        self._left -= 1.0
        return max(0.0, -self._left / self._rate)

    @property
    def is_abused(self) -> bool:
        """Whether the bucket was less than half full for more than ``ABUSE_SECONDS``."""
        return self._at - self._full_at > ABUSE_SECONDS
