"""What a zone's plugs get if all of them charge at once, with and without more chargers."""

from msgspec.structs import replace

from eosvolt.application.zone_what_if import ChargerPlug, new_plugs, what_if
from eosvolt.domain.zones.values import Distribution, Lines, PlugWiring, ZoneSettings

SETTINGS = ZoneSettings(name="Garage", capacity_w=69_000, time_zone="Europe/Berlin")
# 69 kW are 100 A on each line.
USABLE: Lines = (100_000, 100_000, 100_000)
TWO = [ChargerPlug("CP-1", PlugWiring(plug=1)), ChargerPlug("CP-2", PlugWiring(plug=1))]


def test_three_more_chargers_take_from_those_that_are_there() -> None:
    found = what_if(SETTINGS, USABLE, TWO, new_plugs(3, 1, 22_080, 3))
    assert (found.before.charging, found.before.least_w) == (2, 22_080)
    # 20 A each.
    assert (found.after.charging, found.after.least_w, found.after.most_w) == (5, 13_800, 13_800)
    assert (found.new.plugs, found.new.least_w, found.usable_w) == (3, 13_800, 69_000)


def test_where_the_minima_do_not_fit_the_last_ones_wait() -> None:
    found = what_if(SETTINGS, USABLE, TWO, new_plugs(20, 1, 22_080, 3))
    # 16 × 6 A fit into 100 A.
    assert (found.after.charging, found.after.waiting) == (16, 6)
    assert (found.new.charging, found.new.waiting) == (14, 6)


def test_a_minimum_power_lets_fewer_charge_at_once() -> None:
    settings = replace(SETTINGS, minimum_session_w=11_040)
    found = what_if(settings, USABLE, TWO, new_plugs(10, 1, 22_080, 3))
    assert (found.after.charging, found.after.waiting) == (6, 6)


def test_static_shares_are_equal_and_first_come_first_served_is_not() -> None:
    static = replace(SETTINGS, distribution=Distribution.STATIC)
    found = what_if(static, USABLE, TWO, new_plugs(2, 2, 22_080, 3))
    # 25 A for each charger; of the new ones, with two plugs, 12.5 A for each plug.
    assert (found.new.least_w, found.after.most_w) == (8_625, 17_250)
    first = replace(SETTINGS, distribution=Distribution.SEQUENTIAL)
    found = what_if(first, USABLE, TWO, new_plugs(3, 1, 22_080, 3))
    assert (found.after.charging, found.after.waiting, found.after.most_w) == (3, 2, 22_080)


def test_one_phase_plugs_on_known_lines_share_only_these() -> None:
    plugs = [
        ChargerPlug(f"CP-{line}", PlugWiring(plug=1, phases=1, rotation=(line,), max_ma=63_000))
        for line in (1, 2, 3, 1)
    ]
    found = what_if(SETTINGS, USABLE, plugs, [])
    assert (found.before.least_w, found.before.most_w) == (11_500, 14_490)
    assert found.new.plugs == 0


def test_a_fallback_that_would_not_fit_any_more_is_told() -> None:
    settings = replace(SETTINGS, fallback_ma=16_000)
    assert what_if(settings, USABLE, TWO, []).fits
    crowded = what_if(settings, USABLE, TWO, new_plugs(5, 1, 22_080, 3))
    assert (crowded.fits, crowded.fallback_ma) == (False, 14_200)
    assert what_if(SETTINGS, USABLE, TWO, new_plugs(20, 1, 22_080, 3)).fallback_ma == 0


def test_the_fallback_of_each_plug_is_kept_free() -> None:
    settings = replace(SETTINGS, fallback_ma=6_000, minimum_session_w=11_040)
    found = what_if(settings, USABLE, TWO, new_plugs(4, 1, 22_080, 3))
    # Of 100 A 36 A are kept: 10 A more for each that charges lift it to its 16 A.
    assert (found.fits, found.after.charging, found.after.waiting) == (True, 6, 0)
    found = what_if(settings, USABLE, TWO, new_plugs(8, 1, 22_080, 3))
    assert (found.after.charging, found.after.waiting, found.after.least_w) == (4, 6, 11_040)


def test_a_zone_without_chargers_gives_all_to_new_ones() -> None:
    found = what_if(SETTINGS, USABLE, [], new_plugs(1, 1, 11_040, 3))
    assert (found.before.plugs, found.new.least_w) == (0, 11_040)
