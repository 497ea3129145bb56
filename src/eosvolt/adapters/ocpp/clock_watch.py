"""How wrong a charger's clock is, from the times it writes beside the times at which we hear them.

Nearly every message lags a little, and those of a queue lag by hours. A wrong clock shows differently: its
error stays the same while time passes. So an error counts only once several messages, heard over some time,
agree on it, where something else proves that the clock was set, or where a message of a clock that was never
seen right comes alone.
"""

from collections import deque
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

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
# A queue's next message comes as soon as the one before is answered, however long we took to answer.
MAY_HAVE_WAITED_S = 5.0
# A queue is delivered at once after connecting. What comes alone later comes when it happened, and no living
# line holds it up for so long.
QUEUE_IS_EMPTY_S = 60.0
NO_LINE_LAGS_S = 300.0


class _Seen(NamedTuple):
    """How wrong a message's time was. ``waited``: it may have been in a queue until we had answered."""

    received_at: datetime
    error_s: float
    waited: bool


class ClockWatch:
    """Watches one charger's clock.

    ``clock_offset_s`` is how many seconds it shows more than ours; 0 while nothing else is certain, negative
    where it is behind. ``registers`` are those of its plugs.
    """

    __slots__ = ("_free_at", "_right", "_seen", "clock_offset_s", "registers")

    def __init__(self, clock_offset_s: int = 0, *, right: bool = False) -> None:
        """``clock_offset_s`` and ``right`` are what was known before this process began."""
        self.clock_offset_s = clock_offset_s
        self.registers = Registers()
        self._right = right
        self._free_at: datetime | None = None
        self._seen: deque[_Seen] = deque(maxlen=REMEMBERED)

    @property
    def since(self) -> datetime | None:
        """Since when what was heard agrees with the last that was heard."""
        return self._seen[0].received_at if self._seen else None

    def metered(self, report: Metered) -> bool:
        """Note what a register showed. True where that proves that ``clock_offset_s`` is another now."""
        clock_offset_s = self.registers.heard(report, self.clock_offset_s)
        if clock_offset_s is None:
            return False
        seen = self._seen
        # What two messages agree on is the error itself, without the lag that a single one may have.
        agreed = bool(seen) and seen[-1].received_at - seen[0].received_at >= LONGER_THAN_A_BURST
        self.clock_offset_s = self._tolerant(
            median(each.error_s for each in seen) if agreed else clock_offset_s
        )
        return True

    def connected(self, at: datetime) -> None:
        """A connection begins: what comes now may have waited for it, each time for as long as the last."""
        self._seen.clear()
        self._free_at = at

    def answered(self, at: datetime | None) -> None:
        """Something that may have waited was answered; ``None``: with an error, and it will come again."""
        self._free_at = at

    def kept_waiting(self, until_answered: timedelta) -> None:
        """It waited so long for an answer, say to its boot, and told nothing else meanwhile."""
        if self._free_at is not None:
            self._free_at += until_answered

    def alone_s(self, at: datetime) -> float:
        """Something came: for how many seconds whatever waited could have come before it."""
        return 0.0 if self._free_at is None else (at - self._free_at).total_seconds()

    def heard(self, at: datetime, received_at: datetime, alone_s: float = 0.0) -> bool:
        """Note what the charger's clock showed in a message. True where ``clock_offset_s`` is another now.

        For ``alone_s`` seconds nothing else was heard on the connection.
        """
        error = (at - received_at).total_seconds()
        if not self.clock_offset_s and -CLOCKS_DIFFER_S <= error <= CLOCKS_DIFFER_S:
            # By far the most common case: the clock is right.
            self._seen.clear()
            self._right = True
            return False
        if (
            not self._right
            and not self.clock_offset_s
            and error < -NO_LINE_LAGS_S
            and alone_s >= QUEUE_IS_EMPTY_S
        ):
            self._seen.clear()
            self._seen.append(_Seen(received_at, error, waited=False))
            self.clock_offset_s = round(error)
            return True
        seen = self._seen
        if seen and abs(error - seen[-1].error_s) > AGREE_WITHIN_S:
            seen.clear()
        seen.append(_Seen(received_at, error, waited=self.alone_s(received_at) < MAY_HAVE_WAITED_S))
        errors, over = [each.error_s for each in seen], received_at - seen[0].received_at
        if over >= AGREE_OVER and max(errors) - min(errors) > AGREE_WITHIN_S:
            seen.popleft()
            return False
        if len(seen) < AGREE or not (over >= AGREE_OVER or self._told_as_it_happens()):
            return False
        found = self._tolerant(median(errors))
        if abs(found - self.clock_offset_s) <= STEADY_WITHIN_S:
            return False
        self.clock_offset_s = found
        self._right = not found
        return True

    def _told_as_it_happens(self) -> bool:
        """Whether the times of messages that waited for nothing pass exactly as ours does."""
        fresh = [each for each in self._seen if not each.waited]
        errors = [each.error_s for each in fresh]
        return (
            len(fresh) >= AGREE
            and fresh[-1].received_at - fresh[0].received_at >= LONGER_THAN_A_BURST
            and max(errors) - min(errors) <= STEADY_S
        )

    @staticmethod
    def _tolerant(clock_offset_s: float) -> int:
        return round(clock_offset_s) if abs(clock_offset_s) > CLOCKS_DIFFER_S else 0
