"""Which price applies when: the default, windows with gaps, midnight, and days of 23, 24.5 and 25 hours."""

from datetime import datetime, timedelta
from decimal import Decimal

from eosvolt.domain.calendar import clock, minutes_of_day
from eosvolt.domain.tariffs.tariff import Period, Strategy, Tariff, Window, period_at, price_periods

at = datetime.fromisoformat
BERLIN = "Europe/Berlin"


def tariff(*windows: str, time_zone: str = BERLIN) -> Tariff:
    """A tariff at 0.50 with windows written as ``06:00-18:00 1.20``."""
    return Tariff(
        "EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), time_zone, tuple(map(window, windows))
    )


def window(text: str) -> Window:
    times, price = text.split(" ")
    starts, ends = times.split("-")
    return Window(minutes_of_day(starts), minutes_of_day(ends), Decimal(price))


def shown(periods: list[Period]) -> list[str]:
    """Each period as its UTC times, its price and the window it comes from."""
    return [
        f"{period.since:%d %H:%M} {period.until:%d %H:%M} {period.price}"
        + (f" {clock(period.window.starts)}" if period.window else "")
        for period in periods
    ]


THREE_WINDOWS = ("00:00-06:00 0.80", "06:00-18:00 1.20", "18:00-24:00 0.70")


def test_windows_of_a_whole_day_leave_no_gap_for_the_price() -> None:
    halves = ("12:00-24:00 1", "00:00-12:00 2")
    for windows in (("00:00-24:00 1",), ("22:00-06:00 1", "06:00-22:00 2"), halves):
        whole = tariff(*windows)
        assert not whole.gaps
        day = price_periods(whole, at("2026-06-01T00:00Z"), at("2026-06-03T00:00Z"))
        assert all(period.window for period in day)
    assert tariff().gaps
    assert tariff("00:00-23:59 1").gaps


def test_without_windows_the_default_price_applies_throughout() -> None:
    periods = price_periods(tariff(), at("2026-11-20T10:00Z"), at("2026-11-23T10:00Z"))
    assert shown(periods) == ["20 10:00 23 10:00 0.50"]


def test_a_session_is_cut_at_each_windows_boundary_in_local_time() -> None:
    periods = price_periods(tariff(*THREE_WINDOWS), at("2026-11-21T04:00Z"), at("2026-11-22T00:00Z"))
    assert shown(periods) == [
        "21 04:00 21 05:00 0.80 00:00",
        "21 05:00 21 17:00 1.20 06:00",
        "21 17:00 21 23:00 0.70 18:00",
        "21 23:00 22 00:00 0.80 00:00",
    ]


def test_the_default_price_fills_the_gaps_between_windows() -> None:
    periods = price_periods(
        tariff("06:00-09:00 1.00", "17:00-20:00 2.00"), at("2026-11-21T04:00Z"), at("2026-11-21T20:00Z")
    )
    assert shown(periods) == [
        "21 04:00 21 05:00 0.50",
        "21 05:00 21 08:00 1.00 06:00",
        "21 08:00 21 16:00 0.50",
        "21 16:00 21 19:00 2.00 17:00",
        "21 19:00 21 20:00 0.50",
    ]


def test_the_default_price_runs_over_midnight_as_one_period() -> None:
    periods = price_periods(tariff("08:00-20:00 1.00"), at("2026-11-21T12:00Z"), at("2026-11-22T12:00Z"))
    assert shown(periods) == [
        "21 12:00 21 19:00 1.00 08:00",
        "21 19:00 22 07:00 0.50",
        "22 07:00 22 12:00 1.00 08:00",
    ]


def test_a_window_that_ends_before_it_starts_wraps_past_midnight() -> None:
    periods = price_periods(tariff("22:00-06:00 0.30"), at("2026-11-21T02:00Z"), at("2026-11-22T07:00Z"))
    assert shown(periods) == [
        "21 02:00 21 05:00 0.30 22:00",
        "21 05:00 21 21:00 0.50",
        "21 21:00 22 05:00 0.30 22:00",
        "22 05:00 22 07:00 0.50",
    ]


