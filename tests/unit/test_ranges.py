"""Weeks, months and years of local days, and the same stretch before."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.adapters.http.presentation.heat_map import heat_map_days
from eosvolt.adapters.http.presentation.ranges import fewest_steps, range_of


@pytest.mark.parametrize(
    ("name", "today", "since", "until", "before", "compared_until"),
    [
        ("week", "2026-11-26", "2026-11-23", "2026-11-30", "2026-11-16", "2026-11-20"),
        ("week", "2027-01-02", "2026-12-28", "2027-01-04", "2026-12-21", "2026-12-27"),
        ("month", "2026-11-29", "2026-11-01", "2026-12-01", "2026-10-01", "2026-10-30"),
        # February has no 31st: all of it is compared, and no day of March.
        ("month", "2027-03-31", "2027-03-01", "2027-04-01", "2027-02-01", "2027-03-01"),
        ("year", "2026-11-29", "2026-01-01", "2027-01-01", "2025-01-01", "2025-11-30"),
        ("year", "2028-02-29", "2028-01-01", "2029-01-01", "2027-01-01", "2027-03-01"),
    ],
)
def test_a_running_range_is_compared_with_as_many_days_of_the_one_before(
    name: str, today: str, since: str, until: str, before: str, compared_until: str
) -> None:
    day = date.fromisoformat(today)
    found = range_of(name, day, day)
    told = [each.isoformat() for each in (found.since, found.until, found.before, found.compared_until)]
    assert told == [since, until, before, compared_until]


def test_a_past_range_is_compared_with_all_of_the_one_before() -> None:
    found = range_of("month", date(2026, 5, 4), date(2026, 11, 29))
    assert (found.before, found.compared_until) == (date(2026, 4, 1), date(2026, 5, 1))


def test_the_steps_of_a_range_are_its_days_or_months() -> None:
    assert len(range_of("month", date(2028, 2, 1), date(2028, 2, 1)).steps) == 29
    months = range_of("year", date(2026, 7, 1), date(2026, 7, 1)).steps
    assert [months[0], months[-1], len(months)] == [date(2026, 1, 1), date(2026, 12, 1), 12]


@pytest.mark.parametrize(
    ("since", "until", "added", "taken"),
    [
        # A year so far, and a month so far: the rest of the last month is taken off.
        (
            "2025-01-01",
            "2025-11-30",
            [("2025-01-01", "2025-11-01", "month"), ("2025-11-01", "2025-12-01", "month")],
            [("2025-11-30", "2025-12-01", "day")],
        ),
        (
            "2026-10-01",
            "2026-10-30",
            [("2026-10-01", "2026-11-01", "month")],
            [("2026-10-30", "2026-11-01", "day")],
        ),
        ("2026-10-01", "2026-10-04", [("2026-10-01", "2026-10-04", "day")], []),
        ("2026-10-01", "2026-11-01", [("2026-10-01", "2026-11-01", "month")], []),
        # A week within a month, and one over its end.
        ("2026-11-16", "2026-11-20", [("2026-11-16", "2026-11-20", "day")], []),
        (
            "2026-10-28",
            "2026-11-04",
            [("2026-10-28", "2026-11-01", "day"), ("2026-11-01", "2026-11-04", "day")],
            [],
        ),
        ("2026-11-16", "2026-11-16", [], []),
    ],
)
def test_a_stretch_is_made_of_as_few_steps_as_there_are(
    since: str, until: str, added: list[tuple[str, str, str]], taken: list[tuple[str, str, str]]
) -> None:
    found = fewest_steps(date.fromisoformat(since), date.fromisoformat(until))
    told = [[(each.since.isoformat(), each.until.isoformat(), each.by) for each in part] for part in found]
    assert told == [added, taken]


@given(since=st.dates(date(2025, 1, 1), date(2027, 1, 1)), days=st.integers(0, 400))
def test_the_steps_of_a_stretch_count_each_of_its_days_once(since: date, days: int) -> None:
    until = since + timedelta(days=days)
    counted = Counter[date]()
    for sign, stretches in zip((1, -1), fewest_steps(since, until), strict=True):
        for each in stretches:
            if each.by == "month":
                assert (each.since.day, each.until.day) == (1, 1)
            for day in range((each.until - each.since).days):
                counted[each.since + timedelta(days=day)] += sign
    assert {day for day, times in counted.items() if times} == {
        since + timedelta(days=n) for n in range(days)
    }
    assert set(counted.values()) <= {0, 1}


def test_the_heat_map_of_a_year_is_of_its_last_31_days_so_far() -> None:
    shown = range_of("year", date(2026, 11, 29), date(2026, 11, 29))
    assert heat_map_days(shown, date(2026, 11, 29)) == (date(2026, 10, 30), date(2026, 11, 30))
    begun = range_of("year", date(2027, 1, 3), date(2027, 1, 3))
    assert heat_map_days(begun, date(2027, 1, 3)) == (date(2027, 1, 1), date(2027, 1, 4))
