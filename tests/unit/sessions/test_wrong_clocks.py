"""A charger whose clock is wrong costs its drivers nothing, and stops nobody's car too early."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.sessions.events import IdleDetected
from tests.examples import TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE, TOKEN, after
from tests.scenario import Scenario

HOURS = [-26, -2, -0.1, 0.1, 1, 23]


def wrong_by(hours: float) -> Scenario:
    s = Scenario()
    s.ahead = timedelta(hours=hours)
    s.known_clock_offset_s = int(s.ahead.total_seconds())
    return s


@pytest.mark.parametrize("hours", HOURS)
async def test_a_car_idles_for_a_full_interval_of_real_time_whatever_the_charger_s_clock_shows(
    hours: float,
) -> None:
    s = await wrong_by(hours).opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.meters(10, 2000, transaction=number)
    await s.reports(20, "SuspendedEV")
    await s.passes(34.5)
    assert s.charger.requests == []
    assert s.session(number).status == "suspended"
    await s.passes(35.1)
    assert s.charger.requests == [("remoteStop", {"transaction": number})]
    (idle,) = s.events(IdleDetected)
    assert isinstance(idle.event, IdleDetected)
    assert idle.event.at == after(35) + s.ahead


@pytest.mark.parametrize("hours", HOURS)
async def test_blocking_fees_fall_due_in_real_time_and_pauses_are_left_out_of_them(hours: float) -> None:
    s = await wrong_by(hours).opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.stops(20, number, 4000)
    await s.reports(20, "Finishing")
    await s.passes(34.5)
    assert s.session(number).blocking_gross == 0
    await s.passes(35.1)
    assert s.session(number).blocking_gross == 100
    await s.disconnects(40)
    await s.passes(50)
    await s.connects(50)
    await s.reports(50, "Finishing")
    await s.passes(59.5)
    assert s.session(number).blocking_gross == 100
    await s.passes(60.1)
    assert s.session(number).blocking_gross == 200
    await s.reports(62, "Available")
    row = s.session(number)
    assert (row.status, row.blocking_gross, row.freed_at) == ("completed", 200, after(62) + s.ahead)


@given(hours=st.floats(-48, 23), stay=st.integers(0, 120))
async def test_no_constant_error_of_a_clock_changes_the_number_of_blocking_fees(
    hours: float, stay: int
) -> None:
    s = await wrong_by(round(hours * 3600) / 3600).opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.stops(20, number, 4000)
    await s.reports(20, "Finishing")
    await s.passes(20 + stay)
    await s.reports(20 + stay, "Available")
    assert s.session(number).blocking_gross == stay // 15 * 100


async def test_a_clock_found_to_be_wrong_in_the_middle_moves_the_deadlines_to_where_they_belong() -> None:
    s = Scenario()
    s.ahead = timedelta(hours=2)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.reports(10, "SuspendedEV")
    s.known_clock_offset_s = 7200
    await s.meters(12, 2000, transaction=number)
    await s.passes(25.1)
    assert s.charger.requests == [("remoteStop", {"transaction": number})]


async def test_a_clock_found_to_be_behind_moves_what_was_known_of_the_connection() -> None:
    """Dated seven minutes early, the session seemed to have begun before its charger was there."""
    s = Scenario()
    s.ahead = timedelta(minutes=-7)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    await s.disconnects(1)
    await s.connects(2)
    number = (await s.starts(3)).transaction
    s.known_clock_offset_s = -420
    await s.meters(5, 2000, transaction=number)
    await s.reports(6, "SuspendedEV")
    await s.passes(21.1)
    assert s.session(number).ended_at == after(21) + s.ahead
    await s.passes(60)
    await s.reports(60, "Available")
    assert s.session(number).blocking_gross == 200


async def test_a_status_after_the_clock_was_set_back_is_believed_once_the_charger_has_come_again() -> None:
    s = Scenario()
    s.ahead = timedelta(hours=2)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0)).transaction
    await s.reports(1, "Charging")
    await s.disconnects(5)
    s.ahead = timedelta(0)
    await s.connects(6)
    await s.stops(7, number, 4000)
    await s.reports(8, "Available")
    row = s.session(number)
    assert (row.status, row.energy_wh) == ("completed", 3000)


async def test_a_status_from_a_clock_that_ran_ahead_does_not_hide_what_comes_after_it_was_set_right() -> None:
    # Right after its boot a charger may tell local time as if it were UTC, until its clock is set.
    s = Scenario()
    s.ahead = timedelta(hours=2)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    await s.reports(0, "Available")
    s.ahead = timedelta(0)
    await s.reports(5, "Preparing")
    number = (await s.starts(6)).transaction
    await s.reports(7, "SuspendedEV")
    assert s.session(number).status == "suspended"


async def test_a_start_without_a_time_that_can_be_is_one_session_however_often_it_is_sent() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    s.timed = False
    first = await s.starts(0, 5000)
    again = await s.starts(1, 5000)
    assert again == first
    await s.stops(10, first.transaction, 6000)
    other = await s.starts(20, 6000, token=TOKEN)
    assert other.transaction != first.transaction
    assert [row.energy_wh for row in s.sessions()] == [1000, 0]


async def test_of_readings_without_a_time_that_can_be_one_that_comes_late_is_no_new_beginning() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1549)).transaction
    s.timed = False
    for minute, register in ((10, 3562), (10.1, 3745), (10.2, 3562), (10.3, 3745), (11, 3800)):
        await s.meters(minute, register, transaction=number)
    assert s.session(number).energy_wh == 3800 - 1549
    await s.stops(12, number, 3800)
    assert s.session(number).energy_wh == 3800 - 1549


@pytest.mark.parametrize(("before", "then"), [(0, 2), (2, 0), (0, -3), (-3, 0), (-1, 5)])
async def test_a_clock_that_is_set_during_a_session_changes_nothing_of_what_its_minutes_cost(
    before: float, then: float
) -> None:
    s = await wrong_by(before).opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 2000, transaction=number)
    s.ahead = timedelta(hours=then)
    s.known_clock_offset_s = int(s.ahead.total_seconds())
    await s.meters(15, 3000, transaction=number)
    await s.stops(30, number, 5000)
    row = s.session(number)
    assert row.energy_wh == 4000
    assert [(line.unit, line.quantity) for line in row.lines] == [("min", Decimal("30.00"))]


async def test_a_start_by_a_clock_that_is_behind_is_not_older_than_what_the_plug_said_before() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(-3, 1000)).transaction
    await s.stops(-2, number, 2000)
    await s.reports(-1, "Available")
    s.ahead, s.known_clock_offset_s = timedelta(hours=-2), -7200
    number = (await s.starts(5, 2000)).transaction
    await s.meters(9, 2500, transaction=number)
    await s.stops(10, number, 3000)
    await s.reports(11, "Available")
    row = s.session(number)
    assert (row.status, row.energy_wh, row.blocking_gross) == ("completed", 1000, 0)


@pytest.mark.parametrize("hours", HOURS)
async def test_the_next_car_says_when_the_plug_was_free_whatever_the_clock_showed_meanwhile(
    hours: float,
) -> None:
    s = await wrong_by(hours).opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 1500, transaction=number)
    await s.stops(10, number, 2000)
    s.ahead, s.known_clock_offset_s = timedelta(0), 0
    await s.starts(42, 2000)
    assert s.session(number).blocking_gross == 200


async def test_a_plug_is_free_when_the_charger_that_came_again_says_so_whatever_it_is_dated() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(1, "Charging")
    s.ahead = timedelta(hours=-2)
    await s.stops(20, number, 2000)
    await s.reports(21, "Finishing")
    await s.disconnects(22)
    await s.connects(23)
    await s.reports(24, "Available")
    assert s.session(number).status == "completed"
    assert s.session(number).blocking_gross == 0


async def test_the_next_start_frees_a_plug_whose_report_of_it_was_dated_by_a_clock_set_back() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    first = (await s.starts(0, 1000)).transaction
    await s.meters(5, 1500, transaction=first)
    s.ahead = timedelta(hours=-2)
    await s.stops(10, first, 2000)
    await s.reports(12, "Available")
    await s.reports(13, "Preparing")
    second = (await s.starts(14, 2000)).transaction
    await s.meters(20, 2500, transaction=second)
    await s.stops(24, second, 3000)
    await s.disconnects(25)
    await s.connects(26)
    await s.reports(26, "Available")
    assert [(row.status, row.energy_wh, row.blocking_gross) for row in s.sessions()] == [
        ("completed", 1000, 0),
        ("completed", 1000, 0),
    ]


@given(
    before=st.integers(-600, 600),
    back=st.integers(-1500, 1300),
    set_at=st.integers(1, 59),
    minutes=st.integers(12, 60),
    stay=st.integers(0, 90),
)
async def test_a_clock_set_at_any_time_to_anything_costs_no_driver_a_fee_or_a_kilowatt_hour(
    before: int, back: int, set_at: int, minutes: int, stay: int
) -> None:
    """The charger of this test wants to be believed: nobody knows of its clock but by its registers."""
    s = wrong_by(before / 60)
    await s.opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    for minute in range(5, minutes, 5):
        if minute >= set_at:
            s.ahead, s.known_clock_offset_s = timedelta(minutes=back), 0
        await s.meters(minute, 1000 + 100 * minute, transaction=number)
    if minutes >= set_at:
        s.ahead, s.known_clock_offset_s = timedelta(minutes=back), 0
    await s.stops(minutes, number, 1000 + 100 * minutes)
    await s.passes(minutes + stay)
    await s.disconnects(minutes + stay)
    await s.connects(minutes + stay)
    await s.reports(minutes + stay, "Available")
    row = s.session(number)
    assert (row.status, row.energy_wh) == ("completed", 100 * minutes)
    assert row.blocking_gross <= stay // 15 * 100
