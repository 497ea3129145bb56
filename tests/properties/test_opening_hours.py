"""Opening hours hold what they say of the local clock at every instant, on days of 23 to 25 hours too."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange, SpecialDay, problems
from tests.properties.pricing import TICK, ZONES, durations, instants

zones = st.sampled_from(ZONES)
ranges = st.builds(OpenRange, st.integers(0, 1439), st.integers(1, 1440)).filter(
    lambda part: part.starts != part.ends
)
days = st.lists(ranges, max_size=3).map(tuple)
weeks = st.lists(days, min_size=7, max_size=7).map(tuple)


@st.composite
def around(draw: st.DrawFn) -> tuple[OpeningHours, datetime, str]:
    """Hours, an instant and a zone; the exceptions fall on days around the instant."""
    at, zone = draw(instants), draw(zones)
    today = at.astimezone(ZoneInfo(zone)).date()
    off = st.integers(-3, 12).map(lambda number: today + timedelta(days=number))
    exceptions = draw(st.dictionaries(off, days, max_size=6))
    return (
        OpeningHours(draw(weeks), tuple(SpecialDay(day, parts) for day, parts in exceptions.items())),
        at,
        zone,
    )


def by_the_wall_clock(hours: OpeningHours, at: datetime, zone: str) -> bool:
    """Another way to the same answer: look at the wall clock, then at today's row and yesterday's."""
    wall = at.astimezone(ZoneInfo(zone))
    minute = wall.hour * 60 + wall.minute
    yesterday = hours.ranges_on(wall.date() - timedelta(days=1))
    return any(
        part.starts <= minute < part.starts + part.minutes for part in hours.ranges_on(wall.date())
    ) or any(minute + 1440 < part.starts + part.minutes for part in yesterday)


@given(around())
def test_it_is_open_whenever_the_wall_clock_shows_a_time_of_a_range(
    example: tuple[OpeningHours, datetime, str],
) -> None:
    hours, at, zone = example
    assert hours.is_open(at, zone) == by_the_wall_clock(hours, at, zone)


@given(around(), durations)
def test_the_spans_are_apart_in_order_and_open_from_their_first_to_their_last_instant(
    example: tuple[OpeningHours, datetime, str], long: timedelta
) -> None:
    hours, since, zone = example
    until = since + long
    reached = since
    for number, (opens, closes) in enumerate(hours.open_spans(since, until, zone)):
        assert reached < opens or (reached == opens and number == 0)
        assert opens < closes <= until
        assert hours.is_open(opens, zone)
        assert hours.is_open(closes - TICK, zone)
        assert closes == until or not hours.is_open(closes, zone)
        assert opens == since or not hours.is_open(opens - TICK, zone)
        reached = closes


@given(around(), durations, st.floats(0, 1))
def test_spans_add_up_across_any_split(
    example: tuple[OpeningHours, datetime, str], long: timedelta, share: float
) -> None:
    hours, since, zone = example
    split, until = since + long * share, since + long

    def opened(one: datetime, two: datetime) -> timedelta:
        return sum((closes - opens for opens, closes in hours.open_spans(one, two, zone)), timedelta())

    assert opened(since, split) + opened(split, until) == opened(since, until)


@given(around())
def test_nothing_is_open_before_the_next_opening(example: tuple[OpeningHours, datetime, str]) -> None:
    hours, at, zone = example
    opens = hours.next_opening(at, zone)
    if opens is None:
        assert not any(hours.week)
        assert hours.open_spans(at, at + timedelta(days=20), zone) == []
    else:
        assert hours.is_open(opens, zone)
        assert hours.open_spans(at, opens, zone) == []


@given(weeks)
def test_hours_without_problems_never_claim_a_minute_twice(week: tuple[tuple[OpenRange, ...], ...]) -> None:
    claimed = [
        (weekday * 1440 + part.starts + minute) % 10_080
        for weekday, parts in enumerate(week)
        for part in parts
        for minute in range(part.minutes)
    ]
    assert (problems(OpeningHours(week)) == []) == (len(claimed) == len(set(claimed)))
