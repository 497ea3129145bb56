"""A week of bookings is drawn on each location's own clock, and none hides another."""

from datetime import UTC, date, datetime, timedelta

from eosvolt.adapters.http.presentation.booking_calendar import monday_of, week_of
from eosvolt.projections.bookings import BookingRow

MONDAY = date(2026, 11, 23)


def booking(key: str, since: datetime, hours: float, zone: str = "Europe/Berlin") -> BookingRow:
    return BookingRow(
        id=key,
        company=242,
        location="harbour",
        time_zone=zone,
        charge_point="CP-1",
        connector=1,
        plug_type="",
        customer="",
        token="T1",
        since=since,
        until=since + timedelta(hours=hours),
        slots=1,
        slot_minutes=60,
        buffer_minutes=0,
        state="booked",
        made_at=since,
        by="admin:a",
    )


def at(hour: int, day: int = 23, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def test_the_week_begins_on_monday() -> None:
    assert monday_of(date(2026, 11, 29)) == MONDAY
    assert monday_of(MONDAY) == MONDAY
    assert [column.day for column in week_of([], MONDAY).days][-1] == date(2026, 11, 29)


def test_a_booking_has_its_place_on_the_clock_of_its_location() -> None:
    rows = [booking("b1", at(9), 1), booking("b2", at(9), 1, "Pacific/Auckland")]
    week = week_of(rows, MONDAY)
    # 10:00 in Berlin and 22:00 in Auckland, of the hours from 08:00 to 23:00.
    assert (week.first_minute, week.last_minute) == (480, 1380)
    assert [(each.row.id, each.top) for each in week.days[0].blocks] == [
        ("b1", round(100 * 2 / 15, 3)),
        ("b2", round(100 * 14 / 15, 3)),
    ]


def test_bookings_at_one_time_lie_side_by_side_and_later_ones_have_the_whole_width() -> None:
    rows = [booking("b1", at(9), 2), booking("b2", at(10), 1), booking("b3", at(11), 1)]
    blocks = week_of(rows, MONDAY).days[0].blocks
    assert [(each.row.id, each.lane, each.lanes) for each in blocks] == [
        ("b1", 0, 2),
        ("b2", 1, 2),
        ("b3", 0, 1),
    ]


def test_a_lane_that_is_free_again_is_used_again() -> None:
    rows = [booking("b1", at(9), 3), booking("b2", at(9), 1), booking("b3", at(10), 1)]
    blocks = week_of(rows, MONDAY).days[0].blocks
    assert [(each.row.id, each.lane, each.lanes) for each in blocks] == [
        ("b1", 0, 2),
        ("b2", 1, 2),
        ("b3", 1, 2),
    ]


def test_a_booking_over_midnight_is_on_both_days() -> None:
    week = week_of([booking("b1", at(22), 3)], MONDAY)
    (evening,), (night,) = week.days[0].blocks, week.days[1].blocks
    assert (evening.goes_on, night.goes_on) == (False, True)
    assert (week.first_minute, week.last_minute) == (0, 1440)
    assert evening.top + evening.height == 100
    assert (night.top, night.height) == (0, round(100 * 2 / 24, 3))


def test_one_that_ends_at_midnight_is_on_its_day_alone() -> None:
    week = week_of([booking("b1", at(22), 1)], MONDAY)
    assert [len(column.blocks) for column in week.days] == [1, 0, 0, 0, 0, 0, 0]


def test_the_hour_that_the_clock_shows_twice_has_both_bookings() -> None:
    # 25 October 2026 in Berlin: 02:30 is at 00:30 and at 01:30 UTC.
    rows = [
        booking("b1", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1),
        booking("b2", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 1),
    ]
    blocks = week_of(rows, date(2026, 10, 19)).days[6].blocks
    assert {each.row.id for each in blocks} == {"b1", "b2"}
    assert {(each.lane, each.lanes) for each in blocks} == {(0, 2), (1, 2)}
    assert all(each.height > 0 for each in blocks)


def test_the_hours_beside_the_week_are_those_that_have_bookings_and_the_day_at_least() -> None:
    assert week_of([], MONDAY).hours[0] == ("08:00", 0)
    week = week_of([booking("b1", at(4, minute=15), 1)], MONDAY)
    assert week.hours[0][0] == "05:00"
    assert week.hours[-1][0] == "17:00"
