"""What new readings of a session say: which are news, late or of another car, and when energy flows."""

import pytest

from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN, RankedReading, Reading
from eosvolt.domain.kernel import Event
from eosvolt.domain.sessions.commands import MeterEnergy
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import EnergyMetered, SessionReading
from eosvolt.domain.sessions.metering import SessionMeter
from eosvolt.domain.sessions.plug_events import CableRemoved, ChargingResumed, EvSuspended
from eosvolt.domain.sessions.readings import read, session_reading
from eosvolt.domain.sessions.state import Charging, Session
from tests.examples import MORNING, after
from tests.unit.sessions.bills import PLACE, STARTED

PLUG = PLACE.plug
SUSPENDED = EvSuspended(at=after(5), plug=PLUG, idle_at=after(20))


def at(minutes: float, register: int | None, rank: int = 0) -> Reading:
    if rank:
        return RankedReading(at=after(minutes), register_wh=register, rank=rank)
    return Reading(at=after(minutes), register_wh=register)


def kept(minutes: float, register: int | None, energy: int) -> SessionReading:
    return SessionReading(at=after(minutes), energy_wh=energy, register_wh=register)


def told_of(*readings: Reading, timed: bool = True) -> MeterEnergy:
    return MeterEnergy(received_at=after(18), readings=readings, timed=timed)


def after_events(*events: Event) -> Session:
    return sessions.fold([STARTED, *events], sessions.initial)  # type: ignore[list-item] # of a session


def after_reading(*readings: Reading) -> Charging:
    """Each of them told by a message of its own."""
    state = after_events()
    for reading in readings:
        state = sessions.fold(sessions.decide(told_of(reading), state), state)
    assert isinstance(state, Charging)
    return state


def metered(*readings: SessionReading, late: bool = False) -> EnergyMetered:
    return EnergyMetered(plug=PLUG, received_at=after(18), readings=readings, late=late)


def test_a_reading_is_kept_and_read_again_with_all_that_was_measured() -> None:
    reading = RankedReading(
        at=after(1),
        register_wh=1500,
        power_w=7400,
        current_a=16.5,
        voltage_v=231.5,
        soc_percent=54.5,
        rank=2,
        registers=((1, 1501),),
    )
    assert read(session_reading(reading)) == reading
    increment = RankedReading(at=after(1), interval_wh=40)
    assert read(session_reading(increment)) == increment
    # Where there is a register, energy since the reading before says nothing more.
    assert session_reading(Reading(at=after(1), register_wh=1500, interval_wh=40)).interval_wh is None


def test_readings_from_the_start_on_are_the_session_s() -> None:
    state = after_events()
    assert list(sessions.decide(told_of(at(-0.001, 1000)), state)) == []
    assert list(sessions.decide(told_of(at(0, 1200)), state)) == [metered(kept(0, 1200, 200))]
    # The register of the start, read again.
    assert list(sessions.decide(told_of(at(0, 1000)), state)) == []
    assert list(sessions.decide(told_of(at(0, None)), state)) == []


def test_readings_of_one_message_are_news_or_late_by_their_own_time() -> None:
    state = after_reading(at(5, 1500))
    decided = sessions.decide(told_of(at(10, 2000), at(4, 1400), at(12, 2200), at(5, 1500)), state)
    assert list(decided) == [
        metered(kept(10, 2000, 1000), kept(12, 2200, 1200)),
        metered(kept(4, 1400, 400), late=True),
    ]


def test_another_register_of_the_same_instant_is_late_and_the_same_is_no_news() -> None:
    state = after_reading(at(5, 1500))
    assert list(sessions.decide(told_of(at(5, 1500)), state)) == []
    (late,) = sessions.decide(told_of(at(5, 1600)), state)
    assert isinstance(late, EnergyMetered)
    assert late.late


