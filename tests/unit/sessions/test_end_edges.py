"""When a session's end moves, holds or is taken back: the values on both sides of each border."""

from datetime import timedelta

import pytest

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    BillCorrected,
    ClockOffsetChanged,
    EndReconciled,
    EndWithdrawn,
    EnergyMetered,
    SessionEvent,
    StopConflicted,
)
from eosvolt.domain.sessions.plug_events import PlugObserved
from eosvolt.domain.sessions.state import Blocking, Closed, Session
from tests.examples import MORNING, TOKEN, after
from tests.unit.sessions.bills import (
    NUMBER,
    PLACE,
    STARTED,
    bill_of_energy,
    readings,
    status,
)

TICK = timedelta(microseconds=1)
# An operator ends the session, of which nobody told a stop.
BY_HAND = EndCharging(at=after(40), received_at=after(40.5), reason="Operator", provisional=True)


def reading(minutes: float, register: int, received: float | None = None) -> MeterEnergy:
    """Register values of this transaction, received at once unless told otherwise."""
    return readings(minutes, register, minutes if received is None else received)


def stop(minutes: float, register: int | None, received: float | None = None) -> EndCharging:
    return EndCharging(
        at=after(minutes),
        received_at=after(minutes if received is None else received),
        reason="Local",
        meter_stop_wh=register,
        told=True,
    )


def late(minutes: float, what: ConnectorStatus, received: float) -> NoteConnector:
    return NoteConnector(status=what, at=after(minutes), received_at=after(received))


def told(*commands: SessionCommand, events: tuple[SessionEvent, ...] = ()) -> tuple[list[Event], Session]:
    """What the last of these decides, and the session after it."""
    state: Session = sessions.fold([STARTED, *events], sessions.initial)
    decided: list[SessionEvent] = []
    for command in commands:
        decided = list(sessions.decide(command, state))
        state = sessions.fold(decided, state)
    return list(decided), state


def moved(*commands: SessionCommand) -> EndReconciled:
    """The one event with which the last of these moves the end."""
    (event,) = [event for event in told(*commands)[0] if isinstance(event, EndReconciled)]
    return event


def test_a_stop_of_a_clock_that_was_set_back_may_have_been_as_late_as_it_was_heard() -> None:
    """40 kWh need nearly two hours: more than the 62 minutes of its date, less than until it was heard."""
    set_back = ClockOffsetChanged(at=after(50), clock_offset_s=-5280, clock_s=0)
    stopped = stop(62, 41_000, received=150)
    decided, state = told(stopped, reading(59, 11_000, received=160), events=(set_back,))
    (corrected,) = [event for event in decided if isinstance(event, BillCorrected)]
    assert (corrected.energy_wh, corrected.held_wh, corrected.previous_energy_wh) == (40_000, 0, 40_000)
    assert isinstance(state, Blocking)
    assert state.end.heard_at == after(150)


def lost(minutes: float) -> NoteConnection:
    return NoteConnection(at=after(minutes), connected=False)


SUSPENDED_LATE = late(12, ConnectorStatus.SUSPENDED_EV, 50)


def test_an_idling_that_is_full_when_the_charger_stopped_leaves_the_stop_s_reason() -> None:
    suspended = late(5, ConnectorStatus.SUSPENDED_EV, 25)
    at_once = moved(reading(4, 2000), stop(20, 3000), suspended)
    assert (at_once.ended_at, at_once.reason, at_once.stop_reason) == (after(20), "Local", "")
    before = moved(reading(4, 2000), stop(20.1, 3000), suspended)
    assert (before.ended_at, before.reason, before.stop_reason) == (after(20), "Idle", "Local")


def test_an_end_without_a_stop_moves_to_an_idling_once_the_plug_is_known_up_to_it() -> None:
    known = moved(reading(10, 2000), lost(27), BY_HAND, SUSPENDED_LATE)
    assert (known.ended_at, known.reason, known.stop_reason) == (after(27), "Idle", "")
    # The charger may yet tell that its car charged again.
    unknown = moved(reading(10, 2000), BY_HAND, SUSPENDED_LATE)
    assert (unknown.ended_at, unknown.reason) == (after(40), "Operator")


