"""Chargers whose register is a thousand times too small or too large for the power beside it."""

from datetime import timedelta

import pytest

from eosvolt.domain.charge_points.meter_unit_check import MeterUnitCheck, MeterUnitVerdict, checked
from eosvolt.domain.charge_points.reports import Reading
from tests.examples import MORNING


def check_after(
    minutes: int, wh_per_unit: float, power_w: int = 11_000, every: float = 1.0
) -> MeterUnitCheck:
    """A plug that delivers ``power_w`` steadily and tells its register in units of ``wh_per_unit``."""
    check = MeterUnitCheck()
    for step in range(round(minutes / every) + 1):
        register = round(1_000_000 + power_w * step * every / 60 / wh_per_unit)
        at = MORNING + timedelta(minutes=step * every)
        check = checked(check, Reading(at=at, register_wh=register, power_w=power_w))
    return check


@pytest.mark.parametrize(
    ("wh_per_unit", "verdict"),
    [
        (1, MeterUnitVerdict.NONE),
        (1000, MeterUnitVerdict.THOUSANDTH),  # OpenEVSE #703
        (0.001, MeterUnitVerdict.THOUSANDFOLD),
    ],
)
@pytest.mark.parametrize(("power_w", "every"), [(3_700, 1), (11_000, 0.5), (22_000, 5), (150_000, 1)])
def test_a_register_in_another_unit_shows_beside_its_power(
    wh_per_unit: float, verdict: MeterUnitVerdict, power_w: int, every: float
) -> None:
    assert check_after(180, wh_per_unit, power_w, every).verdict is verdict


def test_two_comparisons_are_not_enough() -> None:
    assert check_after(24, 1000, 11_000).verdict is MeterUnitVerdict.NONE


def test_a_doubt_ends_when_the_figures_fit_again() -> None:
    check = check_after(60, 1000)
    assert check.verdict is MeterUnitVerdict.THOUSANDTH
    for minute in range(61, 121):
        at = MORNING + timedelta(minutes=minute)
        check = checked(check, Reading(at=at, register_wh=2_000_000 + minute * 183, power_w=11_000))
    assert check.verdict is MeterUnitVerdict.NONE


@pytest.mark.parametrize("power_w", [0, 5])
def test_a_car_that_takes_nothing_raises_no_doubt(power_w: int) -> None:
    assert check_after(600, 1, power_w).verdict is MeterUnitVerdict.NONE


def test_a_register_that_stands_still_or_falls_is_another_matter() -> None:
    check = MeterUnitCheck()
    for minute in range(60):
        at = MORNING + timedelta(minutes=minute)
        check = checked(check, Reading(at=at, register_wh=5000 - minute % 2, power_w=11_000))
    assert check.verdict is MeterUnitVerdict.NONE


def test_readings_far_apart_or_in_disorder_are_not_compared() -> None:
    check = MeterUnitCheck()
    for hour in (0, 1, 3, 2, 4, 5):
        at = MORNING + timedelta(hours=hour)
        check = checked(check, Reading(at=at, register_wh=11 * hour, power_w=11_000))
    assert check.verdict is MeterUnitVerdict.NONE
