"""Elapsed time less pauses, which may overlap."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import TypeAlias

Pause: TypeAlias = tuple[datetime, datetime]

_NONE = timedelta(0)


def merged(pauses: Iterable[Pause]) -> Iterator[Pause]:
    """The same pauses in time order; overlapping and adjacent ones are joined, empty ones left out."""
    current: Pause | None = None
    for since, until in sorted(pause for pause in pauses if pause[0] < pause[1]):
        if current is None:
            current = (since, until)
        elif since <= current[1]:
            current = (current[0], max(current[1], until))
        else:
            yield current
            current = (since, until)
    if current is not None:
        yield current


def elapsed(since: datetime, until: datetime, pauses: Iterable[Pause]) -> timedelta:
    """The time between two instants less the pauses in it; zero if they are equal or reversed."""
    if until <= since:
        return timedelta(0)
    clipped = ((max(since, begin), min(until, end)) for begin, end in pauses)
    return until - since - sum((end - begin for begin, end in merged(clipped)), timedelta(0))


class CountedTime:
    """Elapsed time less pauses, prepared for many queries: each is logarithmic in the number of pauses."""

    __slots__ = ("_begins", "_ends", "_paused_before")

    def __init__(self, pauses: Iterable[Pause]) -> None:
        spans = list(merged(pauses))
        self._begins = [since for since, _ in spans]
        self._ends = [until for _, until in spans]
        self._paused_before = list(accumulate((until - since for since, until in spans), initial=_NONE))

    def between(self, since: datetime, until: datetime) -> timedelta:
        """The time between two instants less the pauses; zero if they are equal or reversed."""
        if until <= since:
            return _NONE
        return until - since - (self._paused_until(until) - self._paused_until(since))

    def _paused_until(self, at: datetime) -> timedelta:
        begun = bisect_left(self._begins, at)
        if not begun:
            return _NONE
        return self._paused_before[begun] - max(self._ends[begun - 1] - at, _NONE)
