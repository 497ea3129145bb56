"""How much of a time a plug was in order: minutes, never averages of percentages.

Uptime = (observed − down) ÷ observed. Down = faulted, unavailable (unless planned by the operator), or
disconnected for longer than 60 s, counted from the disconnect. Time before the first contact is not observed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import NamedTuple

from eosvolt.domain.calendar import MICROSECOND, local_day
from eosvolt.projections.uptime import (
    FAULTED,
    OFFLINE,
    PLANNED,
    RECONNECT,
    UNAVAILABLE,
    UNOBSERVED,
    PlugLife,
    Span,
    UptimeRow,
    cause_of,
)

NONE = timedelta()


class Share(NamedTuple):
    """What an observed time was made of; the rest of it was in order. Planned time is not down time."""

    observed: timedelta = NONE
    faulted: timedelta = NONE
    unavailable: timedelta = NONE
    offline: timedelta = NONE
    planned: timedelta = NONE

    @property
    def down(self) -> timedelta:
        """The time that counts against the uptime."""
        return self.faulted + self.unavailable + self.offline

    @property
    def uptime(self) -> Fraction | None:
        """From 0 to 1; ``None`` where nothing was observed."""
        if not self.observed:
            return None
        return Fraction((self.observed - self.down) // MICROSECOND, self.observed // MICROSECOND)

    @property
    def in_service(self) -> timedelta:
        """The observed time without what the operator planned to be out of service."""
        return self.observed - self.planned


class Day(NamedTuple):
    """A local day and what was observed of it."""

    day: date
    share: Share


def share(
    lives: Iterable[tuple[UptimeRow, PlugLife]], since: datetime, until: datetime, now: datetime
) -> Share:
    """The sum over plugs of the time from ``since`` up to ``until``, none of it later than ``now``."""
    total = Share()
    for row, plug in lives:
        total = added(total, plug_share(row, plug, since, until, now))
    return total


def plug_share(row: UptimeRow, plug: PlugLife, since: datetime, until: datetime, now: datetime) -> Share:
    """The time of one plug from ``since`` up to ``until``, none of it later than ``now``."""
    since, until = max(since, plug.observed_since), min(until, now)
    if until <= since:
        return Share()
    passed = dict.fromkeys((FAULTED, UNAVAILABLE, OFFLINE, PLANNED, UNOBSERVED), NONE)
    for span in _spans(row, plug, now):
        begin, end = max(span.since, since), min(span.until, until)
        if begin < end:
            passed[span.cause] += end - begin
    return Share(
        observed=until - since - passed[UNOBSERVED],
        faulted=passed[FAULTED],
        unavailable=passed[UNAVAILABLE],
        offline=passed[OFFLINE],
        planned=passed[PLANNED],
    )


def days(
    lives: Iterable[tuple[UptimeRow, PlugLife]], first: date, last: date, zone: str, now: datetime
) -> list[Day]:
    """The share of each local day from ``first`` to ``last``."""
    known = list(lives)
    number = (last - first).days + 1
    dates = [first + timedelta(days=index) for index in range(number)]
    return [Day(day, share(known, *local_day(day, zone), now)) for day in dates]


def lives(rows: Iterable[UptimeRow], connector: int | None = None) -> list[tuple[UptimeRow, PlugLife]]:
    """The plugs of chargers; only those of one number where it is given."""
    return [(row, plug) for row in rows for plug in row.plugs if connector in (None, plug.connector)]


def added(one: Share, other: Share) -> Share:
    """Minutes add up."""
    return Share(*(left + right for left, right in zip(one, other, strict=True)))


def _spans(row: UptimeRow, plug: PlugLife, now: datetime) -> Iterator[Span]:
    yield from plug.spans
    cause = plug.cause
    if cause == OFFLINE and now - plug.since <= RECONNECT:
        cause = cause_of(row, plug, online=True)
    if cause:
        yield Span(plug.since, now, cause)
