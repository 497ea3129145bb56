"""How wrong a charger's clock is, from the times it writes beside the times at which we hear them.

Nearly every message lags a little, and those of a queue lag by hours. A wrong clock shows differently: its
error stays the same while time passes. So an error counts only once several messages, heard over some time,
agree on it.
"""

from collections import deque
from datetime import datetime, timedelta
from statistics import median

AGREE = 3
AGREE_OVER = timedelta(minutes=2)
AGREE_WITHIN_S = 20.0
# What is less than this is taken for slow lines and lazy clocks.
TOLERATED_S = 60
STEADY_WITHIN_S = 30
REMEMBERED = 12


class ClockWatch:
    """Watches one charger's clock.

    ``ahead_s`` is how many seconds it shows more than ours; 0 while nothing else is certain, negative where
    it is behind.
    """

    __slots__ = ("_seen", "ahead_s")

    def __init__(self, ahead_s: int = 0) -> None:
        """``ahead_s`` is what was found before."""
        self.ahead_s = ahead_s
        self._seen: deque[tuple[datetime, float]] = deque(maxlen=REMEMBERED)

    def heard(self, at: datetime, received_at: datetime) -> bool:
        """Note what the charger's clock showed in a message. True where ``ahead_s`` is another now."""
        error = (at - received_at).total_seconds()
        if not self.ahead_s and -TOLERATED_S <= error <= TOLERATED_S:
            # By far the most common case: the clock is right.
            self._seen.clear()
            return False
        seen = self._seen
        if seen and abs(error - seen[-1][1]) > AGREE_WITHIN_S:
            seen.clear()
        seen.append((received_at, error))
        if len(seen) < AGREE or received_at - seen[0][0] < AGREE_OVER:
            return False
        errors = [each for _, each in seen]
        if max(errors) - min(errors) > AGREE_WITHIN_S:
            seen.popleft()
            return False
        found = round(median(errors))
        found = found if abs(found) > TOLERATED_S else 0
        if abs(found - self.ahead_s) <= STEADY_WITHIN_S:
            return False
        self.ahead_s = found
        return True
