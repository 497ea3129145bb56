"""How fast one charger may talk: one that says too much is listened to more slowly, and loses nothing."""

from collections.abc import Callable

# A queue that was kept through a long outage may come at once.
BURST_SECONDS = 20
# Whoever is still too fast after so long is no charger with a full queue.
RELENTLESS_SECONDS = 1_800.0


class Pace:
    """A bucket of frames that fills at a rate; an empty one is waited for."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        """``per_second`` frames in the long run; ``clock`` gives seconds."""
        self._rate = per_second
        self._room = per_second * BURST_SECONDS
        self._left = self._room
        self._clock = clock
        self._at = clock()
        self._full_at = self._at

    def hold(self) -> float:
        """Count a frame; the seconds to wait before the next one is read."""
        now = self._clock()
        self._left = min(self._room, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left >= self._room / 2:
            self._full_at = now
        self._left -= 1.0
        return max(0.0, -self._left / self._rate)

    @property
    def relentless(self) -> bool:
        """Whether it was too fast for so long that there is no end to be expected."""
        return self._at - self._full_at > RELENTLESS_SECONDS
