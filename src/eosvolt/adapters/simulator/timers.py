"""The timers of a plug: at most one for each kind of timed event."""

from datetime import datetime
from enum import IntEnum


class Timer(IntEnum):
    """The kinds of timers; of two at the same time the smaller one comes first."""

    DEFECT = 1
    RECOVERY = 2
    ARRIVAL = 3
    CARD = 4
    THROTTLE = 5
    RELEASE = 6
    TARGET = 7
    FULL = 8
    SAMPLE = 9
    DEPARTURE = 10
    UNPLUG = 11
    LAPSE = 12
    BOOKER = 13


WHILE_CHARGING = (Timer.THROTTLE, Timer.RELEASE, Timer.TARGET, Timer.FULL, Timer.SAMPLE)
WHILE_VISITED = (Timer.CARD, Timer.DEPARTURE, Timer.UNPLUG)


class Timers:
    """The times of the timers that are set."""

    def __init__(self) -> None:
        """Start without timers."""
        self._at: dict[Timer, datetime] = {}

    def due(self) -> tuple[datetime, Timer]:
        """The first timer and its time. Raises ``ValueError`` when none is set."""
        return min((at, timer) for timer, at in self._at.items())

    def put(self, timer: Timer, at: datetime) -> None:
        """Set ``timer`` to ``at``; it replaces an earlier setting."""
        self._at[timer] = at

    def bring_forward(self, timer: Timer, at: datetime) -> None:
        """Set ``timer`` to ``at`` unless it is set to an earlier time."""
        self._at[timer] = min(self._at.get(timer, at), at)

    def drop(self, *timers: Timer) -> None:
        """Cancel timers."""
        for timer in timers:
            self._at.pop(timer, None)

    def clear(self) -> None:
        """Cancel all timers."""
        self._at.clear()

    def delay(self, until: datetime) -> None:
        """Postpone timers before ``until`` to ``until``."""
        self._at = {timer: max(at, until) for timer, at in self._at.items()}