def test_an_end_without_a_stop_at_the_instant_of_idling_keeps_its_reason() -> None:
    by_hand = EndCharging(at=after(27), received_at=after(27), reason="Operator", provisional=True)
    same = moved(reading(10, 2000), lost(27), by_hand, SUSPENDED_LATE)
    assert (same.ended_at, same.reason) == (after(27), "Operator")


def test_an_end_without_a_stop_that_moves_says_when_it_was_heard_and_that_it_is_provisional() -> None:
    back = NoteConnection(at=after(33), connected=True)
    observed, event = told(reading(10, 2000), lost(30), back, BY_HAND, SUSPENDED_LATE)[0]
    assert isinstance(observed, PlugObserved)
    assert event == EndReconciled(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(27),
        previous_ended_at=after(40),
        at=after(27),
        received_at=after(40.5),
        energy_wh=1000,
        meter_stop_wh=None,
        reason="Idle",
        bill=bill_of_energy(after(27), "1.000", 120, 101),
        previous=bill_of_energy(after(40), "1.000", 120, 101),
        previous_energy_wh=1000,
        fee_due_at=after(45),
        provisional=True,
    )


def test_an_end_that_stays_where_it_is_moves_only_where_its_pauses_change() -> None:
    ended = (reading(10, 2000), stop(20, 3000))
    assert moved(*ended, late(12, ConnectorStatus.SUSPENDED_EVSE, 25)).ended_at == after(20)
    unchanged, _ = told(*ended, late(12, ConnectorStatus.CHARGING, 25))
    assert [type(event) for event in unchanged] == [PlugObserved]


IDLED = (reading(4, 2000), status(5, ConnectorStatus.SUSPENDED_EV), ReachDeadline(at=after(20)))


def test_a_car_that_did_not_idle_after_all_goes_on_charging_from_when_that_is_known() -> None:
    (observed, withdrawn), state = told(*IDLED, late(15, ConnectorStatus.CHARGING, 25))
    assert isinstance(observed, PlugObserved)
    assert withdrawn == EndWithdrawn(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        at=after(15),
        received_at=after(15),
        previous_ended_at=after(20),
        previous=bill_of_energy(after(20), "1.000", 120, 101),
        previous_energy_wh=1000,
    )
    assert list(sessions.decide(ReachDeadline(at=after(60)), state)) == []


def test_a_car_that_did_not_idle_charged_until_the_next_car_came() -> None:
    superseded = moved(*IDLED, FreeConnector(at=after(30)), late(15, ConnectorStatus.CHARGING, 40))
    assert superseded == EndReconciled(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(30),
        previous_ended_at=after(20),
        at=after(30),
        received_at=after(20),
        energy_wh=1000,
        meter_stop_wh=None,
        reason="Superseded",
        bill=bill_of_energy(after(30), "1.000", 120, 101),
        previous=bill_of_energy(after(20), "1.000", 120, 101),
        previous_energy_wh=1000,
        provisional=True,
    )


def test_a_stop_at_the_instant_at_which_its_car_was_found_idle_leaves_that_reason() -> None:
    at_once = moved(*IDLED, stop(20, 3000))
    assert (at_once.ended_at, at_once.reason, at_once.stop_reason) == (after(20), "Idle", "Local")
    before = moved(*IDLED, stop(19.9, 3000))
    assert (before.ended_at, before.reason, before.stop_reason) == (after(19.9), "Local", "")


@pytest.mark.parametrize("ended", [(stop(20, 3000),), (BY_HAND,)])
def test_a_stop_without_a_register_after_the_end_decides_nothing(ended: tuple[EndCharging, ...]) -> None:
    assert told(reading(10, 2000), *ended, stop(15, None))[0] == []


def test_of_two_ends_without_a_stop_the_first_holds() -> None:
    new_car = EndCharging(
        at=after(30), received_at=after(45), reason="Superseded", meter_stop_wh=3000, provisional=True
    )
    assert told(reading(10, 2000), BY_HAND, new_car)[0] == []


