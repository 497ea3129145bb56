"""What a session makes of a report about its plug or its end: the values on both sides of each border."""

from datetime import datetime, timedelta
from typing import Any

import pytest

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
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ChargingEnded, EndReconciled, EnergyMetered
from eosvolt.domain.sessions.observations import Observation
from eosvolt.domain.sessions.plug_events import (
    BlockingPaused,
    BlockingResumed,
    CableRemoved,
    ChargerRebooted,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
    PlugObserved,
)
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, Session
from tests.examples import MORNING, after
from tests.unit.sessions.bills import NUMBER, PLACE, STARTED

PLUG = PLACE.plug
TICK = timedelta(microseconds=1)


def report(at: datetime, what: str, *, heard: datetime | None = None, timed: bool = True) -> NoteConnector:
    return NoteConnector(status=ConnectorStatus(what), at=at, received_at=heard or at, timed=timed)


def status(minutes: float, what: str) -> NoteConnector:
    return report(after(minutes), what)


def reading(minutes: float, register: int, transaction: int | None = NUMBER, **measured: Any) -> MeterEnergy:
    told = Reading(at=after(minutes), register_wh=register, **measured)
    return MeterEnergy(received_at=after(minutes), readings=(told,), transaction=transaction)


def stop(minutes: float, register: int, reason: str = "Local") -> EndCharging:
    return EndCharging(
        at=after(minutes), received_at=after(minutes), reason=reason, meter_stop_wh=register, reported=True
    )


def told(*commands: SessionCommand) -> tuple[list[Event], Session]:
    """What the last of these decides, and the session after it."""
    state, decided = sessions.fold([STARTED], sessions.initial), []
    for command in commands:
        decided = list(sessions.decide(command, state))
        state = sessions.fold(decided, state)
    return list(decided), state


@pytest.mark.parametrize("what", ["Preparing", "Reserved"])
def test_a_state_without_a_time_within_a_minute_of_the_start_may_be_how_the_car_came(what: str) -> None:
    heard = STARTED.received_at + timedelta(seconds=60)
    assert told(report(heard, what, timed=False))[0] == []
    assert len(told(report(heard + TICK, what, timed=False))[0]) == 1
    assert len(told(report(heard, what))[0]) == 1
    assert len(told(report(heard, "Charging", timed=False))[0]) == 1
    assert len(told(report(heard, "Available", timed=False))[0]) == 1


def test_a_car_that_was_suspended_within_three_minutes_before_its_start_is_that_car() -> None:
    before = MORNING - timedelta(minutes=3)
    assert told(report(before, "SuspendedEV"))[0] == [EvSuspended(at=MORNING, plug=PLUG, idle_at=after(15))]
    assert told(report(before - TICK, "SuspendedEV"))[0] == []
    assert told(report(MORNING - TICK, "Charging"))[0] == []


def test_each_state_while_charging_has_its_event() -> None:
    assert told(status(5, "SuspendedEVSE"))[0] == [EvseSuspended(at=after(5), plug=PLUG)]
    assert told(status(5, "SuspendedEV"), status(6, "Charging"))[0] == [
        ChargingResumed(at=after(6), plug=PLUG)
    ]
    assert told(status(5, "Faulted"))[0] == [BlockingPaused(at=after(5), reason="Faulted")]
    lost = NoteConnection(at=after(5), connected=False)
    assert told(lost)[0] == [BlockingPaused(at=after(5), reason="Disconnected")]
    back = NoteConnection(at=after(7), connected=True)
    assert told(lost, back)[0] == [BlockingResumed(at=after(7))]
    resumed = told(status(4, "SuspendedEV"), lost, back)[0]
    assert resumed == [BlockingResumed(at=after(7), idle_at=after(21))]
    assert told(NoteReboot(at=after(5)))[0] == [ChargerRebooted(at=after(5), presume_ended_at=after(10))]
    free = CableRemoved(at=after(5), plug=PLUG, presume_ended_at=after(18))
    assert told(report(after(5), "Available", heard=after(8)))[0] == [free]


def test_a_second_boot_before_the_first_is_decided_on_changes_nothing() -> None:
    assert told(NoteReboot(at=after(5)), NoteReboot(at=after(6)))[0] == []


def test_a_pause_after_the_end_says_when_the_next_fee_is_due() -> None:
    ended = (reading(5, 2000), stop(10, 2000), status(10, "Finishing"))
    lost = NoteConnection(at=after(12), connected=False)
    assert told(*ended, lost)[0] == [BlockingPaused(at=after(12), reason="Disconnected")]
    back = NoteConnection(at=after(15), connected=True)
    assert told(*ended, lost, back)[0] == [BlockingResumed(at=after(15), next_due_at=after(28))]
    mended = told(*ended, status(12, "Faulted"), status(16, "Finishing"))[0]
    assert mended == [BlockingResumed(at=after(16), next_due_at=after(29))]


