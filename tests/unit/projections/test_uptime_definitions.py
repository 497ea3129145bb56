"""Uptime as regulators define it, by worked examples of a year of 525,600 minutes."""

from fractions import Fraction

import pytest

from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.domain.locations.opening_hours import OpeningHours, OpenRange
from eosvolt.projections.uptime_definitions import DEFINITIONS, Excluded, Outage, network
from tests.unit.projections.ports import BEGINS, ENDS, MINUTE, excluded, minute, outage, port, year

YEAR = 525_600
DAY = 1_440
BY_DAY_ONLY = OpeningHours(week=((OpenRange(8 * 60, 20 * 60),),) * 7)


def percent(up: float) -> Fraction:
    return Fraction(int(up), YEAR)


def test_nevi_is_the_year_less_outage_that_is_not_excluded() -> None:
    # (525,600 − (20,000 − 5,000)) ÷ 525,600 = 97.15 %: above the threshold of 97 %.
    one = port(outage(1_000, 20_000), exclusions=(excluded(1_000, 5_000, ExclusionKind.UTILITY),))
    found = year("nevi", one)
    assert (found.outage, found.excluded) == (20_000 * MINUTE, 5_000 * MINUTE)
    assert found.uptime == percent(YEAR - 15_000)
    assert round(float(found.uptime or 0) * 100, 2) == 97.15


@pytest.mark.parametrize("kind", list(ExclusionKind))
def test_nevi_excludes_every_kind_that_an_operator_may_record(kind: ExclusionKind) -> None:
    assert year("nevi", port(outage(0, 100), exclusions=(excluded(0, 100, kind),))).uptime == 1


def test_nevi_counts_a_port_in_use_as_up() -> None:
    assert year("nevi", port(outage(0, 100, "offline", used=True))).uptime == 1
    claimed = port(outage(0, 100, "offline"), claims=((minute(20), minute(50)),))
    assert year("nevi", claimed).uptime == percent(YEAR - 70)


def test_nevi_leaves_planned_maintenance_and_closed_hours_out() -> None:
    assert year("nevi", port(outage(0, 100, "planned"))).uptime == 1
    # A fault of a whole day in UTC, of which twelve hours are opening hours.
    assert year("nevi", port(outage(0, DAY), hours=BY_DAY_ONLY)).uptime == percent(YEAR - 12 * 60)


def test_uk2023_is_the_mean_of_rapid_ports_with_exempt_time_taken_out_of_both_sides() -> None:
    # Two ports: 10,000 minutes down of which 4,000 exempt, and none. Means: 3,000 down, 2,000 exempt.
    # (525,600 − 3,000 − 2,000) ÷ (525,600 − 2,000) = 99.43 %.
    first = port(outage(0, 10_000), exclusions=(excluded(0, 4_000, ExclusionKind.NETWORK),))
    parts = DEFINITIONS["uk2023"].parts
    found = network([(parts(each), BEGINS, ENDS) for each in (first, port())])
    assert found.uptime == Fraction(YEAR - 3_000 - 2_000, YEAR - 2_000)
    assert round(float(found.uptime or 0) * 100, 2) == 99.43


def test_uk2023_looks_at_ports_of_50_kw_and_more_only() -> None:
    assert year("uk2023", port(outage(0, 100), rated_w=49_999)).uptime is None
    assert year("uk2023", port(outage(0, 100), rated_w=50_000)).uptime == percent(YEAR - 100)


def test_uk2023_counts_opening_hours_only() -> None:
    found = year("uk2023", port(hours=BY_DAY_ONLY))
    assert found.counted == YEAR // 2 * MINUTE


def test_uk2023_exempts_neither_planned_maintenance_nor_cars() -> None:
    kinds = (ExclusionKind.MAINTENANCE, ExclusionKind.VEHICLE)
    one = port(
        outage(0, 100),
        outage(200, 100, "planned"),
        exclusions=tuple(excluded(0, 100, each) for each in kinds),
    )
    assert year("uk2023", one).uptime == percent(YEAR - 200)


def test_cec_excludes_72_hours_of_planned_maintenance_a_year_and_counts_the_excess() -> None:
    # 100 hours planned: 28 hours are above 72. (525,600 − 1,680) ÷ 525,600 = 99.68 %.
    one = port(outage(0, 60 * 60, "planned"), outage(100_000, 40 * 60, "planned"))
    found = year("cec", one)
    assert found.down == 28 * 60 * MINUTE
    assert found.excluded == 72 * 60 * MINUTE


def test_cec_allows_planned_maintenance_anew_each_calendar_year() -> None:
    last = YEAR - 80 * 60
    one = port(outage(last, 160 * 60, "planned"), known_until=minute(YEAR + 100_000))
    assert year("cec", one).down == 8 * 60 * MINUTE
    parts = DEFINITIONS["cec"].parts(one)
    assert network([(parts, BEGINS, minute(YEAR + 100_000))]).down == 16 * 60 * MINUTE


def test_cec_excludes_ten_days_of_each_case_of_vandalism() -> None:
    cases = (
        excluded(0, 14 * DAY, ExclusionKind.VANDALISM),
        excluded(100 * DAY, 3 * DAY, ExclusionKind.VANDALISM),
    )
    one = port(outage(0, 14 * DAY), outage(100 * DAY, 3 * DAY), exclusions=cases)
    assert year("cec", one).down == 4 * DAY * MINUTE


@pytest.mark.parametrize("kind", [ExclusionKind.NETWORK, ExclusionKind.VEHICLE])
def test_cec_excludes_neither_networks_nor_cars(kind: ExclusionKind) -> None:
    assert year("cec", port(outage(0, 100), exclusions=(excluded(0, 100, kind),))).down == 100 * MINUTE


@pytest.mark.parametrize("definition", ["nevi", "uk2023", "cec"])
def test_causes_that_overlap_are_subtracted_once(definition: str) -> None:
    both = (
        excluded(0, 80, ExclusionKind.UTILITY),
        excluded(50, 100, ExclusionKind.DISASTER),
        excluded(10, 20, ExclusionKind.VANDALISM),
    )
    found = year(definition, port(outage(0, 200), exclusions=both))
    assert (found.down, found.excluded) == (50 * MINUTE, 150 * MINUTE)


def test_an_exclusion_without_an_outage_improves_nothing() -> None:
    idle = port(outage(1_000, 100), exclusions=(excluded(0, 900, ExclusionKind.UTILITY),))
    assert year("nevi", idle).uptime == percent(YEAR - 100)


def test_raw_excludes_nothing_but_what_was_planned() -> None:
    one = port(
        outage(0, 100, "offline", used=True),
        outage(200, 100, "planned"),
        exclusions=(excluded(0, 100, ExclusionKind.UTILITY),),
    )
    assert year("raw", one).uptime == percent(YEAR - 100)


@pytest.mark.parametrize("definition", list(DEFINITIONS))
def test_what_was_not_observed_is_neither_up_nor_down(definition: str) -> None:
    new = port(outage(YEAR - 200, 100), observed_since=minute(YEAR - 1_000))
    assert year(definition, new).counted == 1_000 * MINUTE
    assert year(definition, port(known_until=BEGINS)).uptime is None
    gone = port(Outage(minute(0), minute(500), "unobserved"), outage(600, 100))
    assert year(definition, gone).counted == (YEAR - 500) * MINUTE


def test_an_exclusion_has_a_kind() -> None:
    assert Excluded(BEGINS, ENDS, ExclusionKind("plannedMaintenance")).kind is ExclusionKind.MAINTENANCE