def test_readings_up_to_the_leaving_of_the_car_are_its_own() -> None:
    gone = CableRemoved(at=after(10), plug=PLUG, presume_ended_at=after(20))
    state = after_events(gone)
    assert list(sessions.decide(told_of(at(10, 1500)), state)) == [metered(kept(10, 1500, 500))]
    assert list(sessions.decide(told_of(at(10.001, 1500)), state)) == []


def test_of_readings_without_a_time_a_lower_one_is_out_of_order() -> None:
    state = after_reading(at(5, 1500))
    assert list(sessions.decide(told_of(at(10, 1499), timed=False), state)) == []
    assert list(sessions.decide(told_of(at(10, 1500), timed=False), state)) == [metered(kept(10, 1500, 500))]
    power = Reading(at=after(10), power_w=7000)
    (kept_power,) = sessions.decide(told_of(power, timed=False), state)
    assert isinstance(kept_power, EnergyMetered)
    (first,) = sessions.decide(told_of(at(10, 900), timed=False), after_events())
    assert isinstance(first, EnergyMetered)


def test_the_meter_remembers_the_last_register_that_went_on_and_when() -> None:
    assert after_events().meter == SessionMeter(1000, 1000, MORNING, MORNING)  # type: ignore[union-attr] # charging
    assert after_reading(at(5, 1500)).meter == SessionMeter(1000, 1500, after(5), after(5), sampled=True)
    odd = after_reading(at(5, 1500), at(6, 2**32 - 1))
    assert odd.meter == SessionMeter(1000, 1500, after(6), after(5), sampled=True)
    first = after_reading(at(6, 2**32 - 1))
    assert first.meter == SessionMeter(1000, 1000, after(6), MORNING, sampled=True)
    power = after_reading(at(5, 1500), at(6, None))
    assert (power.meter.last_wh, power.meter.last_at) == (1500, after(6))
    begin = after_reading(at(5, 1000, RANK_OF_BEGIN))
    assert begin.meter == SessionMeter(1000, 1000, after(5), MORNING)


@pytest.mark.parametrize(
    ("since", "until", "gained", "flows"),
    [
        # 500 W for six minutes are 50 Wh; more than that is a car that charges.
        (6, 12, 50, False),
        (6, 12, 51, True),
        # A register's step may mislead within ten seconds.
        (6, 6 + 10 / 60, 40, True),
        (6, 6 + 9 / 60, 40, False),
        # What was drawn before the car was suspended says nothing.
        (5, 11, 200, True),
        (4.9, 11, 200, False),
    ],
)
def test_a_car_that_draws_more_than_500_watts_is_not_suspended(
    since: float, until: float, gained: int, *, flows: bool
) -> None:
    events = [metered(kept(since, 1500, 500))] if since < 5 else []
    state = after_events(*events, SUSPENDED)
    if since >= 5:
        state = sessions.fold(sessions.decide(told_of(at(since, 1500)), state), state)
    decided = sessions.decide(told_of(at(until, 1500 + gained)), state)
    resumed = [event for event in decided if isinstance(event, ChargingResumed)]
    assert resumed == ([ChargingResumed(at=after(until), plug=PLUG)] if flows else [])


def test_a_late_reading_says_what_had_been_drawn_by_then() -> None:
    state = after_reading(at(4, 1400), at(8, 1800))
    decided = sessions.decide(told_of(at(6, 1550)), state)
    assert list(decided) == [metered(kept(6, 1550, 550), late=True)]


@pytest.mark.parametrize(
    "readings",
    [
        (at(10, 1500), at(11, 99_000_000)),
        (at(10, 1500), at(11, None)),
        (at(10, 1500), at(11, 99_000_000), at(12, None)),
    ],
)
def test_the_register_is_at_the_last_plausible_value_however_many_a_message_has(
    readings: tuple[Reading, ...],
) -> None:
    state = after_events()
    together = sessions.fold(sessions.decide(told_of(*readings), state), state)
    assert isinstance(together, Charging)
    assert together.meter == after_reading(*readings).meter
    assert (together.meter.last_wh, together.meter.register_at) == (1500, after(10))
