"""What a plug waits for: at most one instant for each kind of thing that can happen by itself."""

from datetime import datetime
from enum import IntEnum


class Timer(IntEnum):
    """The kinds; of two at the same instant the smaller comes first."""

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


WHILE_CHARGING = (Timer.THROTTLE, Timer.RELEASE, Timer.TARGET, Timer.FULL, Timer.SAMPLE)
WHILE_VISITED = (Timer.CARD, Timer.DEPARTURE, Timer.UNPLUG)


class Agenda:
    """Instants by kind."""

    def __init__(self) -> None:
        """Nothing is awaited."""
        self._at: dict[Timer, datetime] = {}

    def due(self) -> tuple[datetime, Timer]:
        """What comes first. Raises ``ValueError`` when nothing is awaited."""
        return min((at, timer) for timer, at in self._at.items())

    def put(self, timer: Timer, at: datetime) -> None:
        """Await ``timer`` at ``at``, instead of any instant before."""
        self._at[timer] = at

    def bring_forward(self, timer: Timer, at: datetime) -> None:
        """Await ``timer`` at ``at`` unless it is awaited earlier."""
        self._at[timer] = min(self._at.get(timer, at), at)

    def drop(self, *timers: Timer) -> None:
        """Await them no longer."""
        for timer in timers:
            self._at.pop(timer, None)

    def clear(self) -> None:
        """Await nothing."""
        self._at.clear()

    def delay(self, until: datetime) -> None:
        """Let nothing come before ``until``."""
        self._at = {timer: max(at, until) for timer, at in self._at.items()}
