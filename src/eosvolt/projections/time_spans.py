"""Sets of time: stretches ``(since, until)`` in order that do not touch, so that overlaps count once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import accumulate, pairwise

from eosvolt.domain.tariffs.pauses import merged

Span = tuple[datetime, datetime]
Spans = Sequence[Span]

NONE = timedelta()


def union(*sets: Iterable[Span]) -> list[Span]:
    """All of it."""
    return list(merged(span for each in sets for span in each))


def common(one: Spans, other: Spans) -> list[Span]:
    """What is in both. Both are sets as ``union`` makes them."""
    found: list[Span] = []
    left = right = 0
    while left < len(one) and right < len(other):
        since, until = max(one[left][0], other[right][0]), min(one[left][1], other[right][1])
        if since < until:
            found.append((since, until))
        if one[left][1] <= other[right][1]:
            left += 1
        else:
            right += 1
    return found


def without(one: Spans, other: Spans) -> list[Span]:
    """What is in the first and not in the second. Both are sets as ``union`` makes them."""
    found: list[Span] = []
    right = 0
    for since, until in one:
        while right < len(other) and other[right][1] <= since:
            right += 1
        at = since
        for begin, end in other[right:]:
            if begin >= until:
                break
            if at < begin:
                found.append((at, begin))
            at = max(at, end)
        if at < until:
            found.append((at, until))
    return found


def length(spans: Iterable[Span]) -> timedelta:
    """How long it is together."""
    return sum((until - since for since, until in spans), NONE)


def first(spans: Spans, most: timedelta) -> list[Span]:
    """The earliest of it, at most so long."""
    found: list[Span] = []
    for since, until in spans:
        if most <= NONE:
            break
        found.append((since, min(until, since + most)))
        most -= until - since
    return found


class StepLengths:
    """How long sets of time are together between each of some instants and the next one."""

    def __init__(self, instants: Sequence[datetime]) -> None:
        """``instants`` are at least two and never decrease."""
        self._at = instants
        self._parts = [NONE] * (len(instants) - 1)
        # By how many more sets a step is covered wholly than the one before.
        self._more = [0] * len(instants)

    def add(self, spans: Spans) -> None:
        """Add a set."""
        at = self._at
        for span in spans:
            since, until = max(span[0], at[0]), min(span[1], at[-1])
            if since >= until:
                continue
            begins, ends = bisect_right(at, since) - 1, bisect_left(at, until) - 1
            if begins == ends:
                self._parts[begins] += until - since
                continue
            self._parts[begins] += at[begins + 1] - since
            self._parts[ends] += until - at[ends]
            self._more[begins + 1] += 1
            self._more[ends] -= 1

    def lengths(self) -> list[timedelta]:
        """The length for each step."""
        wholly = accumulate(self._more[:-1])
        return [
            part + (until - since) * sets
            for part, (since, until), sets in zip(self._parts, pairwise(self._at), wholly, strict=True)
        ]
