"""A running period is compared with the same stretch of the one before."""

from datetime import UTC, date, datetime

from eosvolt.application.comparison import ComparedPart, same_part

BERLIN = "Europe/Berlin"


def _month(month: date, now: datetime) -> ComparedPart:
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return same_part(month, after, before, now, BERLIN)


def _year(now: datetime) -> ComparedPart:
    return same_part(date(now.year, 1, 1), date(now.year + 1, 1, 1), date(now.year - 1, 1, 1), now, BERLIN)


def test_a_running_month_is_compared_up_to_the_same_day_and_time() -> None:
    now = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
    assert _month(date(2026, 11, 1), now) == ComparedPart(
        date(2026, 10, 1), date(2026, 10, 29), datetime(2026, 10, 28, 17, 30, tzinfo=UTC)
    )


def test_the_time_of_day_is_the_local_clock_s_on_either_side_of_a_change() -> None:
    # 18:30 in Berlin is 17:30 UTC in November and 16:30 UTC on 20 October.
    now = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    assert _month(date(2026, 11, 1), now).cut == datetime(2026, 10, 20, 16, 30, tzinfo=UTC)


def test_today_is_the_local_date() -> None:
    now = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    assert _month(date(2026, 12, 1), now) == ComparedPart(
        date(2026, 11, 1), date(2026, 11, 2), datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    )


def test_a_period_that_is_over_is_compared_with_all_of_the_one_before() -> None:
    now = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
    assert _month(date(2026, 10, 1), now) == ComparedPart(date(2026, 9, 1), date(2026, 10, 1))


def test_the_31st_is_compared_with_the_whole_of_a_shorter_month() -> None:
    now = datetime(2026, 10, 31, 8, tzinfo=UTC)
    assert _month(date(2026, 10, 1), now) == ComparedPart(date(2026, 9, 1), date(2026, 10, 1))


def test_29_february_is_compared_up_to_the_end_of_february() -> None:
    now = datetime(2028, 2, 29, 8, tzinfo=UTC)
    assert _year(now) == ComparedPart(date(2027, 1, 1), date(2027, 3, 1))


def test_a_running_day_is_compared_with_the_day_before_up_to_now() -> None:
    now = datetime(2026, 11, 28, 17, 30, tzinfo=UTC)
    found = same_part(date(2026, 11, 28), date(2026, 11, 29), date(2026, 11, 27), now, BERLIN)
    assert found == ComparedPart(
        date(2026, 11, 27), date(2026, 11, 28), datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
    )