def test_the_same_windows_hold_on_every_day_of_a_long_session() -> None:
    periods = price_periods(tariff(*THREE_WINDOWS), at("2026-11-20T23:00Z"), at("2026-11-27T23:00Z"))
    assert len(periods) == 21
    assert {period.until - period.since for period in periods} == {timedelta(hours=6), timedelta(hours=12)}


def test_a_whole_day_window_is_cut_at_its_midnight() -> None:
    periods = price_periods(tariff("00:00-24:00 0.90"), at("2026-11-21T20:00Z"), at("2026-11-22T05:00Z"))
    assert shown(periods) == ["21 20:00 21 23:00 0.90 00:00", "21 23:00 22 05:00 0.90 00:00"]


def test_neighbouring_windows_of_one_price_stay_apart() -> None:
    periods = price_periods(
        tariff("06:00-12:00 0.90", "12:00-18:00 0.90"), at("2026-11-21T10:00Z"), at("2026-11-21T12:00Z")
    )
    assert shown(periods) == ["21 10:00 21 11:00 0.90 06:00", "21 11:00 21 12:00 0.90 12:00"]


def test_the_order_in_which_windows_are_written_does_not_matter() -> None:
    since, until = at("2026-11-20T10:00Z"), at("2026-11-23T10:00Z")
    assert price_periods(tariff(*THREE_WINDOWS), since, until) == price_periods(
        tariff(*reversed(THREE_WINDOWS)), since, until
    )


def test_a_session_that_begins_on_a_boundary_has_no_empty_period() -> None:
    periods = price_periods(tariff(*THREE_WINDOWS), at("2026-11-21T05:00Z"), at("2026-11-21T17:00Z"))
    assert shown(periods) == ["21 05:00 21 17:00 1.20 06:00"]


def test_no_time_has_no_periods() -> None:
    noon = at("2026-11-21T12:00Z")
    assert price_periods(tariff(), noon, noon) == []
    assert price_periods(tariff(*THREE_WINDOWS), noon, noon) == []
    assert price_periods(tariff(*THREE_WINDOWS), noon, noon - timedelta(hours=1)) == []


def test_in_spring_a_window_loses_the_hour_that_the_clock_skips() -> None:
    periods = price_periods(tariff(*THREE_WINDOWS), at("2026-03-28T23:00Z"), at("2026-03-29T22:00Z"))
    assert shown(periods) == [
        "28 23:00 29 04:00 0.80 00:00",
        "29 04:00 29 16:00 1.20 06:00",
        "29 16:00 29 22:00 0.70 18:00",
    ]


def test_in_autumn_a_window_gains_the_hour_that_the_clock_repeats() -> None:
    periods = price_periods(tariff(*THREE_WINDOWS), at("2026-10-24T22:00Z"), at("2026-10-25T23:00Z"))
    assert shown(periods) == [
        "24 22:00 25 05:00 0.80 00:00",
        "25 05:00 25 17:00 1.20 06:00",
        "25 17:00 25 23:00 0.70 18:00",
    ]


def test_a_boundary_in_the_skipped_hour_falls_at_the_change() -> None:
    periods = price_periods(tariff("02:30-05:00 1.00"), at("2026-03-29T00:00Z"), at("2026-03-29T06:00Z"))
    assert shown(periods) == [
        "29 00:00 29 01:00 0.50",
        "29 01:00 29 03:00 1.00 02:30",
        "29 03:00 29 06:00 0.50",
    ]


def test_a_window_within_the_skipped_hour_does_not_happen_that_day() -> None:
    periods = price_periods(tariff("02:10-02:50 1.00"), at("2026-03-28T12:00Z"), at("2026-03-29T12:00Z"))
    assert shown(periods) == ["28 12:00 29 12:00 0.50"]


def test_a_window_that_begins_or_ends_in_the_repeated_hour_applies_whenever_the_clock_shows_it() -> None:
    both = tariff("00:00-02:30 1.00", "02:30-06:00 2.00")
    periods = price_periods(both, at("2026-10-24T23:00Z"), at("2026-10-25T03:00Z"))
    assert shown(periods) == [
        "24 23:00 25 00:30 1.00 00:00",
        "25 00:30 25 01:00 2.00 02:30",
        "25 01:00 25 01:30 1.00 00:00",
        "25 01:30 25 03:00 2.00 02:30",
    ]


