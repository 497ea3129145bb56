"""When a session's end moves, holds or is taken back: the values on both sides of each border."""

from datetime import timedelta
from decimal import Decimal

import pytest
from msgspec.structs import replace

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
    ChargingEnded,
    ClockOffsetChanged,
    EndReconciled,
    EndWithdrawn,
    EnergyMetered,
    SessionEvent,
    SessionReading,
    StopConflicted,
)
from eosvolt.domain.sessions.plug_events import PlugObserved
from eosvolt.domain.sessions.registers import RegisterFinding
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


def test_a_stop_of_such_a_clock_that_replaces_an_end_may_have_been_as_late_too() -> None:
    set_back = ClockOffsetChanged(at=after(50), clock_offset_s=-5280, clock_s=0)
    decided, _ = told(BY_HAND, stop(62, 41_000, received=150), events=(set_back,))
    (reconciled,) = [event for event in decided if isinstance(event, EndReconciled)]
    assert (reconciled.energy_wh, reconciled.held_wh) == (40_000, 0)


def lost(minutes: float) -> NoteConnection:
    return NoteConnection(at=after(minutes), connected=False)


def back(minutes: float) -> NoteConnection:
    return NoteConnection(at=after(minutes), connected=True)


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
    observed, event = told(reading(10, 2000), lost(30), back(33), BY_HAND, SUSPENDED_LATE)[0]
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


def test_a_car_that_is_suspended_after_its_end_moves_no_end() -> None:
    decided, _ = told(reading(10, 2000), stop(20, 3000), status(25, ConnectorStatus.SUSPENDED_EV))
    assert not [event for event in decided if isinstance(event, EndReconciled)]


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


def test_an_idling_that_a_lost_connection_delays_moves_the_end_to_when_it_was_full() -> None:
    stopped = (*IDLED, stop(30, 3000))
    away = moved(*stopped, lost(10))
    assert (away.ended_at, away.reason) == (after(30), "Local")
    later = moved(*stopped, lost(10), back(12))
    assert (later.ended_at, later.reason, later.stop_reason) == (after(22), "Idle", "Local")


def test_an_end_that_is_withdrawn_after_a_boot_says_when_it_will_be_presumed() -> None:
    suspended = (reading(4, 2000), status(5, ConnectorStatus.SUSPENDED_EV))
    booted = (*suspended, NoteReboot(at=after(18)), ReachDeadline(at=after(20)))
    decided, _ = told(*booted, late(15, ConnectorStatus.CHARGING, 21))
    (withdrawn,) = [event for event in decided if isinstance(event, EndWithdrawn)]
    assert (withdrawn.idle_at, withdrawn.presume_ended_at) == (None, after(23))


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


def with_readings(told: EndCharging, *samples: tuple[float, int]) -> EndCharging:
    """The stop with its transaction's register values by minute."""
    inside = tuple(Reading(at=after(minutes), register_wh=register) for minutes, register in samples)
    return replace(told, readings=inside)


def test_the_readings_of_a_stop_that_replaces_an_end_are_late_and_decide_its_prices() -> None:
    """The price falls from 1.20 to 0.50 an hour after the start."""
    presumed = (reading(5, 2000), NoteReboot(at=after(6)), ReachDeadline(at=after(11)))
    (metered, event), _ = told(*presumed, with_readings(stop(120, 9000, received=130), (60, 8000)))
    assert metered == EnergyMetered(
        plug=PLACE.plug,
        received_at=after(130),
        readings=(SessionReading(at=after(60), energy_wh=7000, register_wh=8000),),
        late=True,
    )
    assert isinstance(event, EndReconciled)
    assert [(line.quantity, line.gross.minor) for line in event.bill.lines] == [
        (Decimal("7.000"), 840),
        (Decimal("1.000"), 50),
    ]


def test_the_readings_of_a_stop_that_replaces_none_are_kept_as_late_ones() -> None:
    other = with_readings(stop(21, 3500, received=30), (15, 2600))
    (metered, conflict), _ = told(reading(10, 2000), stop(20, 3000), other)
    assert isinstance(metered, EnergyMetered)
    assert (metered.received_at, metered.late) == (after(30), True)
    assert isinstance(conflict, StopConflicted)


def test_what_was_metered_after_the_car_left_is_not_billed_at_a_presumed_end() -> None:
    """The charger tells only after the reading that its plug was free."""
    gone = late(20, ConnectorStatus.AVAILABLE, 26)
    (ended, *_), _ = told(reading(10, 2000), reading(25, 2500), gone, ReachDeadline(at=after(36)))
    assert isinstance(ended, ChargingEnded)
    assert (ended.at, ended.energy_wh) == (after(25), 1000)


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


def test_a_reading_beside_others_that_are_not_billed_corrects_nothing() -> None:
    free = (reading(10, 2000), BY_HAND, FreeConnector(at=after(50)), reading(51, 3000, received=60))
    assert [type(event) for event in told(*free, reading(45, 2000, received=61))[0]] == [EnergyMetered]


def test_without_a_stop_nothing_is_the_session_s_that_is_metered_after_its_car_left() -> None:
    """The charger says that the plug was free at minute 20, and the next car comes at minute 30."""
    left = (reading(10, 2000), status(20, ConnectorStatus.AVAILABLE), ReachDeadline(at=after(30)))
    next_car = (FreeConnector(at=after(40)),)
    beyond, _ = told(*left, *next_car, reading(25, 3000, received=60))
    assert not [event for event in beyond if isinstance(event, BillCorrected)]
    within, _ = told(*left, *next_car, reading(20, 2500, received=60))
    (corrected,) = [event for event in within if isinstance(event, BillCorrected)]
    assert corrected.energy_wh == 1500


# A register of 100 kWh after an hour and a half, in which the plug delivers 33.
HELD = stop(90, 101_000)
ABOVE_POWER = (RegisterFinding(after(90), "abovePower", 100_000),)


def test_a_stop_that_replaces_an_end_says_what_it_holds_back_and_why() -> None:
    held = moved(BY_HAND, HELD)
    assert (held.energy_wh, held.held_wh, held.findings) == (33_000, 67_000, ABOVE_POWER)


def test_a_correction_says_what_is_still_held_back_and_why() -> None:
    decided, _ = told(HELD, reading(50, 2000, received=100))
    (corrected,) = [event for event in decided if isinstance(event, BillCorrected)]
    assert (corrected.energy_wh, corrected.held_wh, corrected.findings) == (33_000, 67_000, ABOVE_POWER)


def test_held_energy_is_billed_at_the_prices_of_the_time_up_to_the_stop() -> None:
    """The price falls ten minutes after the last reading, half an hour before the stop."""
    consent = BillHeldEnergy(at=after(200), note="The plug has 120 kW.")
    decided, _ = told(reading(50, 2000), HELD, consent)
    (corrected,) = [event for event in decided if isinstance(event, BillCorrected)]
    assert [line.quantity for line in corrected.bill.lines] == [Decimal("25.750"), Decimal("74.250")]


def test_what_the_stop_of_an_idle_car_shows_may_have_been_drawn_until_the_stop() -> None:
    suspended = (status(70, ConnectorStatus.SUSPENDED_EV), ReachDeadline(at=after(85)), stop(150, 41_000))
    decided, _ = told(*suspended, reading(50, 11_000, received=160))
    (corrected,) = [event for event in decided if isinstance(event, BillCorrected)]
    assert (corrected.ended_at, corrected.energy_wh, corrected.held_wh) == (after(85), 40_000, 0)


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
