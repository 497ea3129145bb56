"""How wrong a charger's clock is, from the times it writes beside the times at which we hear them.

Nearly every message lags a little, and those of a queue lag by hours. A wrong clock shows differently: its
error stays the same while time passes. So an error counts only once several messages, heard over some time,
agree on it, where something else proves that the clock was set, or where a message of a clock that was never
seen right comes alone.
"""

from collections import deque
from datetime import datetime, timedelta
from statistics import median

from eosvolt.adapters.ocpp.registers import Metered, Registers
from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER_S

AGREE = 3
AGREE_OVER = timedelta(minutes=2)
AGREE_WITHIN_S = 20.0
# A queue is delivered faster than this, and all of it with about the same lag.
LONGER_THAN_A_BURST = timedelta(seconds=10)
STEADY_S = 3.0
STEADY_WITHIN_S = 30
REMEMBERED = 12
# A queue is delivered at once after connecting. What comes alone later comes when it happened, and no living
# line holds it up for so long.
QUEUE_IS_EMPTY_S = 60.0
NO_LINE_LAGS_S = 300.0


class ClockWatch:
    """Watches one charger's clock.

    ``ahead_s`` is how many seconds it shows more than ours; 0 while nothing else is certain, negative where
    it is behind. ``registers`` are those of its plugs.
    """

    __slots__ = ("_free_at", "_right", "_seen", "ahead_s", "registers")

    def __init__(self, ahead_s: int = 0) -> None:
        """Nothing was heard of it yet; ``ahead_s`` was known of it before this process began."""
        self.ahead_s = ahead_s
        self.registers = Registers()
        self._right = False
        self._free_at: datetime | None = None
        self._seen: deque[tuple[datetime, float]] = deque(maxlen=REMEMBERED)

    @property
    def since(self) -> datetime | None:
        """Since when what was heard agrees with the last that was heard."""
        return self._seen[0][0] if self._seen else None

    def metered(self, report: Metered) -> bool:
        """Note what a register showed. True where that proves that ``ahead_s`` is another now."""
        ahead_s = self.registers.heard(report, self.ahead_s)
        if ahead_s is None:
            return False
        seen = self._seen
        # What two messages agree on is the error itself, without the lag that a single one may have.
        agreed = bool(seen) and seen[-1][0] - seen[0][0] >= LONGER_THAN_A_BURST
        self.ahead_s = self._tolerant(median(e for _, e in seen) if agreed else ahead_s)
        return True

    def connected(self, at: datetime) -> None:
        """A connection begins: what comes now may have waited for it, each time for as long as the last."""
        self._seen.clear()
        self._free_at = at

    def answered(self, at: datetime | None) -> None:
        """Something that may have waited was answered; ``None``: with an error, and it will come again."""
        self._free_at = at

    def alone_s(self, at: datetime) -> float:
        """Something came: for how many seconds whatever waited could have come before it."""
        return 0.0 if self._free_at is None else (at - self._free_at).total_seconds()

    def heard(self, at: datetime, received_at: datetime, alone_s: float = 0.0) -> bool:
        """Note what the charger's clock showed in a message. True where ``ahead_s`` is another now.

        For ``alone_s`` seconds nothing else was heard on the connection.
        """
        error = (at - received_at).total_seconds()
        if not self.ahead_s and -CLOCKS_DIFFER_S <= error <= CLOCKS_DIFFER_S:
            # By far the most common case: the clock is right.
            self._seen.clear()
            self._right = True
            return False
        if not self._right and not self.ahead_s and error < -NO_LINE_LAGS_S and alone_s >= QUEUE_IS_EMPTY_S:
            self._seen.clear()
            self._seen.append((received_at, error))
            self.ahead_s = round(error)
            return True
        seen = self._seen
        if seen and abs(error - seen[-1][1]) > AGREE_WITHIN_S:
            seen.clear()
        seen.append((received_at, error))
        errors, over = [each for _, each in seen], received_at - seen[0][0]
        differ_s = max(errors) - min(errors)
        if over >= AGREE_OVER and differ_s > AGREE_WITHIN_S:
            seen.popleft()
            return False
        # Messages whose own times pass exactly as ours does are told as they happen.
        steady = over >= LONGER_THAN_A_BURST and differ_s <= STEADY_S
        if len(seen) < AGREE or not (steady or over >= AGREE_OVER):
            return False
        found = self._tolerant(median(errors))
        if abs(found - self.ahead_s) <= STEADY_WITHIN_S:
            return False
        self.ahead_s = found
        self._right = not found
        return True

    @staticmethod
    def _tolerant(ahead_s: float) -> int:
        return round(ahead_s) if abs(ahead_s) > CLOCKS_DIFFER_S else 0
