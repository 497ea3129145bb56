"""What is billed of what is learnt after the end: the values on both sides of each border."""

from datetime import timedelta
from decimal import Decimal

from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus, Reading
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    EndCharging,
    FreeConnector,
    MeterEnergy,
    NoteReboot,
    ReachDeadline,
)
from eosvolt.domain.sessions.events import (
    BillCorrected,
    ChargingEnded,
    ClockOffsetChanged,
    EndReconciled,
    EnergyMetered,
    SessionReading,
    StopConflicted,
)
from eosvolt.domain.sessions.registers import RegisterFinding
from eosvolt.domain.sessions.state import Blocking, Closed
from tests.examples import MORNING, after
from tests.unit.sessions.bills import (
    NUMBER,
    PLACE,
    status,
)
from tests.unit.sessions.decisions import BY_HAND, late, moved, reading, stop, told

TICK = timedelta(microseconds=1)


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
