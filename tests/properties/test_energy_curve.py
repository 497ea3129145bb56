"""What holds for meter readings however many, late, doubled or contradictory they are."""

from datetime import datetime
from itertools import pairwise
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.tariffs.energy import EnergyCurve, Reading
from eosvolt.domain.tariffs.rating import rate
from eosvolt.domain.tariffs.tariff import Strategy, Tariff, price_periods
from tests.properties.pricing import charges, confused_charges, curve, instants, tariffs


@given(charges(), st.randoms(use_true_random=False))
def test_readings_that_agree_give_one_curve_in_any_order(readings: list[Reading], chance: Random) -> None:
    shuffled = [*readings, *readings[::2]]
    chance.shuffle(shuffled)
    assert curve(shuffled).readings == tuple(readings)


@given(confused_charges())
def test_a_curve_never_falls_and_has_one_reading_for_an_instant(readings: list[Reading]) -> None:
    known = curve(readings).readings
    assert set(known) <= set(readings)
    assert all(before.at < after.at and before.wh <= after.wh for before, after in pairwise(known))


@given(confused_charges())
def test_hearing_everything_again_changes_nothing(readings: list[Reading]) -> None:
    known = curve(readings)
    for reading in known.readings:
        assert known.add(reading) is known


@given(confused_charges(), st.lists(instants, min_size=3, max_size=3))
def test_energy_adds_up_over_time(readings: list[Reading], moments: list[datetime]) -> None:
    known = curve(readings)
    first, middle, last = sorted(moments)
    parts = known.energy_between(first, middle) + known.energy_between(middle, last)
    assert parts == known.energy_between(first, last)
    assert 0 <= parts <= known.wh


@given(tariffs(Strategy.PER_KWH), confused_charges(), st.lists(st.booleans(), min_size=26, max_size=26))
def test_thinning_at_any_time_changes_no_price(
    tariff: Tariff, readings: list[Reading], thin: list[bool]
) -> None:
    whole = thinned = EnergyCurve()
    for reading, now in zip(readings, thin, strict=False):
        whole = whole.add(reading)
        thinned = thinned.add(reading)
        if now:
            thinned = thinned.thinned(tariff)
    since, until = whole.readings[0].at, whole.readings[-1].at
    assert rate(tariff, since, until, thinned) == rate(tariff, since, until, whole)
    assert set(thinned.thinned(tariff).readings) <= set(readings)


@given(tariffs(), confused_charges())
def test_a_thinned_curve_has_two_readings_for_a_period_at_most(
    tariff: Tariff, readings: list[Reading]
) -> None:
    known = curve(readings).thinned(tariff)
    for period in price_periods(tariff, readings[0].at, max(reading.at for reading in readings)):
        assert sum(period.since <= reading.at < period.until for reading in known.readings) <= 2
    assert known.thinned(tariff).readings == known.readings


@given(tariffs(), charges())
def test_thinning_as_readings_come_keeps_what_thinning_once_does(
    tariff: Tariff, readings: list[Reading]
) -> None:
    at_each = EnergyCurve()
    for reading in readings:
        at_each = at_each.add(reading).thinned(tariff)
    assert at_each.readings == curve(readings).thinned(tariff).readings


@given(tariffs(), charges())
def test_a_curve_survives_being_stored(tariff: Tariff, readings: list[Reading]) -> None:
    known = curve(readings).thinned(tariff)
    assert msgspec.json.decode(msgspec.json.encode(known), type=EnergyCurve) == known
