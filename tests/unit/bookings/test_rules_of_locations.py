"""What the rules of a location may say, and what they keep."""

from typing import Any

import pytest

from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.locations.booking_rules import BookingRules, problems
from eosvolt.domain.locations.commands import RemoveLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.locations.opening_hours import OpenRange
from tests.examples import LOCATION, after
from tests.scenario import WHY
from tests.unit.bookings.booking_site import BookingSite


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"slot_minutes": 0}, "/slotMinutes"),
        ({"slot_minutes": 45}, "/slotMinutes"),
        ({"slot_minutes": 1470}, "/slotMinutes"),
        ({"slot_minutes": 240, "frame": OpenRange(480, 600)}, "/slotMinutes"),
        ({"frame": OpenRange(480, 480)}, ""),
        ({"frame": OpenRange(480, 1441)}, "/to"),
        ({"buffer_minutes": -1}, "/bufferMinutes"),
        ({"early_start_minutes": 1441}, "/earlyStartMinutes"),
        ({"late_stop_minutes": -5}, "/lateStopMinutes"),
        ({"auto_cancel_minutes": 0}, "/autoCancelMinutes"),
        ({"notice_minutes": -1}, "/noticeMinutes"),
        ({"change_minutes": -1}, "/changeMinutes"),
        ({"cancel_minutes": 10_081}, "/cancelMinutes"),
        ({"ahead_days": 0}, "/aheadDays"),
        ({"ahead_days": 1, "notice_minutes": 1440}, "/noticeMinutes"),
    ],
)
async def test_rules_that_cannot_be_are_refused_at_the_field(wrong: dict[str, Any], pointer: str) -> None:
    assert [at for at, _ in problems(BookingRules(**wrong))] == [pointer]
    s = await BookingSite().bookable()
    with pytest.raises(InvalidValue):
        await s.ruled(**wrong)


@pytest.mark.parametrize("minutes", [30, 60, 90, 120, 180, 240, 1440])
def test_slots_are_half_an_hour_to_a_day_long(minutes: int) -> None:
    assert problems(BookingRules(enabled=True, slot_minutes=minutes)) == []


async def test_a_location_with_bookings_cannot_be_removed() -> None:
    s = await BookingSite().bookable()
    remove = RemoveLocation(at=after(1), charge_points=0, open_sessions=0, bookings=1)
    with pytest.raises(Rejected, match="still has bookings"):
        await s.application.execute(locations, LOCATION, remove, WHY)
