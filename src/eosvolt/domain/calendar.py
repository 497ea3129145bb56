"""Local time: the only place that knows that a day is not always 24 hours long.

Instants are aware UTC datetimes; days, months, years and times of day are a time zone's own. The local clock
passes every time of day once: one that it skips (spring) falls at the instant of the change, one that it
shows twice (autumn) counts the first time. What it shows over a stretch is another question (``shown``).
"""

import re
from bisect import bisect_left
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

MINUTES_A_DAY = 1440
# The smallest difference of two instants.
MICROSECOND = timedelta(microseconds=1)

_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)
_NO_OFFSET = timedelta(0)
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
# In the database, but not places: what they mean differs between machines.
_NOT_PLACES = frozenset({"Factory", "localtime"})


def is_time_zone(name: str) -> bool:
    """Whether ``name`` is an IANA time zone, spelled as in the database."""
    return name in _time_zones()


def local_date(at: datetime, time_zone: str) -> date:
    """The date on the local calendar at an instant. Raises ``ValueError`` for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError(f"{at} says no time zone: it is not an instant.")
    return at.astimezone(ZoneInfo(time_zone)).date()


@lru_cache(maxsize=4096)
def local_time(day: date, time_of_day: int, time_zone: str) -> datetime:
    """The instant at which the local clock passes ``time_of_day`` on ``day``.

    In minutes after the midnight that begins the day; 1440 is its end, more reaches into the next one.
    """
    zone = ZoneInfo(time_zone)
    wall = datetime.combine(day, time()) + timedelta(minutes=time_of_day)
    first = wall.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == wall:
        return first
    return _change_between(wall.replace(tzinfo=zone, fold=1).astimezone(UTC), first, zone)


@lru_cache(maxsize=4096)
def shown(day: date, starts: int, minutes: int, time_zone: str) -> tuple[tuple[datetime, datetime], ...]:
    """The instants ``[since, until)`` at which the local clock shows a time in a stretch of ``day``.

    The stretch begins ``starts`` minutes after midnight and is ``minutes`` long on the clock. Where the clock
    is set back within it there may be two, where the clock skips it there is none.
    """
    zone = ZoneInfo(time_zone)
    begins = datetime.combine(day, time()) + timedelta(minutes=starts)
    ends = begins + timedelta(minutes=minutes)
    first, second = _offset(begins, zone, fold=0), _offset(ends, zone, fold=1)
    if first == second:
        return (((begins - first).replace(tzinfo=UTC), (ends - first).replace(tzinfo=UTC)),)
    earliest = (begins - max(first, second)).replace(tzinfo=UTC)
    changed = _change_between(earliest, (ends - min(first, second)).replace(tzinfo=UTC), zone)
    before = (begins - first).replace(tzinfo=UTC), min((ends - first).replace(tzinfo=UTC), changed)
    after = max((begins - second).replace(tzinfo=UTC), changed), (ends - second).replace(tzinfo=UTC)
    if before[0] < before[1] == after[0] < after[1]:
        return ((before[0], after[1]),)
    return tuple(span for span in (before, after) if span[0] < span[1])


def local_day(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """The instants ``(since, until)`` between which the local calendar shows ``day``: 23 to 25 hours."""
    return _midnight(day, time_zone), _midnight(day + _DAY, time_zone)


def minutes_of_day(text: str) -> int:
    """The minutes after midnight of a time such as ``06:30`` or ``24:00``; ``ValueError`` for other texts."""
    if not _TIME_OF_DAY.fullmatch(text):
        raise ValueError(f"{text} is not a time of day between 00:00 and 24:00.")
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def clock(minutes: int) -> str:
    """A time of day in minutes as clocks show it: 390 is ``06:30``, 1440 is ``24:00``."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - _NOT_PLACES


def _offset(wall: datetime, zone: ZoneInfo, *, fold: int) -> timedelta:
    """The offset from UTC of a local time; of one that is shown twice the first (0) or second (1) time's."""
    return wall.replace(tzinfo=zone, fold=fold).utcoffset() or _NO_OFFSET


def _midnight(day: date, time_zone: str) -> datetime:
    return local_time(day, 0, time_zone)


def _change_between(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the one change of the local clock in ``(before, after]``."""
    changed = after.astimezone(zone).utcoffset()
    seconds = range((after - before) // _SECOND)
    return before + _SECOND * bisect_left(
        seconds,
        x=True,
        key=lambda second: (before + second * _SECOND).astimezone(zone).utcoffset() == changed,
    )
