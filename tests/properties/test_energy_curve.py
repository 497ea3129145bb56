"""What holds for meter readings however many, late, doubled or contradictory they are."""

from datetime import datetime
from itertools import pairwise
from random import Random

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.tariffs.energy import EnergyCurve, EnergyPoint
from tests.properties.pricing import charges, confused_charges, curve, instants


@given(charges(), st.randoms(use_true_random=False))
def test_readings_that_agree_give_one_curve_in_any_order(readings: list[EnergyPoint], rng: Random) -> None:
    shuffled = [*readings, *readings[::2]]
    rng.shuffle(shuffled)
    assert curve(shuffled).readings == tuple(readings)


@given(confused_charges())
def test_a_curve_never_falls_and_has_one_reading_for_an_instant(readings: list[EnergyPoint]) -> None:
    known = curve(readings).readings
    assert set(known) <= set(readings)
    assert all(before.at < after.at and before.wh <= after.wh for before, after in pairwise(known))


@given(confused_charges())
def test_hearing_everything_again_changes_nothing(readings: list[EnergyPoint]) -> None:
    known = curve(readings)
    for reading in known.readings:
        assert known.add(reading) is known


@given(confused_charges(), st.lists(instants, min_size=3, max_size=3))
def test_energy_adds_up_over_time(readings: list[EnergyPoint], moments: list[datetime]) -> None:
    known = curve(readings)
    first, middle, last = sorted(moments)
    parts = known.energy_between(first, middle) + known.energy_between(middle, last)
    assert parts == known.energy_between(first, last)
    assert 0 <= parts <= known.wh


@given(charges())
def test_a_curve_survives_being_stored(readings: list[EnergyPoint]) -> None:
    known = curve(readings)
    assert msgspec.json.decode(msgspec.json.encode(known), type=EnergyCurve) == known
