"""By which clock a report was dated, and when it was hence made: the values on both sides of each border."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.sessions.commands import (
    EndCharging,
    MeterEnergy,
    NoteConnector,
)
from eosvolt.domain.sessions.events import ClockOffsetChanged
from eosvolt.domain.sessions.session_timebase import by_its_clock
from tests.examples import MORNING, after
from tests.unit.sessions.bills import ENDED, STARTED
from tests.unit.sessions.clocks import AHEAD, LAST, TWO_HOURS_S, offsets, reading, session

SET_BACK_S = -4020


@pytest.mark.parametrize(
    ("register", "proves"), [(2000, False), (2001, True), (5822, True), (5823, False), (None, False)]
)
def test_a_higher_register_proves_that_a_reading_is_later_up_to_what_the_plug_delivers(
    register: int | None, *, proves: bool
) -> None:
    """It is dated an hour before the last reading, and received seven minutes after it."""
    command = MeterEnergy(
        received_at=after(12), readings=(Reading(at=after(-55), register_wh=register),), clock_offset_s=0
    )
    assert offsets(command, session(STARTED, LAST)) == ((SET_BACK_S, 0, 0) if proves else None)


@pytest.mark.parametrize(("register", "proves"), [(1999, False), (2000, True), (None, False)])
def test_a_stop_s_register_proves_that_it_is_later_where_it_is_no_lower(
    register: int | None, *, proves: bool
) -> None:
    command = EndCharging(
        at=after(-55), received_at=after(12), reason="Local", meter_stop_wh=register, clock_offset_s=0
    )
    assert offsets(command, session(STARTED, LAST)) == ((SET_BACK_S, 0, 0) if proves else None)
    assert offsets(command, session(STARTED, LAST, ENDED)) == ((SET_BACK_S, 0, 0) if proves else None)


def test_a_state_that_is_dated_before_the_last_reading_proves_nothing_of_the_clock() -> None:
    status = NoteConnector(
        status=ConnectorStatus.CHARGING, at=after(-55), received_at=after(12), clock_offset_s=0
    )
    assert offsets(status, session(STARTED, LAST)) is None
    assert by_its_clock(status, session(STARTED, LAST)) == status


def test_a_report_within_twenty_minutes_of_the_last_reading_came_at_once_and_a_later_one_waited() -> None:
    state = session(STARTED, LAST)
    assert offsets(reading(-55, 2100, 25, 0), state) == (-4800, 0, 0)
    waited = reading(-55, 2100, 25 + 1 / 60, 0)
    assert offsets(waited, state) == (-3600, 0, 0)
    assert by_its_clock(waited, state) == reading(5, 2100, 25 + 1 / 60, 0)


@pytest.mark.parametrize(("minutes", "then"), [(4, 4), (4 - 1 / 60, 5.5)])
def test_a_reading_within_a_minute_before_the_last_one_may_be_right(minutes: float, then: float) -> None:
    state = session(STARTED, LAST)
    assert by_its_clock(reading(minutes, 2100, 5.5, 0), state) == reading(then, 2100, 5.5, 0)


@pytest.mark.parametrize(("minutes", "then"), [(13, 13), (13 + 1 / 60, 12), (72, 12)])
def test_what_is_dated_over_a_minute_ahead_was_as_late_as_it_was_received(
    minutes: float, then: float
) -> None:
    """Nobody knows whether the clock still shows that, so it proves nothing of later reports."""
    state = session(STARTED, LAST)
    command = reading(minutes, 2100, 12, 0)
    assert by_its_clock(command, state) == reading(then, 2100, 12, 0)
    assert offsets(command, state) is None


def test_a_stop_that_is_dated_before_its_start_is_guessed_and_proves_nothing_of_the_clock() -> None:
    told = EndCharging(
        at=after(-11), received_at=after(15), reason="Local", meter_stop_wh=1350, clock_offset_s=0
    )
    state = session(STARTED)
    assert offsets(told, state) is None
    assert by_its_clock(told, state) == EndCharging(
        at=MORNING, received_at=after(15), reason="Local", meter_stop_wh=1350, clock_offset_s=0
    )


@pytest.mark.parametrize(("wrong_s", "found"), [(60, (0, 0, 0)), (61, None)])
def test_an_unknown_offset_means_a_right_clock_where_the_report_s_time_agrees(
    wrong_s: int, found: tuple[int, int, int] | None
) -> None:
    set_back = ClockOffsetChanged(at=after(4), clock_offset_s=-TWO_HOURS_S, clock_s=0)
    shown = after(10)
    command = NoteConnector(
        status=ConnectorStatus.CHARGING,
        at=shown,
        received_at=shown + timedelta(seconds=wrong_s),
        clock_offset_s=0,
    )
    assert offsets(command, session(STARTED, set_back)) == found


@pytest.mark.parametrize(("minutes", "then"), [(133, 133), (133 + 1 / 60, 132)])
def test_by_a_clock_that_is_ahead_a_report_may_be_a_minute_ahead_of_its_receipt(
    minutes: float, then: float
) -> None:
    command = reading(minutes, 2000, 12, TWO_HOURS_S)
    assert by_its_clock(command, session(AHEAD)) == reading(then, 2000, 12, TWO_HOURS_S)


def test_by_a_clock_that_is_ahead_the_plug_delivers_until_the_receipt_too() -> None:
    """The clock was set back by some 67 minutes since the last reading, seven minutes ago."""
    last = replace(LAST, readings=(replace(LAST.readings[0], at=after(125)),))
    command = reading(65, 5822, 12, TWO_HOURS_S)
    assert offsets(command, session(AHEAD, last)) == (3180, TWO_HOURS_S, 0)
