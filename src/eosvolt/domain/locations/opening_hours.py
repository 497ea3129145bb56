"""Opening hours: ranges of local time by weekday, and dates on which others hold.

A range belongs to the day on which it starts. One that ends at or before its start goes on past midnight, so
Friday 20:00 to 02:00 is open on Saturday at 01:00, whatever Saturday's own row or exception says. A range is
open whenever the local clock shows a time within it: twice in an hour that the clock repeats, never in one
that it skips.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from eosvolt.domain.calendar import MINUTES_A_DAY, clock, local_date, shown
from eosvolt.domain.overlaps import Stretch, overlaps, wrapped

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_RANGES_A_DAY = 12
MOST_EXCEPTIONS = 400

_MINUTES_A_WEEK = len(WEEKDAYS) * MINUTES_A_DAY
_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


class OpenRange(Struct, frozen=True):
    """A stretch of local time from ``starts`` (0 to 1439) to ``ends`` (1 to 1440), minutes after midnight.

    It goes on past midnight where it ends before it starts. A whole day is 0 to 1440.
    """

    starts: int
    ends: int

    @property
    def minutes(self) -> int:
        """How long it is on the clock."""
        return self.ends - self.starts + (0 if self.ends > self.starts else MINUTES_A_DAY)

    def __str__(self) -> str:
        """As people write it: ``20:00 to 02:00``."""
        return f"{clock(self.starts)} to {clock(self.ends)}"


Ranges = tuple[OpenRange, ...]
WHOLE_DAY: Ranges = (OpenRange(0, MINUTES_A_DAY),)
ALWAYS_OPEN: tuple[Ranges, ...] = (WHOLE_DAY,) * len(WEEKDAYS)


class SpecialDay(Struct, frozen=True):
    """A date on which other ranges start than on its weekday; none: closed."""

    day: date
    ranges: Ranges = ()


class OpeningHours(Struct, frozen=True, omit_defaults=True):
    """The ranges of each weekday from Monday to Sunday, and exceptions by date. As it is made: 24/7."""

    week: tuple[Ranges, ...] = ALWAYS_OPEN
    exceptions: tuple[SpecialDay, ...] = ()

    @property
    def always_open(self) -> bool:
        """Whether it never closes."""
        return self == OpeningHours()

    def is_open(self, at: datetime, time_zone: str) -> bool:
        """Whether it is open at an instant."""
        return self.always_open or any(since <= at < until for since, until in self._around(at, time_zone))

    def open_spans(self, since: datetime, until: datetime, time_zone: str) -> list[Span]:
        """The stretches ``[since, until)`` of it that are open, in UTC, in order, as few as possible."""
        if since >= until:
            return []
        if self.always_open:
            return [(since, until)]
        first, last = local_date(since, time_zone), local_date(until, time_zone)
        spans: list[Span] = []
        for opens, closes in self._spans(first - _DAY, last, time_zone):
            begins, ends = max(opens, since), min(closes, until)
            if begins >= ends:
                continue
            if spans and begins <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(spans[-1][1], ends)
            else:
                spans.append((begins, ends))
        return spans

    def next_opening(self, at: datetime, time_zone: str) -> datetime | None:
        """The first instant from ``at`` on at which it is open; ``None`` where it never opens again."""
        if self.is_open(at, time_zone):
            return at
        today = local_date(at, time_zone)
        for day in self._days_with_ranges(today - _DAY):
            opens = [since for since, _ in self._spans(day, day + _DAY, time_zone) if since >= at]
            if opens:
                return min(opens)
        return None

    def ranges_on(self, day: date) -> Ranges:
        """The ranges that start on a date."""
        return self._by_date().get(day, self.week[day.weekday()])

    def _by_date(self) -> dict[date, Ranges]:
        return {special.day: special.ranges for special in self.exceptions}

    def _around(self, at: datetime, time_zone: str) -> list[Span]:
        today = local_date(at, time_zone)
        return self._spans(today - _DAY, today + _DAY, time_zone)

    def _spans(self, first: date, last: date, time_zone: str) -> list[Span]:
        """The spans of the ranges that start on the days from ``first`` to ``last``, by their beginning."""
        found: list[Span] = []
        special = self._by_date()
        day = first
        while day <= last:
            for part in special.get(day, self.week[day.weekday()]):
                found.extend(shown(day, part.starts, part.minutes, time_zone))
            day += _DAY
        return sorted(found)

    def _days_with_ranges(self, first: date) -> Iterator[date]:
        """The days from ``first`` on that have ranges, until the week repeats itself without exceptions.

        Each exception and each change of the clock takes at most one range of the week away.
        """
        special = self._by_date()
        weeks = 3 + len(special) if any(self.week) else 0
        days = {first + number * _DAY for number in range(weeks * len(WEEKDAYS))} | special.keys()
        for day in sorted(days):
            if day >= first and special.get(day, self.week[day.weekday()]):
                yield day


def problems(hours: OpeningHours) -> list[tuple[str, str]]:
    """Every rule that opening hours break, as ``(pointer, sentence)``; empty for valid ones.

    Pointers are JSON pointers (RFC 6901) into the API's form, e.g. ``/week/friday/0`` or
    ``/exceptions/1/ranges/0/to``.
    """
    return list(_problems(hours))


def _problems(hours: OpeningHours) -> Iterator[tuple[str, str]]:
    if len(hours.week) != len(WEEKDAYS):
        yield "/week", "A week has seven days."
        return
    rows: list[tuple[str, int, OpenRange]] = []
    for weekday, (name, ranges) in enumerate(zip(WEEKDAYS, hours.week, strict=True)):
        pointer = f"/week/{name}"
        yield from _ranges_problems(pointer, ranges)
        rows += [(f"{pointer}/{index}", weekday * MINUTES_A_DAY, part) for index, part in enumerate(ranges)]
    yield from _overlap_problems(rows, _MINUTES_A_WEEK)
    if len(hours.exceptions) > MOST_EXCEPTIONS:
        yield "/exceptions", f"At most {MOST_EXCEPTIONS} exceptions."
        return
    seen: set[date] = set()
    for number, special in enumerate(hours.exceptions):
        pointer = f"/exceptions/{number}"
        if special.day in seen:
            yield f"{pointer}/date", f"{special.day} has an exception already."
        seen.add(special.day)
        yield from _ranges_problems(f"{pointer}/ranges", special.ranges)
        own = [(f"{pointer}/ranges/{index}", 0, part) for index, part in enumerate(special.ranges)]
        yield from _overlap_problems(own, _MINUTES_A_WEEK)


def _ranges_problems(pointer: str, ranges: Ranges) -> Iterator[tuple[str, str]]:
    if len(ranges) > MOST_RANGES_A_DAY:
        yield pointer, f"At most {MOST_RANGES_A_DAY} ranges a day."
    for index, part in enumerate(ranges):
        yield from range_problems(f"{pointer}/{index}", part)


def range_problems(pointer: str, part: OpenRange) -> Iterator[tuple[str, str]]:
    """What is wrong with one range by itself, each with a pointer below ``pointer``."""
    if not 0 <= part.starts < MINUTES_A_DAY:
        yield f"{pointer}/from", "A range starts between 00:00 and 23:59."
    elif not 0 < part.ends <= MINUTES_A_DAY:
        yield f"{pointer}/to", "A range ends between 00:01 and 24:00."
    elif part.starts == part.ends:
        yield pointer, f"The range {part} has no length; a whole day is 00:00 to 24:00."


def _overlap_problems(rows: list[tuple[str, int, OpenRange]], turn: int) -> Iterator[tuple[str, str]]:
    """What overlaps among ``(pointer, minutes before its day, range)``; impossible ranges are left out."""
    stretches: list[Stretch] = []
    for index, (pointer, before, part) in enumerate(rows):
        if next(range_problems(pointer, part), None) is None:
            starts = before + part.starts
            stretches += wrapped(starts, starts + part.minutes, index, turn)
    for first, second in sorted(overlaps(stretches)):
        pointer = rows[second][0]
        yield pointer, f"The range {rows[second][2]} overlaps {rows[first][2]}."
