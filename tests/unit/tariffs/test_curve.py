"""Meter readings in any order, and what may be forgotten of them."""

from datetime import datetime, timedelta
from fractions import Fraction

import msgspec

from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint

NOON = datetime.fromisoformat("2026-11-21T11:00Z")


def reading(minutes: float, wh: int) -> EnergyPoint:
    return EnergyPoint(NOON + timedelta(minutes=minutes), wh)


def curve(*readings: EnergyPoint) -> EnergyCurve:
    known = EnergyCurve()
    for one in readings:
        known = known.add(one)
    return known


def test_an_empty_curve_delivered_nothing() -> None:
    assert EnergyCurve().wh == 0
    assert EnergyCurve().energy_between(NOON, NOON + timedelta(hours=1)) == 0


def test_readings_are_kept_in_time_order_however_they_arrive() -> None:
    first, second, third = reading(0, 0), reading(10, 500), reading(20, 900)
    assert curve(third, first, second).readings == (first, second, third)
    assert curve(first, third, second).readings == (first, second, third)
    assert curve(third, first, second).wh == 900


def test_a_reading_received_twice_changes_nothing() -> None:
    known = curve(reading(0, 0), reading(10, 500), reading(20, 900))
    for again in known.readings:
        assert known.add(again) is known


def test_of_two_readings_for_one_instant_the_higher_counts() -> None:
    expected = (reading(0, 0), reading(10, 500))
    assert curve(reading(0, 0), reading(10, 499), reading(10, 500)).readings == expected
    assert curve(reading(0, 0), reading(10, 500), reading(10, 499)).readings == expected


def test_a_reading_that_contradicts_what_is_known_is_dropped() -> None:
    known = curve(reading(0, 0), reading(10, 500), reading(20, 900))
    assert known.add(reading(30, 899)) is known
    assert known.add(reading(5, 501)) is known
    assert known.add(reading(15, 499)) is known
    assert known.add(reading(15, 901)) is known
    assert known.add(reading(10, 901)) is known


def test_a_meter_that_stands_still_contradicts_nothing() -> None:
    assert len(curve(reading(0, 0), reading(10, 0), reading(20, 0)).readings) == 3


def test_energy_is_spread_evenly_between_readings() -> None:
    known = curve(reading(0, 0), reading(30, 1000), reading(40, 1600))
    assert known.energy_between(NOON, NOON + timedelta(minutes=10)) == Fraction(1000, 3)
    assert (
        known.energy_between(NOON + timedelta(minutes=20), NOON + timedelta(minutes=35))
        == Fraction(1000, 3) + 300
    )
    assert known.energy_between(NOON, NOON + timedelta(minutes=40)) == 1600


def test_nothing_is_delivered_before_the_first_or_after_the_last_reading() -> None:
    known = curve(reading(0, 0), reading(30, 1000))
    assert known.energy_between(NOON - timedelta(hours=2), NOON) == 0
    assert known.energy_between(NOON + timedelta(minutes=30), NOON + timedelta(hours=2)) == 0
    assert known.energy_between(NOON - timedelta(hours=2), NOON + timedelta(hours=2)) == 1000


def test_energy_of_a_first_reading_above_zero_is_not_lost() -> None:
    known = curve(reading(0, 70), reading(30, 1000))
    assert known.energy_between(NOON, NOON + timedelta(minutes=30)) == 1000
    assert known.energy_between(NOON - timedelta(minutes=1), NOON) == 0


def test_no_time_has_no_energy() -> None:
    known = curve(reading(0, 70), reading(30, 1000))
    assert known.energy_between(NOON, NOON) == 0
    assert known.energy_between(NOON + timedelta(minutes=20), NOON) == 0


def test_energy_is_not_spread_over_time_in_which_the_car_took_none() -> None:
    quarter = timedelta(minutes=15)
    known = EnergyCurve((reading(0, 0), reading(60, 900)), ((NOON + quarter, NOON + 2 * quarter),))
    assert known.energy_between(NOON, NOON + quarter) == 300
    assert known.energy_between(NOON + quarter, NOON + 2 * quarter) == 0
    assert known.energy_between(NOON + 2 * quarter, NOON + 4 * quarter) == 600


def test_energy_that_came_although_the_car_was_reported_to_take_none_is_spread_over_all_of_the_time() -> None:
    hour = timedelta(hours=1)
    known = EnergyCurve((reading(0, 0), reading(60, 900)), ((NOON - hour, NOON + 2 * hour),))
    assert known.energy_between(NOON, NOON + hour / 3) == 300


def test_what_is_read_after_the_end_was_delivered_before_it() -> None:
    known = curve(reading(0, 0), reading(30, 1000), reading(90, 1300)).ended(NOON + timedelta(minutes=40))
    assert known.readings == (reading(0, 0), reading(30, 1000), reading(40, 1300))
    assert known.ended(NOON + timedelta(minutes=50)) == known


def test_a_curve_is_stored_and_goes_on_as_it_was() -> None:
    known = curve(reading(0, 0), reading(10, 100), reading(20, 200))
    restored = msgspec.json.decode(msgspec.json.encode(known), type=EnergyCurve)
    assert restored == known
    assert restored.add(reading(30, 300)) == known.add(reading(30, 300))
