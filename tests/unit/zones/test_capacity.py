"""What a zone can use, and what cars are taken to want."""

from datetime import UTC, datetime, time, timedelta

import pytest
from msgspec.structs import replace

from eosvolt.domain.load_balancing.demand import Draw, Taking, draw, taken_ma, taking, tolerated_ma, wanted_ma
from eosvolt.domain.load_balancing.situation import BalancedPlug, CarSession, surely_on_lines
from eosvolt.domain.zones.capacity import NOTHING, capacity_ma, rest_ma, smallest_usable_ma
from eosvolt.domain.zones.decider import Zone
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import (
    CapacityWindow,
    Lines,
    MeterReading,
    PlugWiring,
    SiteMeter,
    ZoneCharger,
    ZoneSettings,
)
from tests.examples import COMPANY, MORNING

SETTINGS = ZoneSettings(name="Garage", capacity_w=3_600_000, time_zone="Europe/Berlin", buffer_percent=10)
METERED = replace(
    SETTINGS, capacity_w=69_000, buffer_percent=0, site_meter=SiteMeter.EXTERNAL, worst_case_w=20_700
)


def test_the_buffer_is_kept_back() -> None:
    # 3600 kW with 10 % are 3240 kW.
    assert capacity_ma(SETTINGS, MORNING) == (4_695_651,) * 3
    assert 4_695_651 * 690 // 1000 == 3_239_999


def test_a_line_has_no_more_than_its_own_capacity() -> None:
    bounded = replace(SETTINGS, capacity_w=69_000, buffer_percent=0, capacity_ma=(63_000, 125_000, 80_000))
    assert capacity_ma(bounded, MORNING) == (63_000, 100_000, 80_000)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 3, 28, 21, 30, tzinfo=UTC), 10_000),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), 10_000),
        # The clocks went forward at 01:00 UTC: 04:00 is one hour earlier now.
        (datetime(2026, 3, 29, 1, 59, tzinfo=UTC), 10_000),
        (datetime(2026, 3, 29, 2, 0, tzinfo=UTC), 100_000),
        (datetime(2026, 3, 28, 3, 0, tzinfo=UTC), 100_000),
    ],
)
def test_a_window_goes_by_the_clock_of_the_zone_through_the_night_and_daylight_saving(
    at: datetime, expected: int
) -> None:
    night = CapacityWindow(since=time(22), until=time(4), capacity_w=6_900)
    settings = replace(SETTINGS, capacity_w=69_000, buffer_percent=0, schedule=(night,))
    assert capacity_ma(settings, at) == (expected,) * 3
    assert smallest_usable_ma(settings) == (10_000,) * 3


def test_the_building_has_a_fixed_share_or_what_is_measured() -> None:
    fixed = replace(SETTINGS, unmanaged_w=6_900)
    assert rest_ma(fixed, None, NOTHING, MORNING) == ((10_000,) * 3, False)
    reading = MeterReading(at=MORNING, power_w=20_000, current_ma=(20_000, 30_000, 40_000))
    drawn: Lines = (16_000, 16_000, 50_000)
    assert rest_ma(METERED, reading, drawn, MORNING) == ((4_000, 14_000, 0), False)
    beside = replace(METERED, meter_includes_chargers=False)
    assert rest_ma(beside, reading, drawn, MORNING) == ((20_000, 30_000, 40_000), False)


def test_what_the_building_feeds_in_is_no_capacity() -> None:
    beside = replace(METERED, meter_includes_chargers=False)
    reading = MeterReading(at=MORNING, power_w=-9_000, current_ma=(-20_000, 1_000, -20_000))
    assert rest_ma(beside, reading, NOTHING, MORNING) == ((0, 1_000, 0), False)
    assert rest_ma(beside, replace(reading, current_ma=None), NOTHING, MORNING) == ((0, 0, 0), False)


def test_a_meter_without_currents_counts_the_same_on_each_line() -> None:
    reading = MeterReading(at=MORNING, power_w=6_900)
    assert rest_ma(METERED, reading, NOTHING, MORNING) == ((10_000,) * 3, False)


