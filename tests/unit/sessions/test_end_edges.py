"""When a session's end moves, holds or is taken back: the values on both sides of each border."""

import pytest
from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.commands import (
    EndCharging,
    FreeConnector,
    NoteConnection,
    NoteReboot,
    ReachDeadline,
    SessionCommand,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    EndReconciled,
    EndWithdrawn,
    StopConflicted,
)
from eosvolt.domain.sessions.observations import GOES_ON, Observation
from eosvolt.domain.sessions.plug_events import PlugObserved
from eosvolt.domain.sessions.state import Blocking, Charging
from tests.examples import MORNING, TOKEN, after
from tests.unit.sessions.bills import (
    NUMBER,
    PLACE,
    bill_of_energy,
    status,
)
from tests.unit.sessions.decisions import BY_HAND, late, moved, reading, stop, told


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


def withdrawn(*commands: SessionCommand) -> list[EndWithdrawn]:
    return [event for event in told(*commands)[0] if isinstance(event, EndWithdrawn)]


def test_only_later_readings_of_its_transaction_withdraw_a_presumed_end() -> None:
    presumed = (reading(5, 2000), NoteReboot(at=after(6)), ReachDeadline(at=after(11)))
    (going_on,) = withdrawn(*presumed, reading(12, 2000))
    assert (going_on.at, going_on.received_at) == (after(12), after(12))
    assert withdrawn(*presumed, reading(5, 2100)) == []
    for transaction in (None, NUMBER + 1):
        assert withdrawn(*presumed, replace(reading(12, 2100), transaction=transaction)) == []
    assert withdrawn(*IDLED, reading(25, 2100)) == []
    assert withdrawn(reading(10, 2000), BY_HAND, reading(45, 2100)) == []


def test_a_presumed_end_of_a_car_that_left_is_withdrawn_where_it_still_draws() -> None:
    left = (reading(5, 2000), status(8, ConnectorStatus.AVAILABLE), ReachDeadline(at=after(18)))
    assert withdrawn(*left, reading(25, 2000)) == []
    (drawing,) = withdrawn(*left, reading(25, 2100))
    assert (drawing.at, drawing.previous_ended_at) == (after(25), after(8))
    _, state = told(*left, reading(25, 2100))
    assert isinstance(state, Charging)
    assert state.timeline[-1] == Observation(after(25), "Charging")


@pytest.mark.parametrize(
    ("seen", "register", "sign"),
    [
        (ConnectorStatus.CHARGING, 2100, "Charging"),
        (ConnectorStatus.CHARGING, 2000, GOES_ON),
        # A suspended or broken plug may have told of these readings before it was.
        (ConnectorStatus.SUSPENDED_EV, 2100, GOES_ON),
        (ConnectorStatus.FAULTED, 2100, GOES_ON),
    ],
)
def test_readings_after_a_boot_show_that_a_car_charges_unless_its_plug_rests(
    seen: ConnectorStatus, register: int, sign: str
) -> None:
    booted = (reading(5, 2000), status(6, seen), NoteReboot(at=after(7)))
    for before in (booted, (*booted, ReachDeadline(at=after(12)))):
        _, state = told(*before, reading(13, register))
        assert isinstance(state, Charging)
        assert state.timeline[-1] == Observation(after(13), sign)
        assert state.presume_ended_at is None


def test_a_fault_after_the_readings_of_a_boot_does_not_keep_them_from_showing_that_a_car_charges() -> None:
    booted = (reading(5, 2000), NoteReboot(at=after(7)), status(14, ConnectorStatus.FAULTED))
    _, state = told(*booted, reading(13, 2100))
    assert isinstance(state, Charging)
    assert Observation(after(13), "Charging") in state.timeline
