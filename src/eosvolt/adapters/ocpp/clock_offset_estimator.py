"""Estimates the offset of a charger's clock from its timestamps and the times at which they are received.

Nearly every message arrives a little late, and queued messages arrive hours late. The offset of a wrong clock
differs from such a delay: it stays the same while time passes. So an offset is accepted in three cases only:
several messages over some time agree on it, a meter register proves that the clock was set, or a single
message cannot have been queued and the clock was never seen right.
"""

from collections import deque
from datetime import datetime, timedelta
from statistics import median
from typing import NamedTuple

from eosvolt.adapters.ocpp.meter_register_tracker import Metered, MeterRegisterTracker
from eosvolt.domain.charge_points.clocks import CLOCKS_DIFFER_S

AGREE = 3
AGREE_OVER = timedelta(minutes=2)
AGREE_WITHIN_S = 20.0
# A queue is delivered within less time than this, and all of it with about the same delay.
LONGER_THAN_A_BURST = timedelta(seconds=10)
STEADY_S = 3.0
STEADY_WITHIN_S = 30
REMEMBERED = 12
# A charger sends the next queued message as soon as the one before is answered.
MAY_HAVE_WAITED_S = 5.0
# Queues are delivered right after connecting. A single late message is taken as live: no connection delays
# one message this long.
QUEUE_IS_EMPTY_S = 60.0
NO_LINE_LAGS_S = 300.0


class _Seen(NamedTuple):
    """The offset of one message's timestamp. ``queued``: it may have waited for an earlier answer."""

    received_at: datetime
    error_s: float
    queued: bool


class ClockOffsetEstimator:
    """Estimates the offset of one charger's clock.

    ``clock_offset_s`` is the offset in seconds: positive where the charger's clock is ahead of ours, 0 while
    nothing else is certain. ``registers`` tracks the meter registers of its plugs.
    """

    __slots__ = ("_free_at", "_right", "_seen", "clock_offset_s", "registers")

    def __init__(self, clock_offset_s: int = 0, *, right: bool = False) -> None:
        """Start with the known offset; ``right``: the clock was seen right before."""
        self.clock_offset_s = clock_offset_s
        self.registers = MeterRegisterTracker()
        self._right = right
        self._free_at: datetime | None = None
        self._seen: deque[_Seen] = deque(maxlen=REMEMBERED)

    @property
    def since(self) -> datetime | None:
        """When the first of the messages that agree with the last one was received."""
        return self._seen[0].received_at if self._seen else None

    def metered(self, report: Metered) -> bool:
        """Track the register of a report. Returns True where it changes ``clock_offset_s``."""
        clock_offset_s = self.registers.observe(report, self.clock_offset_s)
        if clock_offset_s is None:
            return False
        seen = self._seen
        # Two messages agree on the offset itself; a single one may contain a delay.
        agreed = bool(seen) and seen[-1].received_at - seen[0].received_at >= LONGER_THAN_A_BURST
        self.clock_offset_s = self._tolerant(
            median(each.error_s for each in seen) if agreed else clock_offset_s
        )
        return True

    def connected(self, at: datetime) -> None:
        """A connection begins. Messages that were queued for it come first."""
        self._seen.clear()
        self._free_at = at

    def answered(self, at: datetime | None) -> None:
        """A queued message was answered ``at``; ``None``: with an error, so it is sent again."""
        self._free_at = at

    def kept_waiting(self, until_answered: timedelta) -> None:
        """The charger waited this long for an answer, for example to its boot, and sent nothing meanwhile."""
        if self._free_at is not None:
            self._free_at += until_answered

    def alone_s(self, at: datetime) -> float:
        """The seconds before ``at`` in which a queued message could have been sent, and none was."""
        return 0.0 if self._free_at is None else (at - self._free_at).total_seconds()

    def observe(self, at: datetime, received_at: datetime, alone_s: float = 0.0) -> bool:
        """Take the timestamp ``at`` of a message that was received at ``received_at``.

        Returns True where it changes ``clock_offset_s``. ``alone_s``: for so many seconds before it nothing
        was received on the connection.
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
            self._seen.append(_Seen(received_at, error, queued=False))
            self.clock_offset_s = round(error)
            return True
        seen = self._seen
        if seen and abs(error - seen[-1].error_s) > AGREE_WITHIN_S:
            seen.clear()
        seen.append(_Seen(received_at, error, queued=self.alone_s(received_at) < MAY_HAVE_WAITED_S))
        errors, over = [each.error_s for each in seen], received_at - seen[0].received_at
        if over >= AGREE_OVER and max(errors) - min(errors) > AGREE_WITHIN_S:
            seen.popleft()
            return False
        if len(seen) < AGREE or not (over >= AGREE_OVER or self._is_live()):
            return False
        found = self._tolerant(median(errors))
        if abs(found - self.clock_offset_s) <= STEADY_WITHIN_S:
            return False
        self.clock_offset_s = found
        self._right = not found
        return True

    def _is_live(self) -> bool:
        """Whether the timestamps of messages that were not queued advance as our clock does."""
        fresh = [each for each in self._seen if not each.queued]
        errors = [each.error_s for each in fresh]
        return (
            len(fresh) >= AGREE
            and fresh[-1].received_at - fresh[0].received_at >= LONGER_THAN_A_BURST
            and max(errors) - min(errors) <= STEADY_S
        )

    @staticmethod
    def _tolerant(clock_offset_s: float) -> int:
        return round(clock_offset_s) if abs(clock_offset_s) > CLOCKS_DIFFER_S else 0