def test_a_silent_meter_counts_with_the_worst_case() -> None:
    reading = MeterReading(at=MORNING, power_w=0)
    minute = timedelta(seconds=60)
    assert rest_ma(METERED, reading, NOTHING, MORNING + minute) == ((0,) * 3, False)
    assert rest_ma(METERED, reading, NOTHING, MORNING + minute + timedelta(seconds=1)) == (
        (30_000,) * 3,
        True,
    )
    assert rest_ma(METERED, None, NOTHING, MORNING) == ((30_000,) * 3, True)


def test_the_largest_fallback_fits_on_every_line_of_every_zone() -> None:
    one = PlugWiring(plug=1, phases=1, rotation=(1,))
    three = PlugWiring(plug=2, phases=3, rotation=(1, 2, 3))
    unknown = PlugWiring(plug=3, phases=1)
    charger = ZoneCharger(charge_point="242/CP-1", plugs=(one, three, unknown))
    settings = replace(SETTINGS, capacity_w=34_500, buffer_percent=0)
    zone = Zone(zone="z", company=COMPANY, settings=settings, chargers={charger.charge_point: charger})
    # 50 A on L1 for three plugs.
    assert ZoneTree("z", {"z": zone}).largest_fallback_ma() == 16_600


@pytest.mark.parametrize(
    ("rotation", "phases", "power_w", "current_ma", "expected"),
    [
        ((2, 3, 1), 3, 11_040, 16_000, (16_000, 16_000, 16_000)),
        ((2, 3, 1), 3, 3_680, 16_000, (0, 16_000, 0)),
        ((2, 3, 1), 3, 7_360, 16_000, (0, 16_000, 16_000)),
        ((), 3, 11_040, 16_000, (16_000, 16_000, 16_000)),
        ((), 3, 3_680, 16_000, (0, 0, 0)),
        ((), 1, 3_680, 16_000, (0, 0, 0)),
        ((3,), 1, 3_680, 16_000, (0, 0, 16_000)),
        # Of the power alone, a third may be on each line, or all on one.
        ((1, 2, 3), 3, 6_900, None, (10_000, 0, 0)),
    ],
)
def test_only_what_a_car_surely_draws_on_a_line_is_taken_off(
    rotation: tuple[int, ...], phases: int, power_w: int, current_ma: int | None, expected: Lines
) -> None:
    wiring = PlugWiring(plug=1, phases=phases, rotation=rotation)
    seen = draw(MORNING, power_w, current_ma, phases)
    plug = BalancedPlug(wiring, CarSession("s1", 1, MORNING), seen)
    assert surely_on_lines(plug, MORNING) == expected
    assert surely_on_lines(plug, MORNING + timedelta(minutes=3)) == (0, 0, 0)


def test_a_measurement_that_is_missing_is_not_0() -> None:
    assert draw(MORNING, None, None, 3) is None
    assert draw(MORNING, 6_900, None, 3) == Draw(MORNING, 10_000, 30_000, 6_900)


def test_a_session_that_leaves_a_part_of_its_share_wants_little_more_than_it_takes() -> None:
    began = taking(None, "s1", Draw(MORNING, 8_000, 8_000), 16_000)
    later = MORNING + timedelta(minutes=5)
    part = taking(began, "s1", Draw(later, 8_050, 8_050), 16_000)
    assert part == Taking("s1", MORNING, 8_050)
    assert taken_ma(part, "s1", MORNING + timedelta(minutes=9)) is None
    assert taken_ma(part, "s1", MORNING + timedelta(minutes=10)) == 8_050
    assert wanted_ma(8_050, 6_000, 32_000) == 9_100
    assert wanted_ma(8_050, 6_000, 8_000) == 8_000
    assert wanted_ma(0, 6_000, 32_000) == 6_000
    assert wanted_ma(None, 6_000, 32_000) == 32_000
    asks = taking(part, "s1", Draw(later, 15_600, 15_600), 16_000)
    assert taken_ma(asks, "s1", later + timedelta(minutes=9)) is None


def test_measurements_may_be_off_by_a_little() -> None:
    assert tolerated_ma(0) == 500
    assert tolerated_ma(32_000) == 33_920
