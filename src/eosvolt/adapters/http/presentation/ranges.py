"""Weeks, months and years of local days, their steps, and what they are compared with."""

from datetime import date, timedelta
from typing import NamedTuple

from eosvolt.application.performance_questions import Stretch

RANGES = ("week", "month", "year")
_A_DAY = timedelta(days=1)


class Range(NamedTuple):
    """A week, month or year of local days, from ``since`` up to but not including ``until``.

    ``before`` is the first day of the one before, and ``compared_until`` the first day after the stretch of
    it that is compared: as many days as have begun of this one.
    """

    name: str
    since: date
    until: date
    before: date
    compared_until: date

    @property
    def by(self) -> str:
        """The length of a step: a month of a year, otherwise a day."""
        return "month" if self.name == "year" else "day"

    @property
    def steps(self) -> list[date]:
        """The first day of each step."""
        return _steps(self.since, self.until, self.by)


def range_of(name: str, day: date, today: date) -> Range:
    """The week, month or year that ``day`` is in, and what it is compared with on the day ``today``."""
    if name == "week":
        since = day - timedelta(days=day.weekday())
        until, before = since + timedelta(days=7), since - timedelta(days=7)
    elif name == "month":
        since = day.replace(day=1)
        until, before = _month_after(since), (since - _A_DAY).replace(day=1)
    else:
        since = day.replace(month=1, day=1)
        until, before = since.replace(year=since.year + 1), since.replace(year=since.year - 1)
    return Range(name, since, until, before, _compared_until(name, since, until, before, today))


def _compared_until(name: str, since: date, until: date, before: date, today: date) -> date:
    if not since <= today < until:
        return since
    if name == "year":
        month = before.replace(month=today.month)
        last = _month_after(month) - _A_DAY
        return min(last, month + timedelta(days=today.day - 1)) + _A_DAY
    return min(before + (today - since) + _A_DAY, since)


def _steps(since: date, until: date, by: str) -> list[date]:
    found = []
    while since < until:
        found.append(since)
        since = step_after(since, by)
    return found


def step_after(day: date, by: str) -> date:
    """The first day of the next step."""
    return _month_after(day) if by == "month" else day + _A_DAY


def fewest_steps(since: date, until: date) -> tuple[list[Stretch], list[Stretch]]:
    """The days from one up to another as stretches that are added up, and others that are taken off.

    Whole months are one step each, and so is a month of which few days are left out: a month has a row for
    each charger, and so has each day.
    """
    begins, ends = _month_after(since - _A_DAY), until.replace(day=1)
    if ends < begins:
        return [Stretch(since, until)] if since < until else [], []
    added, taken = [Stretch(since, begins), Stretch(begins, ends, "month")], []
    after = _month_after(until)
    if until - ends <= after - until:
        added.append(Stretch(ends, until))
    else:
        added.append(Stretch(ends, after, "month"))
        taken.append(Stretch(until, after))
    return [each for each in added if each.since < each.until], taken


def _month_after(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
