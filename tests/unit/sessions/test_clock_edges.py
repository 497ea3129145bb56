"""What reports prove of a charger's clock: the values on both sides of each border."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.kernel import Event
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
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ClockOffsetChanged, ConnectorFreed, EnergyMetered, SessionReading
from eosvolt.domain.sessions.observations import REBOOTED, Observation
from eosvolt.domain.sessions.plug_events import ChargerRebooted, EvSuspended
from eosvolt.domain.sessions.session_timebase import by_its_clock, clock_offset_changes
from eosvolt.domain.sessions.state import Blocking, Charging, Outlook, Session
from tests.examples import MORNING, after
from tests.unit.sessions.bills import ENDED, PLACE, STARTED, started

TWO_HOURS_S = 7200
LAST = EnergyMetered(
    plug=PLACE.plug,
    received_at=after(125),
    readings=(SessionReading(at=after(5), energy_wh=1000, register_wh=2000),),
)


def session(*events: Event) -> Session:
    return sessions.fold(list(events), sessions.initial)  # type: ignore[arg-type] # of one session


def reading(minutes: float, register: int, received: float, clock_offset_s: int) -> MeterEnergy:
    told = Reading(at=after(minutes), register_wh=register)
    return MeterEnergy(received_at=after(received), readings=(told,), clock_offset_s=clock_offset_s)


def known(at: float, received: float, clock_offset_s: int) -> RecordClockOffset:
    return RecordClockOffset(at=after(at), received_at=after(received), clock_offset_s=clock_offset_s)


def offsets(command: SessionCommand, state: Session) -> tuple[int, int, int] | None:
    """The clock's offset that is found, the one of the session's clock, and by how much that moved."""
    found = clock_offset_changes(command, state)
    if not found:
        return None
    (change,) = found
    assert isinstance(change, ClockOffsetChanged)
    return change.clock_offset_s, change.clock_s, change.moved_s


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


AHEAD = started(at=after(120), received_at=MORNING)


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
