"""Each event of a session says all that its readers need: every field, by hand."""

from datetime import timedelta

from msgspec.structs import replace

from eosvolt.domain.charge_points.reports import ConnectorStatus, RankedReading
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    EndCharging,
    KeepOrphanStop,
    ReachDeadline,
)
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import (
    BillCorrected,
    ChargingEnded,
    EnergyMetered,
    IdleDetected,
    OrphanStopKept,
    SessionReading,
    StopConflicted,
)
from eosvolt.domain.sessions.plug_events import EvSuspended
from eosvolt.domain.sessions.registers import RegisterFinding
from eosvolt.domain.tokens.events import Authorization
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TOKEN, after
from tests.unit.sessions.bills import (
    ENDED,
    NUMBER,
    PLACE,
    PLUG,
    START,
    STARTED,
    STOP,
    bill_of_energy,
    ended,
    given,
    readings,
    started,
    status,
)

# The register says 60 kWh after half an hour; the plug delivers 11.
HELD = ended(
    at=after(30),
    received_at=after(31),
    energy_wh=11_000,
    meter_stop_wh=61_000,
    reason="Local",
    bill=bill_of_energy(after(30), "11.000", 1320, 1109),
    fee_due_at=after(45),
    held_wh=49_000,
    note="",
)


def test_a_start_is_kept_as_it_was_told() -> None:
    told = started(group="FLEET", remote_command="command-7", flags=("adopted",), metered=False)
    start = replace(
        START,
        group="FLEET",
        remote_command="command-7",
        flags=("adopted",),
        metered=False,
        answer=Authorization.BLOCKED,
    )
    given().when(start).then(told)


def test_a_stop_and_its_readings_are_kept_until_their_start_is_told() -> None:
    reading = RankedReading(
        at=after(10),
        register_wh=1900,
        power_w=7400,
        current_a=16.5,
        voltage_v=231.5,
        soc_percent=54.5,
        rank=1,
        registers=((2, 1901),),
    )
    kept = SessionReading(
        at=after(10),
        energy_wh=0,
        register_wh=1900,
        power_w=7400,
        current_a=16.5,
        voltage_v=231.5,
        soc_percent=54.5,
        rank=1,
        registers=((2, 1901),),
    )
    told = KeepOrphanStop(
        number=NUMBER,
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        time_zone="Europe/Berlin",
        currency="EUR",
        transaction=4711,
        token=TOKEN,
        at=after(20),
        received_at=after(20.5),
        meter_stop_wh=3000,
        reason="Remote",
        readings=(reading,),
    )
    orphan = OrphanStopKept(
        number=NUMBER,
        company=COMPANY,
        location=LOCATION,
        charge_point=CHARGE_BOX_ID,
        time_zone="Europe/Berlin",
        currency="EUR",
        transaction=4711,
        token=TOKEN,
        at=after(20),
        received_at=after(20.5),
        meter_stop_wh=3000,
        reason="Remote",
        readings=(kept,),
    )
    understood = replace(kept, energy_wh=900)
    metered = EnergyMetered(plug=PLUG, received_at=after(20.5), readings=(understood,))
    given().when(told).then(orphan).when(START).then(STARTED, metered, ended(note=""))


def test_an_end_says_its_bill_and_when_the_first_fee_is_due() -> None:
    given(STARTED).when(STOP).then(ENDED)


def test_an_end_says_what_it_holds_back_and_why() -> None:
    stop = EndCharging(at=after(30), received_at=after(31), reason="Local", meter_stop_wh=61_000)
    held = replace(HELD, findings=(RegisterFinding(after(30), "abovePower", 60_000),))
    consent = BillHeldEnergy(at=after(90), note="The plug has 120 kW.")
    billed = BillCorrected(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(30),
        at=after(90),
        cause="heldEnergyBilled",
        energy_wh=60_000,
        bill=bill_of_energy(after(30), "60.000", 7200, 6050),
        previous=held.bill,
        previous_energy_wh=11_000,
        note="The plug has 120 kW.",
    )
    given(STARTED).when(stop).then(held).when(consent).then(billed)


def test_of_what_is_held_back_a_part_may_be_billed() -> None:
    state = sessions.fold([STARTED, replace(HELD, fee_due_at=None)], sessions.initial)
    (part,) = sessions.decide(BillHeldEnergy(at=after(90), note="", wh=9000), state)
    assert isinstance(part, BillCorrected)
    assert (part.energy_wh, part.held_wh, part.bill.total.gross.minor) == (20_000, 40_000, 2400)
    (most,) = sessions.decide(BillHeldEnergy(at=after(90), note="", wh=90_000), state)
    assert isinstance(most, BillCorrected)
    assert (most.energy_wh, most.held_wh) == (60_000, 0)


def test_readings_after_the_end_correct_a_bill_from_the_one_before() -> None:
    stop = EndCharging(at=after(120), received_at=after(120.5), reason="Local", meter_stop_wh=9000)
    state = sessions.fold([STARTED], sessions.initial)
    (stopped,) = sessions.decide(stop, state)
    assert isinstance(stopped, ChargingEnded)
    metered, corrected = sessions.decide(readings(30, 9000, 130), sessions.fold([stopped], state))
    understood = SessionReading(at=after(30), energy_wh=8000, register_wh=9000)
    assert metered == EnergyMetered(plug=PLUG, received_at=after(130), readings=(understood,), late=True)
    assert corrected == BillCorrected(
        place=PLACE,
        token=TOKEN,
        started_at=MORNING,
        ended_at=after(120),
        at=after(130),
        cause="lateReadings",
        energy_wh=8000,
        bill=bill_of_energy(after(60), "8.000", 960, 807),
        previous=stopped.bill,
        previous_energy_wh=8000,
    )


def test_a_second_stop_is_kept_as_it_was_told() -> None:
    second = EndCharging(at=after(21), received_at=after(22), reason="Other", meter_stop_wh=3500)
    conflict = StopConflicted(at=after(21), received_at=after(22), meter_stop_wh=3500, reason="Other")
    given(STARTED, ENDED).when(second).then(conflict)


def test_idling_says_since_when_and_ends_charging_as_of_the_instant_at_which_it_was_full() -> None:
    metered = EnergyMetered(
        plug=PLUG,
        received_at=after(4.5),
        readings=(SessionReading(at=after(4), energy_wh=2000, register_wh=3000),),
    )
    suspended = EvSuspended(at=after(5), plug=PLUG, idle_at=after(20))
    idled = ended(received_at=after(20), meter_stop_wh=None, reason="Idle", provisional=True, note="")
    rule = given(STARTED).when(readings(4, 3000, 4.5)).then(metered)
    rule.when(status(5, ConnectorStatus.SUSPENDED_EV)).then(suspended)
    rule.when(ReachDeadline(at=after(20))).then(IdleDetected(at=after(20), since=after(5)), idled)


def test_idling_of_a_charger_whose_clock_is_ahead_was_heard_when_it_happened() -> None:
    ahead = timedelta(hours=2)
    start = started(at=MORNING + ahead, received_at=MORNING)
    suspended = EvSuspended(at=after(5) + ahead, plug=PLUG, idle_at=after(20) + ahead)
    state = sessions.fold([start, suspended], sessions.initial)
    idle, idled = sessions.decide(ReachDeadline(at=after(20)), state)
    assert idle == IdleDetected(at=after(20) + ahead, since=after(5) + ahead)
    assert isinstance(idled, ChargingEnded)
    assert (idled.at, idled.received_at) == (after(20) + ahead, after(20))
