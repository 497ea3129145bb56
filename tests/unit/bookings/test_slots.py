"""Slots are cut in elapsed time from the first local instant of the frame, also when clocks change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from eosvolt.domain.bookings.slots import Slot, SlotPlan
from eosvolt.domain.bookings.values import SlotUnavailable
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.locations.opening_hours import ALWAYS_OPEN, OpeningHours, OpenRange, SpecialDay

ALWAYS = OpeningHours()
EARLY = OpenRange(0, 6 * 60)
LONG_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)


def plan(zone: str = "Europe/Berlin", hours: OpeningHours = ALWAYS, **rules: Any) -> SlotPlan:
    return SlotPlan(BookingRules(**{"enabled": True, "ahead_days": 366, **rules}), hours, zone)


def clock_times(slots: list[Slot], zone: str) -> list[str]:
    return [f"{slot.since.astimezone(ZoneInfo(zone)):%H:%M}" for slot in slots]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 28), 6),
        (date(2026, 3, 29), 5),
        (date(2026, 10, 25), 7),
    ],
)
def test_midnight_to_six_in_berlin_has_five_to_seven_hours(day: date, expected: int) -> None:
    slots = plan(frame=EARLY).slots_of(day)
    assert len(slots) == expected
    assert all(slot.until - slot.since == timedelta(hours=1) for slot in slots)
    assert clock_times(slots, "Europe/Berlin")[0] == "00:00"
    assert clock_times(slots, "Europe/Berlin")[-1] == "05:00"


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 6, 1), 24),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        # The clock is set forward at midnight, and back at midnight.
        ("America/Santiago", date(2026, 9, 6), 23),
        ("America/Santiago", date(2026, 4, 4), 25),
        # By half an hour: a slot that would be half as long is none.
        ("Australia/Lord_Howe", date(2026, 4, 5), 24),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23),
    ],
)
def test_days_of_23_to_25_hours_have_as_many_slots(zone: str, day: date, hours: int) -> None:
    slots = plan(zone).slots_of(day)
    assert len(slots) == hours
    assert len(set(slots)) == hours
    assert {slot.until - slot.since for slot in slots} == {timedelta(hours=1)}


def test_a_day_that_is_too_short_for_the_last_slot_has_one_less() -> None:
    plan_of_90 = plan(slot_minutes=90)
    assert len(plan_of_90.slots_of(date(2026, 6, 1))) == 16
    assert len(plan_of_90.slots_of(date(2026, 3, 29))) == 15
    assert len(plan_of_90.slots_of(date(2026, 10, 25))) == 16


def test_a_frame_that_the_clock_skips_has_no_slots() -> None:
    skipped = plan(frame=OpenRange(2 * 60, 3 * 60))
    assert skipped.slots_of(date(2026, 3, 29)) == []
    assert len(skipped.slots_of(date(2026, 3, 30))) == 1


def test_a_slot_of_a_day_is_none_on_the_short_day() -> None:
    whole = plan(slot_minutes=1440)
    assert len(whole.slots_of(date(2026, 6, 1))) == 1
    assert whole.slots_of(date(2026, 3, 29)) == []


def test_a_frame_may_go_on_past_midnight_and_belongs_to_its_first_day() -> None:
    night = plan(frame=OpenRange(22 * 60, 2 * 60))
    slots = night.slots_of(date(2026, 6, 1))
    assert clock_times(slots, "Europe/Berlin") == ["22:00", "23:00", "00:00", "01:00"]
    # From before midnight on, and from after it.
    assert night.run(slots[1].since, 3, LONG_BEFORE) == Slot(slots[1].since, slots[3].until)
    assert night.in_frame(slots[3].since)
    assert not night.in_frame(slots[3].until)


def test_consecutive_slots_go_on_over_midnight_where_the_frame_is_the_whole_day() -> None:
    whole = plan()
    last = whole.slots_of(date(2026, 10, 24))[-1]
    assert whole.run(last.since, 27, LONG_BEFORE).until == whole.slots_of(date(2026, 10, 26))[0].until


def test_slots_that_are_partly_outside_the_opening_hours_are_none() -> None:
    hours = OpeningHours(week=((OpenRange(8 * 60, 10 * 60 + 30), OpenRange(10 * 60 + 30, 12 * 60)),) * 7)
    assert clock_times(plan(hours=hours).slots_of(date(2026, 6, 1)), "Europe/Berlin") == [
        "08:00",
        "09:00",
        "10:00",
        "11:00",
    ]
    pause = OpeningHours(week=((OpenRange(8 * 60, 9 * 60 + 30), OpenRange(10 * 60 + 30, 12 * 60)),) * 7)
    assert clock_times(plan(hours=pause).slots_of(date(2026, 6, 1)), "Europe/Berlin") == ["08:00", "11:00"]


def test_a_day_on_which_it_is_closed_has_no_slots() -> None:
    hours = OpeningHours(week=ALWAYS_OPEN, exceptions=(SpecialDay(date(2026, 6, 1)),))
    assert plan(hours=hours).slots_of(date(2026, 6, 1)) == []


def test_notice_is_measured_in_elapsed_minutes_over_a_change_of_the_clock() -> None:
    # 01:30 on the wall, and 90 elapsed minutes to 04:00: the clock skips an hour.
    now = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
    spring = plan(notice_minutes=90)
    assert clock_times(spring.offered_on(date(2026, 3, 29), now), "Europe/Berlin")[0] == "04:00"
    # 01:30 on the wall, and 90 elapsed minutes to the second 02:00.
    now = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
    autumn = plan(notice_minutes=90)
    assert autumn.offered_on(date(2026, 10, 25), now)[0].since == datetime(2026, 10, 25, 1, 0, tzinfo=UTC)


def test_an_hour_that_the_clock_repeats_has_two_slots_of_the_same_name() -> None:
    slots = plan(frame=OpenRange(2 * 60, 4 * 60)).slots_of(date(2026, 10, 25))
    assert clock_times(slots, "Europe/Berlin") == ["02:00", "02:00", "03:00"]


@pytest.mark.parametrize("count", [0, -1, 49])
def test_a_booking_has_at_least_one_slot_and_not_any_number(count: int) -> None:
    first = plan().slots_of(date(2026, 6, 1))[0]
    with pytest.raises(SlotUnavailable, match="1 to 48"):
        plan().run(first.since, count, LONG_BEFORE)
