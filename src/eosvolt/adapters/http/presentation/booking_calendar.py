"""A week of bookings as it is drawn: a column for each day, in which every booking has its place.

Each booking stands on the clock of its location. A day of 23 or 25 hours is drawn as one of 24: what the
clock shows twice lies at the same height, side by side.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from eosvolt.domain.calendar import MINUTES_A_DAY, clock
from eosvolt.projections.bookings import BookingRow

DAYS_OF_WEEK = 7
_HOUR = 60
# The hours that are shown at least, in minutes after midnight.
_MORNING, _EVENING = 8 * _HOUR, 18 * _HOUR
# Lower than this a block cannot be read.
_LEAST_MINUTES = 30


class Block(NamedTuple):
    """A booking in a column: from ``top`` on, ``height`` long, both in percent of the column.

    ``lane`` of ``lanes`` is its place beside others at the same time. ``goes_on``: it began the day before.
    """

    row: BookingRow
    top: float
    height: float
    lane: int
    lanes: int
    goes_on: bool


class DayColumn(NamedTuple):
    """One day with its bookings, the earliest first."""

    day: date
    blocks: Sequence[Block]


class Week(NamedTuple):
    """The days from Monday on, and the hours beside them, each with its height in percent."""

    days: Sequence[DayColumn]
    hours: Sequence[tuple[str, float]]
    first_minute: int
    last_minute: int


class _Part(NamedTuple):
    """The minutes of a booking on one day's clock."""

    row: BookingRow
    day: date
    since: int
    until: int
    goes_on: bool


def monday_of(day: date) -> date:
    """The Monday of the week that a day is in."""
    return day - timedelta(days=day.weekday())


def week_of(rows: Iterable[BookingRow], monday: date) -> Week:
    """The week that begins on ``monday``."""
    days = [monday + timedelta(days=each) for each in range(DAYS_OF_WEEK)]
    parts = [part for row in rows for part in _parts(row) if part.day in days]
    first = min((_MORNING, *(part.since // _HOUR * _HOUR for part in parts)))
    last = max((_EVENING, *(-(-part.until // _HOUR) * _HOUR for part in parts)))
    columns = [
        DayColumn(day, _blocks([part for part in parts if part.day == day], first, last)) for day in days
    ]
    hours = [(clock(minute), _share(minute - first, first, last)) for minute in range(first, last, _HOUR)]
    return Week(columns, hours, first, last)


def _parts(row: BookingRow) -> Iterable[_Part]:
    zone = ZoneInfo(row.time_zone)
    begins, ends = row.since.astimezone(zone), row.until.astimezone(zone)
    day = begins.date()
    while day <= ends.date():
        since = _minute(begins) if day == begins.date() else 0
        until = _minute(ends) if day == ends.date() else MINUTES_A_DAY
        # Where the clock is set back a booking may end at an earlier time of day than it begins.
        until = max(until, min(since + _LEAST_MINUTES, MINUTES_A_DAY)) if day == begins.date() else until
        if until > since:
            yield _Part(row, day, since, until, day != begins.date())
        day += timedelta(days=1)


def _minute(at: datetime) -> int:
    return at.hour * _HOUR + at.minute


def _blocks(parts: Sequence[_Part], first: int, last: int) -> list[Block]:
    """The parts of one day beside each other: each group that overlaps shares the width of the column."""
    found: list[Block] = []
    group: list[tuple[_Part, int]] = []
    ends: list[int] = []

    def close() -> None:
        found.extend(
            Block(
                part.row,
                _share(part.since - first, first, last),
                _share(part.until - part.since, first, last),
                lane,
                len(ends),
                part.goes_on,
            )
            for part, lane in group
        )
        group.clear()
        ends.clear()

    for part in sorted(parts, key=_order):
        if ends and part.since >= max(ends):
            close()
        lane = next((at for at, end in enumerate(ends) if end <= part.since), len(ends))
        if lane == len(ends):
            ends.append(part.until)
        else:
            ends[lane] = part.until
        group.append((part, lane))
    close()
    return found


def _order(part: _Part) -> tuple[int, int, str]:
    return part.since, -part.until, part.row.id


def _share(minutes: int, first: int, last: int) -> float:
    return round(100 * minutes / (last - first), 3)