def test_a_window_over_the_whole_repeated_hour_is_one_period() -> None:
    periods = price_periods(tariff("01:00-04:00 1.00"), at("2026-10-24T23:00Z"), at("2026-10-25T03:00Z"))
    assert shown(periods) == ["24 23:00 25 03:00 1.00 01:00"]


def test_a_window_in_the_repeated_hour_applies_both_times() -> None:
    periods = price_periods(tariff("02:30-02:45 1.00"), at("2026-10-24T23:00Z"), at("2026-10-25T03:00Z"))
    assert shown(periods) == [
        "24 23:00 25 00:30 0.50",
        "25 00:30 25 00:45 1.00 02:30",
        "25 00:45 25 01:30 0.50",
        "25 01:30 25 01:45 1.00 02:30",
        "25 01:45 25 03:00 0.50",
    ]


def test_new_york_changes_its_clock_on_days_of_its_own() -> None:
    night = tariff("00:00-06:00 0.20", time_zone="America/New_York")
    spring = price_periods(night, at("2026-03-08T05:00Z"), at("2026-03-08T12:00Z"))
    autumn = price_periods(night, at("2026-11-01T04:00Z"), at("2026-11-01T12:00Z"))
    assert shown(spring) == ["08 05:00 08 10:00 0.20 00:00", "08 10:00 08 12:00 0.50"]
    assert shown(autumn) == ["01 04:00 01 11:00 0.20 00:00", "01 11:00 01 12:00 0.50"]


def test_lord_howe_changes_its_clock_by_half_an_hour() -> None:
    small_hours = tariff("01:00-03:00 0.20", time_zone="Australia/Lord_Howe")
    autumn = price_periods(small_hours, at("2026-04-04T13:00Z"), at("2026-04-04T18:00Z"))
    spring = price_periods(small_hours, at("2026-10-03T13:00Z"), at("2026-10-03T18:00Z"))
    assert shown(autumn)[1] == "04 14:00 04 16:30 0.20 01:00"
    assert shown(spring)[1] == "03 14:30 03 16:00 0.20 01:00"


def test_kolkata_is_half_an_hour_off_and_never_changes() -> None:
    periods = price_periods(
        tariff("00:00-06:00 0.20", time_zone="Asia/Kolkata"), at("2026-03-28T18:30Z"), at("2026-03-29T18:30Z")
    )
    assert shown(periods) == ["28 18:30 29 00:30 0.20 00:00", "29 00:30 29 18:30 0.50"]


def test_casablanca_puts_its_clock_back_for_ramadan() -> None:
    night = tariff("00:00-06:00 0.20", time_zone="Africa/Casablanca")
    begins = price_periods(night, at("2026-02-14T23:00Z"), at("2026-02-15T07:00Z"))
    ends = price_periods(night, at("2026-03-22T00:00Z"), at("2026-03-22T07:00Z"))
    assert shown(begins) == ["14 23:00 15 06:00 0.20 00:00", "15 06:00 15 07:00 0.50"]
    assert shown(ends) == ["22 00:00 22 05:00 0.20 00:00", "22 05:00 22 07:00 0.50"]


def test_the_price_of_an_instant_is_that_of_the_period_it_begins() -> None:
    by_day = tariff(*THREE_WINDOWS)
    six = at("2026-11-21T05:00Z")
    assert period_at(by_day, six).price == Decimal("1.20")
    assert period_at(by_day, six - timedelta(microseconds=1)).price == Decimal("0.80")
    assert shown([period_at(by_day, six)]) == ["21 05:00 21 17:00 1.20 06:00"]


def test_without_windows_the_price_has_no_end() -> None:
    noon = at("2026-11-21T12:00Z")
    period = period_at(tariff(), noon)
    assert period.price == Decimal("0.50")
    assert period.since < noon - timedelta(days=100_000)
    assert period.until > noon + timedelta(days=100_000)
