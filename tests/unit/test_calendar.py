"""Local days and times of day, through every kind of clock change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from eosvolt.domain.calendar import (
    clock,
    is_time_zone,
    local_date,
    local_day,
    local_time,
    minutes_of_day,
)

at = datetime.fromisoformat
HALF_PAST_TWO = 150


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Ushuaia", "Etc/GMT+5"])
def test_an_iana_name_is_a_time_zone(name: str) -> None:
    assert is_time_zone(name)


@pytest.mark.parametrize(
    "name",
    ["", "Berlin", "europe/berlin", "Europe", "../etc/passwd", "/etc/localtime", "localtime", "CEST", "a\0b"],
)
def test_anything_else_is_not_a_time_zone(name: str) -> None:
    assert not is_time_zone(name)


def test_the_date_is_the_locations_own() -> None:
    late_evening = at("2026-11-21T23:30Z")
    assert local_date(late_evening, "Europe/Berlin") == date(2026, 11, 22)
    assert local_date(late_evening, "America/New_York") == date(2026, 11, 21)
    assert local_date(late_evening, "Asia/Kolkata") == date(2026, 11, 22)


def test_a_datetime_without_a_time_zone_is_no_instant() -> None:
    with pytest.raises(ValueError, match="says no time zone"):
        local_date(datetime(2026, 11, 21, 12), "Europe/Berlin")  # noqa: DTZ001 - what is being refused


@pytest.mark.parametrize(
    ("day", "time_zone", "hours"),
    [
        (date(2026, 11, 21), "Europe/Berlin", 24),
        (date(2026, 3, 29), "Europe/Berlin", 23),
        (date(2026, 10, 25), "Europe/Berlin", 25),
        (date(2026, 3, 8), "America/New_York", 23),
        (date(2026, 11, 1), "America/New_York", 25),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 10, 4), "Australia/Lord_Howe", 23.5),
        (date(2026, 3, 29), "Asia/Kolkata", 24),
        (date(2026, 2, 15), "Africa/Casablanca", 25),
        (date(2026, 3, 22), "Africa/Casablanca", 23),
        (date(2026, 4, 24), "Africa/Cairo", 23),
    ],
)
def test_a_local_day_is_as_long_as_the_clocks_make_it(day: date, time_zone: str, hours: float) -> None:
    since, until = local_day(day, time_zone)
    assert until - since == timedelta(hours=hours)
    assert since.tzinfo is UTC
    assert until.tzinfo is UTC
    assert local_date(since, time_zone) == day
    assert local_date(until - timedelta(microseconds=1), time_zone) == day
    assert local_date(until, time_zone) == day + timedelta(days=1)


def test_a_day_whose_midnight_is_skipped_begins_at_the_change() -> None:
    since, _ = local_day(date(2026, 4, 24), "Africa/Cairo")
    assert since == at("2026-04-23T22:00Z")


def test_a_day_whose_midnight_comes_twice_begins_with_the_first() -> None:
    since, until = local_day(date(2026, 11, 1), "America/Havana")
    assert since == at("2026-11-01T04:00Z")
    assert until - since == timedelta(hours=25)


def test_a_day_that_was_left_out_of_the_calendar_is_empty() -> None:
    since, until = local_day(date(2011, 12, 30), "Pacific/Apia")
    assert since == until == at("2011-12-30T10:00Z")


def test_a_skipped_time_of_day_falls_at_the_change() -> None:
    spring = date(2026, 3, 29)
    change = at("2026-03-29T01:00Z")
    assert local_time(spring, 119, "Europe/Berlin") == at("2026-03-29T00:59Z")
    assert [local_time(spring, minute, "Europe/Berlin") for minute in (120, HALF_PAST_TWO, 179, 180)] == [
        change
    ] * 4
    assert local_time(spring, 181, "Europe/Berlin") == at("2026-03-29T01:01Z")


def test_a_skipped_half_hour_falls_at_the_change_too() -> None:
    change = at("2026-10-03T15:30Z")
    assert local_time(date(2026, 10, 4), 135, "Australia/Lord_Howe") == change
    assert local_time(date(2026, 10, 4), HALF_PAST_TWO, "Australia/Lord_Howe") == change
    assert local_time(date(2026, 10, 4), 160, "Australia/Lord_Howe") == at("2026-10-03T15:40Z")


def test_a_time_of_day_shown_twice_counts_the_first_time() -> None:
    autumn = date(2026, 10, 25)
    assert local_time(autumn, HALF_PAST_TWO, "Europe/Berlin") == at("2026-10-25T00:30Z")
    assert local_time(autumn, 180, "Europe/Berlin") == at("2026-10-25T02:00Z")
    assert local_time(date(2026, 4, 5), 105, "Australia/Lord_Howe") == at("2026-04-04T14:45Z")


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert local_time(date(2026, 10, 25), 1440, "Europe/Berlin") == local_time(
        date(2026, 10, 26), 0, "Europe/Berlin"
    )


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("06:30", 390), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_written_as_clocks_show_it(text: str, minutes: int) -> None:
    assert minutes_of_day(text) == minutes
    assert clock(minutes) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6:30",
        "24:01",
        "25:00",
        "12:60",
        "12",
        "12:00:00",
        " 12:00",
        "12:00\n",
        "\u0661\u0662:\u0660\u0660",
    ],
)
def test_other_writings_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        minutes_of_day(text)
