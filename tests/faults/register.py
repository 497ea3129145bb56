"""What a meter's register shows: right values, now and then a wrong one, or those of a counter of its own."""

import random
from dataclasses import dataclass

LARGEST = 2**32 - 1
# So many right values at least between two wrong ones.
RIGHT_BETWEEN = 3


@dataclass
class Register:
    """The display of one session's register. Start and stop are always right.

    ``glitches``: single values are 0, the largest number or something else. ``relative``: ``never``, or the
    samples ``always`` or ``alternately`` count from the session's start.
    """

    start_wh: int
    rng: random.Random
    glitches: bool = False
    relative: str = "never"
    _shown: int = 0
    _right: int = 0

    def sample(self, wh: int) -> tuple[int, bool]:
        """What is shown for a true value, and whether it is that."""
        self._shown += 1
        if self.relative == "always" or (self.relative == "alternately" and self._shown % 2):
            return wh - self.start_wh, self.start_wh == 0
        if self.glitches and self._right >= RIGHT_BETWEEN and self.rng.random() < 0.1:
            self._right = 0
            return self.rng.choice((0, LARGEST, wh - self.start_wh, wh + 7_000_000, wh // 1000)), False
        self._right += 1
        return wh, True


def register(start_wh: int, rng: random.Random, *, glitches: bool) -> Register:
    """The display of a new session, for a charger whose registers glitch or do not."""
    kind = rng.random() if glitches else 1.0
    relative = "always" if kind < 0.15 else "alternately" if kind < 0.3 else "never"
    return Register(start_wh, rng, glitches, relative)
