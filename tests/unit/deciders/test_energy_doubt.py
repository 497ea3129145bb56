"""Chargers whose register is a thousand times too small or too large for the power beside it."""

from datetime import timedelta

import pytest

from eosvolt.domain.charge_points.energy_doubt import EnergyDoubt, EnergyWatch, watched
from eosvolt.domain.charge_points.reports import Reading
from tests.examples import MORNING


def told(minutes: int, wh_per_unit: float, power_w: int = 11_000, every: float = 1.0) -> EnergyWatch:
    """A plug that delivers ``power_w`` steadily and tells its register in units of ``wh_per_unit``."""
    watch = EnergyWatch()
    for step in range(round(minutes / every) + 1):
        register = round(1_000_000 + power_w * step * every / 60 / wh_per_unit)
        at = MORNING + timedelta(minutes=step * every)
        watch = watched(watch, Reading(at=at, register_wh=register, power_w=power_w))
    return watch


@pytest.mark.parametrize(
    ("wh_per_unit", "doubt"),
    [
        (1, EnergyDoubt.NONE),
        (1000, EnergyDoubt.THOUSANDTH),  # OpenEVSE #703
        (0.001, EnergyDoubt.THOUSANDFOLD),
    ],
)
@pytest.mark.parametrize(("power_w", "every"), [(3_700, 1), (11_000, 0.5), (22_000, 5), (150_000, 1)])
def test_a_register_in_another_unit_shows_beside_its_power(
    wh_per_unit: float, doubt: EnergyDoubt, power_w: int, every: float
) -> None:
    assert told(180, wh_per_unit, power_w, every).doubt is doubt


def test_two_comparisons_are_not_enough() -> None:
    assert told(24, 1000, 11_000).doubt is EnergyDoubt.NONE


def test_a_doubt_ends_when_the_figures_fit_again() -> None:
    watch = told(60, 1000)
    assert watch.doubt is EnergyDoubt.THOUSANDTH
    for minute in range(61, 121):
        at = MORNING + timedelta(minutes=minute)
        watch = watched(watch, Reading(at=at, register_wh=2_000_000 + minute * 183, power_w=11_000))
    assert watch.doubt is EnergyDoubt.NONE


@pytest.mark.parametrize("power_w", [0, 5])
def test_a_car_that_takes_nothing_raises_no_doubt(power_w: int) -> None:
    assert told(600, 1, power_w).doubt is EnergyDoubt.NONE


def test_a_register_that_stands_still_or_falls_is_another_matter() -> None:
    watch = EnergyWatch()
    for minute in range(60):
        at = MORNING + timedelta(minutes=minute)
        watch = watched(watch, Reading(at=at, register_wh=5000 - minute % 2, power_w=11_000))
    assert watch.doubt is EnergyDoubt.NONE


def test_readings_far_apart_or_in_disorder_are_not_compared() -> None:
    watch = EnergyWatch()
    for hour in (0, 1, 3, 2, 4, 5):
        at = MORNING + timedelta(hours=hour)
        watch = watched(watch, Reading(at=at, register_wh=11 * hour, power_w=11_000))
    assert watch.doubt is EnergyDoubt.NONE
