"""Meter readings in any order, and what may be forgotten of them."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec

from eosvolt.domain.tariffs.energy import EnergyCurve, Reading
from eosvolt.domain.tariffs.rating import rate
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, Window

NOON = datetime.fromisoformat("2026-11-21T11:00Z")
PLAIN = Tariff("EUR", Strategy.PER_KWH, Decimal("0.50"), Decimal("0.19"), "Europe/Berlin")
BY_THE_HOUR = msgspec.structs.replace(
    PLAIN, windows=tuple(Window(hour * 60, hour * 60 + 60, Decimal(hour)) for hour in range(24))
)


def reading(minutes: float, wh: int) -> Reading:
    return Reading(NOON + timedelta(minutes=minutes), wh)


def curve(*readings: Reading) -> EnergyCurve:
    known = EnergyCurve()
    for one in readings:
        known = known.add(one)
    return known


def test_an_empty_curve_delivered_nothing() -> None:
    assert EnergyCurve().wh == 0
    assert EnergyCurve().energy_between(NOON, NOON + timedelta(hours=1)) == 0
    assert EnergyCurve().thinned(PLAIN) == EnergyCurve()


def test_readings_are_kept_in_time_order_however_they_arrive() -> None:
    first, second, third = reading(0, 0), reading(10, 500), reading(20, 900)
    assert curve(third, first, second).readings == (first, second, third)
    assert curve(first, third, second).readings == (first, second, third)
    assert curve(third, first, second).wh == 900


def test_a_reading_heard_twice_changes_nothing() -> None:
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


def test_within_one_price_only_the_first_and_the_last_reading_are_kept() -> None:
    known = curve(*(reading(minute, minute * 10) for minute in range(600)))
    assert known.thinned(PLAIN).readings == (reading(0, 0), reading(599, 5990))


def test_readings_on_both_sides_of_a_boundary_are_kept() -> None:
    known = curve(*(reading(minute, minute * 10) for minute in (0, 20, 50, 55, 70, 80, 90, 130)))
    kept = [one.wh // 10 for one in known.thinned(BY_THE_HOUR).readings]
    assert kept == [0, 55, 70, 90, 130]


def test_thinning_at_each_reading_keeps_what_thinning_at_the_end_does() -> None:
    known = thinned = EnergyCurve()
    for minute in range(0, 300, 5):
        known = known.add(reading(minute, minute * minute))
        thinned = thinned.add(reading(minute, minute * minute)).thinned(BY_THE_HOUR)
    assert thinned.readings == known.thinned(BY_THE_HOUR).readings
    assert len(thinned.readings) == 10


def test_thinning_again_changes_nothing() -> None:
    thinned = curve(*(reading(minute, minute * 10) for minute in range(200))).thinned(BY_THE_HOUR)
    assert thinned.thinned(BY_THE_HOUR) is thinned


def test_a_late_reading_for_a_thinned_stretch_changes_no_price() -> None:
    known = curve(*(reading(minute, minute * 10) for minute in range(0, 180, 10)))
    late = reading(25, 260)
    since, until = NOON, NOON + timedelta(hours=3)
    assert rate(BY_THE_HOUR, since, until, known.thinned(BY_THE_HOUR).add(late)) == rate(
        BY_THE_HOUR, since, until, known.add(late)
    )


def test_a_late_reading_beside_a_boundary_counts_after_thinning_too() -> None:
    known = curve(reading(0, 0), reading(30, 300), reading(50, 500), reading(70, 700), reading(100, 1000))
    late = reading(59, 690)
    since, until = NOON, NOON + timedelta(minutes=100)
    with_late = rate(BY_THE_HOUR, since, until, known.thinned(BY_THE_HOUR).add(late).thinned(BY_THE_HOUR))
    assert with_late == rate(BY_THE_HOUR, since, until, known.add(late))
    assert with_late != rate(BY_THE_HOUR, since, until, known)
    assert known.thinned(BY_THE_HOUR).add(late).thinned(BY_THE_HOUR).readings[1] == late


def test_a_curve_is_stored_and_goes_on_as_it_was() -> None:
    known = curve(reading(0, 0), reading(10, 100), reading(20, 200)).thinned(BY_THE_HOUR)
    restored = msgspec.json.decode(msgspec.json.encode(known), type=EnergyCurve)
    assert restored == known
    assert restored.add(reading(30, 300)).thinned(BY_THE_HOUR) == known.add(reading(30, 300)).thinned(
        BY_THE_HOUR
    )