def test_an_end_is_presumed_at_its_deadline_with_the_last_sign() -> None:
    free = (reading(5, 2000), status(8, "Available"))
    assert told(*free, ReachDeadline(at=after(18) - TICK))[0] == []
    (ended, *_), _ = told(*free, ReachDeadline(at=after(18)))
    assert isinstance(ended, ChargingEnded)
    assert (ended.at, ended.received_at, ended.reason, ended.provisional) == (
        after(8),
        after(18),
        "NoStop",
        True,
    )


@pytest.mark.parametrize(
    ("sample", "goes_on"),
    [
        (reading(12, 2100), True),
        (reading(12, 2000), False),
        (reading(12, 2000, power_w=1), True),
        (reading(12, 2000, power_w=0), False),
        (reading(12, 2100, transaction=None), False),
        (reading(12, 2100, transaction=NUMBER + 1), False),
        (reading(8, 2100, power_w=1), False),
    ],
)
def test_a_car_that_draws_under_its_number_has_not_left(sample: MeterEnergy, *, goes_on: bool) -> None:
    _, state = told(reading(5, 2000), status(8, "Available"), sample)
    assert isinstance(state, Charging)
    assert (state.unplugged_at is None) is goes_on


def test_a_stop_at_the_instant_of_idling_is_the_end_and_a_later_one_is_not() -> None:
    suspended = (reading(4, 2000), status(5, "SuspendedEV"))
    (ended,), _ = told(*suspended, stop(20, 2000))
    assert isinstance(ended, ChargingEnded)
    assert (ended.at, ended.reason, ended.provisional) == (after(20), "Local", False)
    later = [type(event) for event in told(*suspended, stop(20.1, 2000))[0]]
    assert EndReconciled in later


def test_an_earlier_stop_with_the_same_register_moves_the_end_and_another_one_does_not() -> None:
    ended = (reading(4, 2000), stop(20, 3000))
    (moved,), _ = told(*ended, stop(19, 3000))
    assert isinstance(moved, EndReconciled)
    assert (moved.ended_at, moved.previous_ended_at) == (after(19), after(20))
    assert told(*ended, stop(20, 3000))[0] == []
    (at_the_start,), _ = told(*ended, stop(0, 3000))
    assert isinstance(at_the_start, EndReconciled)
    assert told(*ended, stop(-1, 3000))[0] == []


def test_readings_after_the_car_left_are_not_billed_when_its_end_moves() -> None:
    """Nobody told of the end, and the car is known to have left at minute 40."""
    presumed = (reading(10, 2000), status(40, "Available"), ReachDeadline(at=after(50)))
    late = (reading(45, 3000, transaction=None), report(after(12), "SuspendedEV", heard=after(60)))
    decided, _ = told(*presumed, *late)
    (moved,) = [event for event in decided if isinstance(event, EndReconciled)]
    assert (moved.ended_at, moved.energy_wh, moved.provisional) == (after(27), 1000, True)
    assert (moved.reason, moved.meter_stop_wh) == ("Idle", None)


def test_from_the_instant_at_which_the_next_car_came_a_state_is_that_car_s() -> None:
    _, state = told(reading(5, 2000), stop(10, 2000), FreeConnector(at=after(30)))
    assert list(sessions.decide(status(30, "Finishing"), state)) == []
    (seen,) = sessions.decide(report(after(30) - TICK, "Finishing", heard=after(40)), state)
    assert isinstance(seen, PlugObserved)


def test_a_reading_beyond_the_idling_ends_it_and_is_kept() -> None:
    decided, _ = told(reading(4, 2000), status(5, "SuspendedEV"), reading(20, 2000))
    assert [type(event).__name__ for event in decided] == ["IdleDetected", "ChargingEnded", "EnergyMetered"]
    before, _ = told(reading(4, 2000), status(5, "SuspendedEV"), reading(19.99, 2000))
    assert [type(event) for event in before] == [EnergyMetered]


def test_what_was_seen_before_the_session_was_known_says_when_its_car_will_have_idled() -> None:
    seen = (Observation(after(1), "SuspendedEVSE"), Observation(after(5), "SuspendedEV"))
    decided, _ = told(RecallPlug(observations=seen))
    assert decided == [PlugObserved(at=after(5), plug=PLUG, observations=seen, idle_at=after(20))]


def test_a_stop_that_replaces_a_presumed_end_says_why_charging_ended() -> None:
    _, state = told(reading(5, 2000), NoteReboot(at=after(6)), ReachDeadline(at=after(11)), stop(20, 3000))
    assert isinstance(state, Blocking)
    assert (state.end.reason, state.end.at, state.end.stopped_at) == ("Local", after(20), after(20))


