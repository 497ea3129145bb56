"""Elapsed time less pauses, which may overlap. An open pause lasts until ``FOR_EVER``."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import TypeAlias

Pause: TypeAlias = tuple[datetime, datetime]

# A pause that ends no earlier than this is still open.
FOR_EVER = datetime(9999, 1, 1, tzinfo=UTC)

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


def full_at(since: datetime, needed: timedelta, pauses: Sequence[Pause]) -> datetime | None:
    """When ``needed`` time has passed since an instant, without ``pauses`` (merged, in time order).

    A pause that begins exactly then does not delay it. ``None`` if an open pause begins earlier.
    """
    at, left = since, needed
    for begin, end in pauses:
        if end <= at:
            continue
        counted = max(begin - at, _NONE)
        if counted >= left:
            break
        if end >= FOR_EVER:
            return None
        at, left = end, left - counted
    return at + left


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