def test_an_end_that_moves_after_the_plug_was_free_has_no_next_fee() -> None:
    presumed = (reading(5, 2000), NoteReboot(at=after(6)), ReachDeadline(at=after(11)))
    taken = moved(*presumed, stop(20, 3000))
    assert taken.fee_due_at == after(35)
    free = moved(*presumed, status(30, ConnectorStatus.AVAILABLE), stop(20, 3000))
    assert free.fee_due_at is None


def test_readings_from_the_start_on_are_the_session_s_after_its_end_too() -> None:
    ended = (stop(20, 3000),)
    assert told(*ended, reading(0, 1200, received=25))[0] != []
    before = MeterEnergy(
        received_at=after(25), readings=(Reading(at=MORNING - TICK, register_wh=1200),), transaction=NUMBER
    )
    assert told(*ended, before)[0] == []


def test_without_a_stop_what_is_metered_until_the_plug_was_free_is_the_session_s() -> None:
    free = (reading(10, 2000), BY_HAND, FreeConnector(at=after(50)))
    within, state = told(*free, reading(50, 3000, received=60))
    assert isinstance(state, Closed)
    (corrected,) = [event for event in within if isinstance(event, BillCorrected)]
    assert (corrected.energy_wh, corrected.previous_energy_wh) == (2000, 1000)
    beyond, _ = told(*free, reading(50.1, 3000, received=60))
    assert [type(event) for event in beyond] == [EnergyMetered]


def test_without_a_stop_nothing_is_the_session_s_that_is_metered_after_its_car_left() -> None:
    """The charger says that the plug was free at minute 20, and the next car comes at minute 30."""
    left = (reading(10, 2000), status(20, ConnectorStatus.AVAILABLE), ReachDeadline(at=after(30)))
    next_car = (FreeConnector(at=after(40)),)
    beyond, _ = told(*left, *next_car, reading(25, 3000, received=60))
    assert not [event for event in beyond if isinstance(event, BillCorrected)]
    within, _ = told(*left, *next_car, reading(20, 2500, received=60))
    (corrected,) = [event for event in within if isinstance(event, BillCorrected)]
    assert corrected.energy_wh == 1500


def test_a_bill_that_an_operator_consented_to_is_not_corrected_by_readings() -> None:
    held = (stop(30, 61_000),)
    consent = BillHeldEnergy(at=after(90), note="The plug has 120 kW.", wh=9000)
    between = reading(25, 6000, received=100)
    (metered,), state = told(*held, consent, between)
    assert isinstance(metered, EnergyMetered)
    assert isinstance(state, Blocking)
    assert (state.end.energy_wh, state.end.held_wh, state.end.consented) == (20_000, 40_000, True)


def test_where_nothing_is_held_back_there_is_nothing_to_consent_to() -> None:
    assert told(stop(30, 3000), BillHeldEnergy(at=after(90), note=""))[0] == []


def test_another_stop_is_kept_once_for_each_time_and_register() -> None:
    ended = (stop(20, 3000), stop(21, 3500))
    assert told(*ended, stop(21, 3500, received=30))[0] == []
    for other in (stop(22, 3500), stop(21, 3600)):
        (conflict,), state = told(*ended, other)
        assert isinstance(conflict, StopConflicted)
        assert isinstance(state, Blocking)
        assert state.conflicts == ((after(21), 3500), (other.at, other.meter_stop_wh))
    assert told(*ended, stop(22, 3000))[0] == []


def test_a_presumed_end_is_not_withdrawn_once_the_next_car_came() -> None:
    presumed = (reading(5, 2000), NoteReboot(at=after(6)), ReachDeadline(at=after(11)))
    going_on, _ = told(*presumed, reading(35, 2100))
    assert [type(event) for event in going_on if isinstance(event, EndWithdrawn)] == [EndWithdrawn]
    followed, _ = told(*presumed, FreeConnector(at=after(30)), reading(35, 2100))
    assert not [event for event in followed if isinstance(event, EndWithdrawn)]
