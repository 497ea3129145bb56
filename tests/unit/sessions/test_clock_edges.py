"""What reports prove of a charger's clock: the values on both sides of each border."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    RecallPlug,
    RecordClockOffset,
)
from eosvolt.domain.sessions.events import ClockOffsetChanged, ConnectorFreed
from eosvolt.domain.sessions.observations import REBOOTED, Observation
from eosvolt.domain.sessions.plug_events import ChargerRebooted, EvSuspended
from eosvolt.domain.sessions.session_timebase import by_its_clock, clock_offset_changes
from eosvolt.domain.sessions.state import Blocking, Charging, Outlook
from tests.examples import MORNING, after
from tests.unit.sessions.bills import ENDED, PLACE, STARTED, started
from tests.unit.sessions.clocks import AHEAD, LAST, TWO_HOURS_S, known, offsets, reading, session


@pytest.mark.parametrize(
    ("offset_s", "found"), [(30, None), (31, (31, 0, 0)), (-30, None), (-31, (-31, 0, 0))]
)
def test_a_clock_is_another_one_where_it_differs_by_more_than_half_a_minute(
    offset_s: int, found: tuple[int, int, int] | None
) -> None:
    assert offsets(known(10, 10, offset_s), session(STARTED)) == found


@pytest.mark.parametrize(
    ("start_heard_s", "offset_s", "so_at_the_start"),
    [
        # The start's time was right.
        (60, -100, False),
        (61, -100, True),
        # The start's time was less wrong than the clock is now.
        (7139, -TWO_HOURS_S, False),
        (7140, -TWO_HOURS_S, True),
    ],
)
def test_a_clock_was_wrong_at_the_start_where_the_start_s_time_was_as_wrong(
    start_heard_s: int, offset_s: int, *, so_at_the_start: bool
) -> None:
    state = session(started(received_at=MORNING + timedelta(seconds=start_heard_s)))
    command = known(1, 1 - offset_s / 60, offset_s)
    expected = (offset_s, offset_s, offset_s) if so_at_the_start else (offset_s, 0, 0)
    assert offsets(command, state) == expected


@pytest.mark.parametrize(
    ("minutes", "register", "so_at_the_start"),
    [
        (5.5, 2100, True),
        # Dated before the last reading: an old one, or one of a clock that was set back.
        (3, 1500, True),
        (3, 2100, False),
        (4, 2100, True),
        (3.99, 2100, False),
    ],
)
def test_a_register_that_goes_on_before_the_last_reading_proves_a_clock_that_was_set(
    minutes: float, register: int, *, so_at_the_start: bool
) -> None:
    state = session(started(received_at=after(120)), LAST)
    by = -TWO_HOURS_S if so_at_the_start else 0
    found = offsets(reading(minutes, register, 125.5, -TWO_HOURS_S), state)
    assert found == (-TWO_HOURS_S, by, by)


@pytest.mark.parametrize(("gap_s", "so_at_the_start"), [(0, False), (60, False), (61, True)])
def test_a_clock_that_is_ahead_was_set_where_the_last_reading_would_else_be_later(
    gap_s: int, *, so_at_the_start: bool
) -> None:
    state = session(started(received_at=after(2)), LAST)
    shown = after(65) - timedelta(seconds=gap_s)
    command = RecordClockOffset(at=shown, received_at=after(7), clock_offset_s=3600)
    by = 3600 if so_at_the_start else 0
    assert offsets(command, state) == (3600, by, by)


def test_times_by_our_clock_are_told_by_the_session_s() -> None:
    state = session(AHEAD)
    assert by_its_clock(ReachDeadline(at=after(5)), state) == ReachDeadline(at=after(125))
    assert by_its_clock(NoteReboot(at=after(5)), state) == NoteReboot(at=after(125))
    assert by_its_clock(FreeConnector(at=after(5)), state) == FreeConnector(at=after(125))
    lost = NoteConnection(at=after(5), connected=False)
    assert by_its_clock(lost, state) == NoteConnection(at=after(125), connected=False)
    seen = RecallPlug(
        observations=(Observation(after(5), "Charging", after(6)), Observation(after(7), "Faulted"))
    )
    assert by_its_clock(seen, state) == RecallPlug(
        observations=(Observation(after(125), "Charging", after(126)), Observation(after(127), "Faulted"))
    )
    assert by_its_clock(ReachDeadline(at=after(5)), session(STARTED)) == ReachDeadline(at=after(5))
    assert by_its_clock(ReachDeadline(at=after(5)), session()) == ReachDeadline(at=after(5))


def test_reports_of_a_clock_that_was_put_right_are_told_by_the_session_s() -> None:
    right = ClockOffsetChanged(at=after(4), clock_offset_s=0, clock_s=TWO_HOURS_S)
    state = session(AHEAD, right)
    status = NoteConnector(
        status=ConnectorStatus.CHARGING, at=after(5), received_at=after(5.1), clock_offset_s=0
    )
    assert by_its_clock(status, state) == NoteConnector(
        status=ConnectorStatus.CHARGING, at=after(125), received_at=after(125.1), clock_offset_s=0
    )
    assert by_its_clock(reading(5, 2000, 5.1, 0), state) == reading(125, 2000, 5.1, 0)
    told = EndCharging(
        at=after(9),
        received_at=after(9.1),
        reason="Local",
        meter_stop_wh=3000,
        readings=(Reading(at=after(8), register_wh=2500),),
        clock_offset_s=0,
    )
    assert by_its_clock(told, state) == EndCharging(
        at=after(129),
        received_at=after(9.1),
        reason="Local",
        meter_stop_wh=3000,
        readings=(Reading(at=after(128), register_wh=2500),),
        clock_offset_s=0,
    )


@pytest.mark.parametrize(("by_s", "moved_s"), [(30, 0), (31, 31), (-30, 0), (-31, -31)])
def test_a_clock_that_was_set_by_half_a_minute_or_less_is_the_same(by_s: int, moved_s: int) -> None:
    offset_s = TWO_HOURS_S - by_s
    set_since = ClockOffsetChanged(at=after(4), clock_offset_s=offset_s, clock_s=TWO_HOURS_S)
    command = reading(124, 2000, 5, offset_s)
    moved = by_its_clock(command, session(AHEAD, set_since))
    assert isinstance(moved, MeterEnergy)
    assert [each.at for each in moved.readings] == [after(124) + timedelta(seconds=moved_s)]


def test_after_the_end_and_of_a_free_plug_times_are_told_by_the_session_s_clock_too() -> None:
    end = replace(ENDED, at=after(140))
    ended = session(AHEAD, end)
    freed = session(AHEAD, end, ConnectorFreed(place=PLACE, at=after(150)))
    for state in (ended, freed):
        assert by_its_clock(ReachDeadline(at=after(40)), state) == ReachDeadline(at=after(160))
    assert offsets(known(42, 42, 60), ended) == (60, TWO_HOURS_S, 0)
    assert offsets(known(42, 42, 60), freed) is None


def test_a_report_without_readings_shows_the_time_at_which_it_was_received() -> None:
    empty = MeterEnergy(received_at=after(12), readings=(), clock_offset_s=-TWO_HOURS_S)
    assert by_its_clock(empty, session(STARTED)) == empty


def test_where_a_clock_was_set_times_of_ours_move_with_the_session_s() -> None:
    """The charger's own times stay, as the session's clock is the charger's."""
    rebooted = ChargerRebooted(at=after(5), presume_ended_at=after(10))
    suspended = EvSuspended(at=after(3), plug=PLACE.plug, idle_at=after(18))
    found = ClockOffsetChanged(
        at=after(6), clock_offset_s=TWO_HOURS_S, clock_s=TWO_HOURS_S, moved_s=TWO_HOURS_S
    )
    charging = session(STARTED, suspended, rebooted, found)
    assert isinstance(charging, Charging)
    moved = (Observation(after(3), "SuspendedEV"), Observation(after(125), REBOOTED))
    assert charging.timeline == moved
    assert charging.outlook == Outlook(
        suspended_since=after(3), idle_at=after(18), presume_ended_at=after(130)
    )
    assert (charging.clock_offset_s, charging.clock_s) == (TWO_HOURS_S, TWO_HOURS_S)
    ended = session(STARTED, suspended, rebooted, ENDED, found)
    assert isinstance(ended, Blocking)
    assert ended.timeline == moved
    assert (ended.clock_offset_s, ended.clock_s) == (TWO_HOURS_S, TWO_HOURS_S)
    unmoved = replace(found, moved_s=0)
    still = session(STARTED, suspended, rebooted, ENDED, unmoved)
    assert isinstance(still, Blocking)
    assert still.timeline == (Observation(after(3), "SuspendedEV"), Observation(after(5), REBOOTED))


def test_a_change_of_the_offset_is_as_of_when_the_report_was_received() -> None:
    (change,) = clock_offset_changes(known(10, 12, -120), session(STARTED))
    assert change == ClockOffsetChanged(at=after(12), clock_offset_s=-120, clock_s=0)
