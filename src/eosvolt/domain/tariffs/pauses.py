"""Time that does not count: pauses taken out of elapsed time, however they overlap."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TypeAlias

Pause: TypeAlias = tuple[datetime, datetime]


def merged(pauses: Iterable[Pause]) -> Iterator[Pause]:
    """The same pauses in time order, overlapping and touching ones as one, empty ones left out."""
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
    """The time between two instants less the pauses in it; zero where that is empty or reversed."""
    if until <= since:
        return timedelta(0)
    clipped = ((max(since, begin), min(until, end)) for begin, end in pauses)
    return until - since - sum((end - begin for begin, end in merged(clipped)), timedelta(0))