def observed(minutes: float, what: str, heard: float | None, **deadlines: datetime) -> PlugObserved:
    heard_at = None if heard is None else after(heard)
    return PlugObserved(
        at=after(minutes),
        plug=PLUG,
        observations=(Observation(after(minutes), what, heard_at),),
        **deadlines,
    )


def test_a_state_that_is_known_already_is_kept_as_an_observation_with_the_deadlines() -> None:
    assert told(status(5, "SuspendedEV"), status(7, "SuspendedEV"))[0] == [
        observed(7, "SuspendedEV", 7, idle_at=after(20))
    ]
    assert told(status(5, "SuspendedEVSE"), status(7, "SuspendedEVSE"))[0] == [
        observed(7, "SuspendedEVSE", 7)
    ]
    assert told(status(5, "Charging"), status(7, "Charging"))[0] == [observed(7, "Charging", 7)]
    assert told(status(5, "Unavailable"), status(7, "Faulted"))[0] == [observed(7, "Faulted", 7)]
    assert told(status(5, "Available"), status(7, "Preparing"))[0] == [
        observed(7, "Preparing", 7, presume_ended_at=after(15))
    ]
    away, back = (NoteConnection(at=after(at), connected=at == 7) for at in (6, 7))
    assert told(status(5, "Faulted"), away, back)[0] == [observed(7, "Connected", None)]


def test_a_car_that_is_suspended_again_after_a_fault_says_when_it_will_have_idled() -> None:
    faulted = (status(5, "SuspendedEV"), status(7, "Faulted"))
    assert told(*faulted, status(9, "SuspendedEV"))[0] == [
        EvSuspended(at=after(9), plug=PLUG, idle_at=after(22))
    ]


def test_a_state_before_the_latest_is_kept_as_an_observation() -> None:
    late = report(after(5), "Faulted", heard=after(9))
    assert told(status(8, "SuspendedEVSE"), late)[0] == [observed(5, "Faulted", 9)]


def test_a_suspension_from_before_the_start_begins_with_it() -> None:
    before = RecallPlug(observations=(Observation(after(-1), "SuspendedEV"),))
    assert told(before)[0] == [EvSuspended(at=MORNING, plug=PLUG, idle_at=after(15))]


ENDED = (reading(5, 2000), stop(10, 2000), status(10, "Finishing"))


def test_a_pause_after_the_end_is_told_by_its_first_state_from_the_end_on() -> None:
    at_the_end = told(reading(5, 2000), stop(10, 2000), status(10, "Faulted"))[0]
    assert at_the_end == [BlockingPaused(at=after(10), reason="Faulted")]
    before = told(reading(5, 2000), stop(10, 2000), report(after(9.9), "Faulted", heard=after(12)))[0]
    assert [type(event) for event in before] == [PlugObserved, EndReconciled]
    away = NoteConnection(at=after(13), connected=False)
    faulted = status(12, "Faulted")
    assert told(*ENDED, faulted, away)[0] == [observed(13, "Disconnected", None)]
    assert told(*ENDED, away, status(14, "Faulted"))[0] == [observed(14, "Faulted", 14)]


def test_a_pause_after_the_end_is_over_once_all_that_interrupts_is_over() -> None:
    away, back = (NoteConnection(at=after(at), connected=at == 15) for at in (13, 15))
    faulted = status(12, "Faulted")
    assert told(*ENDED, faulted, away, back)[0] == [observed(15, "Connected", None)]
    assert told(*ENDED, faulted, away, status(14, "Finishing"))[0] == [observed(14, "Finishing", 14)]
    assert told(*ENDED, faulted, status(16, "SuspendedEVSE"))[0] == [observed(16, "SuspendedEVSE", 16)]
    assert told(*ENDED, faulted, status(16, "Finishing"))[0] == [
        BlockingResumed(at=after(16), next_due_at=after(29))
    ]


FREED = (*ENDED, status(30, "Available"))


def test_after_a_stop_a_free_plug_s_later_states_are_of_the_next_car() -> None:
    assert told(*FREED, status(30, "Charging"))[0] == []
    earlier = told(*FREED, report(after(30) - TICK, "Charging", heard=after(31)))[0]
    assert isinstance(earlier[0], PlugObserved)
    # The next car came before what was seen last, which is hence its own.
    assert told(*FREED, FreeConnector(at=after(30)))[0] != []
    assert told(*FREED, FreeConnector(at=after(30) + TICK))[0] == []


def test_without_a_stop_what_a_free_plug_says_later_is_kept() -> None:
    presumed = (reading(5, 2000), status(8, "Available"), ReachDeadline(at=after(18)))
    decided, state = told(*presumed, status(20, "Charging"))
    assert isinstance(decided[0], PlugObserved)
    assert isinstance(state, Closed)
