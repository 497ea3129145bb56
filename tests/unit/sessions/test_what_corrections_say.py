"""Each event that moves or takes back an end, a bill or a fee says all that its readers need, by hand."""

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.sessions.commands import (
    EndCharging,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    EnergyMetered,
    SessionEvent,
    SessionReading,
)
from eosvolt.domain.sessions.observations import GOES_ON, Observation
from eosvolt.domain.sessions.plug_events import ChargerRebooted, EvSuspended, PlugObserved
from tests.examples import MORNING, TOKEN, after
from tests.unit.sessions.bills import (
    ENDED,
    NOTHING,
    PLACE,
    PLUG,
    STARTED,
    STOP,
    bill_of_energy,
    ended,
    fee,
    given,
    readings,
    status,
)

PRESUMED = ended(
    at=after(4),
    received_at=after(15),
    energy_wh=1000,
    meter_stop_wh=None,
    reason="NoStop",
    bill=bill_of_energy(after(4), "1.000", 120, 101),
    provisional=True,
    fee_due_at=None,
    note="",
)
METERED = EnergyMetered(
    plug=PLUG,
    received_at=after(4.5),
    readings=(SessionReading(at=after(4), energy_wh=1000, register_wh=2000),),
)
REBOOTED = ChargerRebooted(at=after(10), presume_ended_at=after(15))


def test_without_a_sign_of_life_after_a_boot_charging_ended_with_the_last_reading() -> None:
    rule = given(STARTED, METERED).when(NoteReboot(at=after(10))).then(REBOOTED)
    rule.when(ReachDeadline(at=after(15))).then(PRESUMED)


def test_a_stop_that_replaces_a_presumed_end_says_both() -> None:
    reconciled = EndReconciled(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(20),
        previous_ended_at=after(4),
        at=after(20),
        received_at=after(20.5),
        energy_wh=2000,
        meter_stop_wh=3000,
        reason="Remote",
        bill=bill_of_energy(after(20), "2.000", 240, 202),
        previous=PRESUMED.bill,
        previous_energy_wh=1000,
        fee_due_at=after(35),
    )
    given(STARTED, METERED, REBOOTED, PRESUMED).when(STOP).then(reconciled)


def test_a_stop_after_an_end_by_idling_leaves_the_end_and_says_its_own_reason() -> None:
    idled = EvSuspended(at=after(1), plug=PLUG, idle_at=after(16))
    end = ended(
        at=after(16),
        received_at=after(16),
        energy_wh=0,
        meter_stop_wh=None,
        reason="Idle",
        bill=NOTHING,
        provisional=True,
        fee_due_at=after(31),
        note="",
    )
    reconciled = EndReconciled(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(16),
        previous_ended_at=after(16),
        at=after(20),
        received_at=after(20.5),
        energy_wh=2000,
        meter_stop_wh=3000,
        reason="Idle",
        bill=bill_of_energy(after(16), "2.000", 240, 202),
        previous=NOTHING,
        previous_energy_wh=0,
        fee_due_at=after(31),
        stop_reason="Remote",
    )
    given(STARTED, idled, end).when(STOP).then(reconciled)


def test_a_state_that_is_told_late_moves_a_told_end_to_the_idling_before_it() -> None:
    stop = EndCharging(at=after(40), received_at=after(40.5), reason="Remote", meter_stop_wh=3000)
    end = ended(
        at=after(40),
        received_at=after(40.5),
        bill=bill_of_energy(after(40), "2.000", 240, 202),
        fee_due_at=after(55),
        note="",
    )
    late = NoteConnector(status=ConnectorStatus.SUSPENDED_EV, at=after(10), received_at=after(42))
    seen = PlugObserved(
        at=after(10),
        plug=PLUG,
        observations=(Observation(after(10), "SuspendedEV", after(42)),),
        fee_due_at=after(55),
    )
    reconciled = EndReconciled(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(25),
        previous_ended_at=after(40),
        at=after(40),
        received_at=after(40.5),
        energy_wh=2000,
        meter_stop_wh=3000,
        reason="Idle",
        bill=bill_of_energy(after(25), "2.000", 240, 202),
        previous=end.bill,
        previous_energy_wh=2000,
        fee_due_at=after(40),
        stop_reason="Remote",
    )
    given(STARTED).when(stop).then(end).when(late).then(seen, reconciled)


def test_a_presumed_end_is_withdrawn_with_each_fee_and_its_bill() -> None:
    """Of an end that is known only later the fees count from the first sign that the plug was taken."""
    finishing = PlugObserved(
        at=after(16),
        plug=PLUG,
        observations=(Observation(after(16), "Finishing", after(16)),),
        fee_due_at=after(31),
    )
    charged = BlockingFeeCharged(
        place=PLACE, number=1, at=after(31), line=fee(after(4), after(31)), next_due_at=after(46)
    )
    credited = BlockingFeeCredited(place=PLACE, number=1, at=after(35), line=charged.line)
    seen = PlugObserved(
        at=after(35), plug=PLUG, observations=(Observation(after(35), GOES_ON),), fee_due_at=after(46)
    )
    withdrawn = EndWithdrawn(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        at=after(35),
        received_at=after(35.5),
        previous_ended_at=after(4),
        previous=PRESUMED.bill,
        previous_energy_wh=1000,
    )
    metered = EnergyMetered(
        plug=PLUG,
        received_at=after(35.5),
        readings=(SessionReading(at=after(35), energy_wh=1000, register_wh=2000),),
    )
    rule = given(STARTED, METERED, REBOOTED, PRESUMED)
    rule.when(status(16, ConnectorStatus.FINISHING)).then(finishing)
    rule.when(ReachDeadline(at=after(31))).then(charged)
    rule.when(readings(35, 2000, 35.5)).then(seen, credited, withdrawn, metered)


def test_a_withdrawn_end_says_when_the_car_will_have_idled() -> None:
    suspended = EvSuspended(at=after(6), plug=PLUG, idle_at=after(21))
    events: list[SessionEvent] = [STARTED, METERED, suspended, REBOOTED, PRESUMED]
    decided = sessions.decide(readings(18, 2000, 18), sessions.fold(events, sessions.initial))
    (withdrawn,) = [event for event in decided if isinstance(event, EndWithdrawn)]
    assert (withdrawn.idle_at, withdrawn.presume_ended_at) == (after(21), None)


def test_a_fee_is_charged_for_each_quarter_of_an_hour_until_the_plug_is_free() -> None:
    first = BlockingFeeCharged(
        place=PLACE, number=1, at=after(35), line=fee(after(20), after(35)), next_due_at=after(50)
    )
    second = BlockingFeeCharged(
        place=PLACE, number=2, at=after(50), line=fee(after(35), after(50)), next_due_at=after(65)
    )
    rule = given(STARTED, ENDED).when(ReachDeadline(at=after(50))).then(first, second)
    seen = PlugObserved(
        at=after(40),
        plug=PLUG,
        observations=(Observation(after(40), "Available", after(55)),),
        fee_due_at=after(65),
    )
    free = NoteConnector(status=ConnectorStatus.AVAILABLE, at=after(40), received_at=after(55))
    credited = BlockingFeeCredited(place=PLACE, number=2, at=after(40), line=second.line)
    rule.when(free).then(seen, credited, ConnectorFreed(place=PLACE, at=after(40), numbered=True))
