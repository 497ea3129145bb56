"""When a location is open: ranges by weekday, past midnight, exceptions by date, days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from eosvolt.domain.locations.opening_hours import (
    MOST_EXCEPTIONS,
    MOST_RANGES_A_DAY,
    OpeningHours,
    OpenRange,
    SpecialDay,
    problems,
)

BERLIN = "Europe/Berlin"
CLOSED: tuple[OpenRange, ...] = ()


def hours(starts: float, ends: float) -> OpenRange:
    return OpenRange(int(starts * 60), int(ends * 60))


def week(**days: tuple[OpenRange, ...]) -> OpeningHours:
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return OpeningHours(week=tuple(days.get(name, days.get("daily", CLOSED)) for name in names))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NIGHT = week(fri=(hours(20, 2),))
OFFICE = week(daily=(hours(8, 12), hours(13, 18)), sat=CLOSED, sun=CLOSED)


def test_without_more_it_is_always_open() -> None:
    always = OpeningHours()
    assert always.always_open
    assert always.is_open(utc("2026-11-29T03:00"), BERLIN)
    since, until = utc("2026-01-01T00:00"), utc("2027-01-01T00:00")
    assert always.open_spans(since, until, BERLIN) == [(since, until)]
    assert msgspec.json.encode(always) == b"{}"


def test_friday_evening_to_two_is_open_on_saturday_at_one_by_fridays_row() -> None:
    # Saturday 2026-11-28, 01:00 and 02:00 in Berlin.
    assert NIGHT.is_open(utc("2026-11-28T00:00"), BERLIN)
    assert not NIGHT.is_open(utc("2026-11-28T01:00"), BERLIN)
    # Friday 01:00: no row of Thursday's reaches into it.
    assert not NIGHT.is_open(utc("2026-11-27T00:00"), BERLIN)


def test_what_day_it_is_is_the_places_own() -> None:
    # Friday 20:30 in Auckland is Friday 07:30 UTC; in Honolulu it is Thursday evening then.
    assert NIGHT.is_open(utc("2026-11-27T07:30"), "Pacific/Auckland")
    assert not NIGHT.is_open(utc("2026-11-27T07:30"), "Pacific/Honolulu")


def test_there_are_several_ranges_a_day_and_none_on_a_closed_one() -> None:
    monday = utc("2026-11-30T00:00")
    assert OFFICE.open_spans(monday - timedelta(days=1), monday + timedelta(days=1), BERLIN) == [
        (utc("2026-11-30T07:00"), utc("2026-11-30T11:00")),
        (utc("2026-11-30T12:00"), utc("2026-11-30T17:00")),
    ]


def test_ranges_that_touch_are_one_span() -> None:
    whole = week(daily=(hours(0, 24),))
    since, until = utc("2026-10-24T05:00"), utc("2026-10-27T05:00")
    assert whole.open_spans(since, until, BERLIN) == [(since, until)]


def test_an_exception_replaces_what_starts_on_its_date_and_not_the_evening_before() -> None:
    closed = msgspec.structs.replace(
        week(daily=(hours(20, 2),)), exceptions=(SpecialDay(date(2026, 12, 25)),)
    )
    assert closed.is_open(utc("2026-12-25T00:30"), BERLIN)
    assert not closed.is_open(utc("2026-12-25T20:00"), BERLIN)
    assert not closed.is_open(utc("2026-12-26T00:30"), BERLIN)
    assert closed.is_open(utc("2026-12-26T20:00"), BERLIN)


def test_an_exception_may_open_a_closed_day_and_close_one_that_never_closes() -> None:
    sunday = msgspec.structs.replace(OFFICE, exceptions=(SpecialDay(date(2026, 11, 29), (hours(10, 16),)),))
    assert sunday.is_open(utc("2026-11-29T09:00"), BERLIN)
    christmas = OpeningHours(exceptions=(SpecialDay(date(2026, 12, 25)),))
    assert not christmas.always_open
    assert not christmas.is_open(utc("2026-12-25T12:00"), BERLIN)
    assert christmas.open_spans(utc("2026-12-24T00:00"), utc("2026-12-27T00:00"), BERLIN) == [
        (utc("2026-12-24T00:00"), utc("2026-12-24T23:00")),
        (utc("2026-12-25T23:00"), utc("2026-12-27T00:00")),
    ]


def test_midnight_to_six_is_five_hours_in_spring_and_seven_in_autumn() -> None:
    early = week(daily=(hours(0, 6),))
    for day, long in (("2026-03-29", 5), ("2026-10-25", 7), ("2026-11-29", 6)):
        since = utc(f"{day}T12:00") - timedelta(hours=24)
        spans = early.open_spans(since, since + timedelta(hours=24), BERLIN)
        assert sum((until - since for since, until in spans), timedelta()) == timedelta(hours=long)


def test_an_hour_that_comes_twice_is_open_twice_and_one_that_is_skipped_never() -> None:
    small = week(sun=(hours(2.25, 2.75),))
    assert len(small.open_spans(utc("2026-10-24T22:00"), utc("2026-10-25T22:00"), BERLIN)) == 2
    assert small.open_spans(utc("2026-03-28T23:00"), utc("2026-03-29T22:00"), BERLIN) == []
    assert small.next_opening(utc("2026-03-28T12:00"), BERLIN) == utc("2026-04-05T00:15")


def test_the_next_opening_is_now_while_it_is_open() -> None:
    assert NIGHT.next_opening(utc("2026-11-28T00:30"), BERLIN) == utc("2026-11-28T00:30")
    assert NIGHT.next_opening(utc("2026-11-28T01:00"), BERLIN) == utc("2026-12-04T19:00")
    assert OFFICE.next_opening(utc("2026-11-30T11:00"), BERLIN) == utc("2026-11-30T12:00")


def test_it_is_found_behind_any_number_of_exceptions_and_never_where_there_is_none() -> None:
    first = date(2026, 12, 4)
    closed = tuple(SpecialDay(first + timedelta(weeks=number)) for number in range(MOST_EXCEPTIONS))
    assert msgspec.structs.replace(NIGHT, exceptions=closed).next_opening(
        utc("2026-11-28T01:00"), BERLIN
    ) == utc("2034-08-04T18:00")
    never = OpeningHours(week=(CLOSED,) * 7)
    assert never.next_opening(utc("2026-11-28T01:00"), BERLIN) is None
    once = msgspec.structs.replace(never, exceptions=(SpecialDay(date(2030, 1, 1), (hours(9, 10),)),))
    assert once.next_opening(utc("2026-11-28T01:00"), BERLIN) == utc("2030-01-01T08:00")


def test_sound_hours_have_no_problems() -> None:
    for sound in (OpeningHours(), NIGHT, OFFICE, week(daily=(hours(20, 2), hours(2, 4)))):
        assert problems(sound) == []


def test_ranges_that_overlap_are_named_over_midnight_and_over_the_weeks_end_too() -> None:
    assert problems(week(mon=(hours(8, 12), hours(11, 13)))) == [
        ("/week/monday/1", "The range 11:00 to 13:00 overlaps 08:00 to 12:00.")
    ]
    assert problems(week(fri=(hours(20, 2),), sat=(hours(1, 5),))) == [
        ("/week/saturday/0", "The range 01:00 to 05:00 overlaps 20:00 to 02:00.")
    ]
    assert problems(week(sun=(hours(20, 2),), mon=(hours(1, 5),))) == [
        ("/week/sunday/0", "The range 20:00 to 02:00 overlaps 01:00 to 05:00.")
    ]


def test_impossible_times_and_ranges_without_length_are_named() -> None:
    assert [pointer for pointer, _ in problems(week(tue=(OpenRange(-1, 60), OpenRange(0, 1441))))] == [
        "/week/tuesday/0/from",
        "/week/tuesday/1/to",
    ]
    assert [pointer for pointer, _ in problems(week(tue=(hours(8, 8),)))] == ["/week/tuesday/0"]
    assert problems(OpeningHours(week=(CLOSED,) * 6)) == [("/week", "A week has seven days.")]
    many = week(tue=tuple(OpenRange(minute, minute + 1) for minute in range(MOST_RANGES_A_DAY + 1)))
    assert [pointer for pointer, _ in problems(many)] == ["/week/tuesday"]


def test_exceptions_are_checked_alike() -> None:
    day = date(2026, 12, 24)
    wrong = OpeningHours(
        exceptions=(SpecialDay(day, (hours(8, 12), hours(10, 14))), SpecialDay(day, (hours(9, 9),)))
    )
    assert [pointer for pointer, _ in problems(wrong)] == [
        "/exceptions/0/ranges/1",
        "/exceptions/1/date",
        "/exceptions/1/ranges/0",
    ]
    days = tuple(SpecialDay(day + timedelta(days=number)) for number in range(MOST_EXCEPTIONS + 1))
    assert [pointer for pointer, _ in problems(OpeningHours(exceptions=days))] == ["/exceptions"]
