"""Time in use, in service and out of order, by the rules of the product."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from eosvolt.domain.charge_points.events import ChargePointChanged, ConnectorSpec
from eosvolt.domain.kernel import Event
from eosvolt.projections.plug_time import DAY, DOWN
from eosvolt.projections.time_sums import TimeSum
from tests.unit.projections.folded_events import at, connected, disconnected, plug, service
from tests.unit.projections.folded_time import added, closed, located, opened, rows_of, sums, whole

MINUTE = 60_000_000
HOUR = 60 * MINUTE


def hour(*events: Event) -> TimeSum:
    """What the hour from noon was made of, of plug 1."""
    return whole(events, at(60))


@pytest.mark.parametrize("status", ["Charging", "SuspendedEV", "SuspendedEVSE", "Finishing"])
def test_a_plug_is_in_use_while_it_says_so(status: str) -> None:
    shown = hour(connected(0), plug(0, status), plug(45, "Available"))
    assert (shown.in_use, shown.occupied) == (45 * MINUTE, 45 * MINUTE)
    assert shown.utilization == Fraction(3, 4)


@pytest.mark.parametrize("status", ["Available", "Reserved", "Unavailable", "Faulted"])
def test_any_other_state_is_use_only_while_a_session_is_open(status: str) -> None:
    assert hour(connected(0), plug(0, status)).in_use == 0
    assert hour(connected(0), plug(0, status), opened(10), closed(40)).in_use == 30 * MINUTE


def test_preparing_occupies_a_plug_without_using_it() -> None:
    shown = hour(connected(0), plug(0, "Preparing"), plug(15, "Charging"), plug(45, "Available"))
    assert (shown.in_use, shown.occupied) == (30 * MINUTE, 45 * MINUTE)
    assert shown.occupancy == Fraction(3, 4)


def test_what_is_planned_to_be_out_of_service_is_no_time_in_service() -> None:
    shown = hour(
        connected(0),
        plug(0, "Charging"),
        service(29, operative=False),
        plug(30, "Unavailable"),
    )
    assert (shown.planned, shown.in_service) == (30 * MINUTE, 30 * MINUTE)
    assert shown.utilization == 1


def test_nothing_was_in_service_before_the_first_contact() -> None:
    assert whole([connected(0), plug(20, "Charging")], at(60)).in_service == 40 * MINUTE
    assert whole([connected(0)], at(60)).utilization is None


def test_a_charger_that_is_away_is_not_in_use_unless_a_session_is_open() -> None:
    away = hour(connected(0), plug(0, "Finishing"), disconnected(20))
    assert (away.in_use, away.offline, away.down_in_use) == (20 * MINUTE, 40 * MINUTE, 0)
    shown = hour(connected(0), opened(0), plug(0, "Charging"), disconnected(20))
    assert (shown.in_use, shown.offline, shown.down_in_use) == (60 * MINUTE, 40 * MINUTE, 40 * MINUTE)


def test_a_short_absence_changes_nothing() -> None:
    shown = hour(connected(0), plug(0, "Finishing"), disconnected(20), connected(21), plug(40, "Available"))
    assert (shown.in_use, shown.offline) == (40 * MINUTE, 0)


def test_a_session_that_ends_within_a_short_absence_ends_the_use() -> None:
    shown = hour(
        connected(0),
        plug(0, "Available"),
        opened(10),
        disconnected(20),
        closed(20.5),
        connected(21),
    )
    assert shown.in_use == 10.5 * MINUTE
    assert shown.offline == 0


def test_a_session_learnt_late_used_the_time_in_which_the_charger_was_away() -> None:
    events = (connected(0), plug(0, "Available"), disconnected(10), connected(50), opened(20), closed(40))
    shown = hour(*events)
    assert (shown.in_use, shown.occupied) == (20 * MINUTE, 20 * MINUTE)
    assert (shown.offline, shown.down_in_use) == (40 * MINUTE, 20 * MINUTE)
    again = hour(*events, opened(20, "2"), closed(45, "2"))
    assert again.in_use == 25 * MINUTE


def test_energy_utilization_is_energy_by_the_rated_power_in_service() -> None:
    shown = whole([added(power_w=11_000), connected(0), plug(0, "Available")], at(120))
    assert shown.energy_utilization(11_000) == Fraction(1, 2)
    assert hour(connected(0), plug(0, "Available")).energy_utilization(1) is None


def test_the_power_of_a_plug_is_that_of_its_strongest_cable() -> None:
    cables = (ConnectorSpec(1, "chademo", 50_000), ConnectorSpec(1, "iec62196T2Combo", 150_000))
    changed = ChargePointChanged(location="L", connectors=cables, at=at(-1))
    shown = hour(added(), changed, connected(0), plug(0, "Available"))
    assert shown.rated == 150_000 * HOUR // 1_000


def test_time_belongs_to_where_the_charger_stood() -> None:
    moved = ChargePointChanged(location="M", connectors=(), at=at(30))
    rows = rows_of(
        [located(), located("M"), added(), connected(0), plug(0, "Charging"), moved, plug(60, "Available")]
    )
    by_place = {row.location: row.in_use for row in rows.values() if row.by == DAY}
    assert by_place == {"L": 30 * MINUTE, "M": 30 * MINUTE}


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Asia/Kathmandu", date(2026, 10, 4), 24),
    ],
)
def test_a_day_is_as_long_as_the_local_one(zone: str, day: date, hours: float) -> None:
    since = datetime.combine(day - timedelta(days=3), datetime.min.time(), UTC)
    begin = replace(plug(0, "Charging"), at=since, received_at=since)
    found = sums([connected(0), begin], since + timedelta(days=9), zone=zone)
    assert found[1, day].in_use == hours * HOUR


def test_a_year_without_a_word_is_told_apart_by_day_once_it_is_over() -> None:
    events = [connected(0), plug(0, "Available"), plug(400 * 24 * 60, "Charging")]
    rows = rows_of([located(), *events])
    days = [row for row in rows.values() if row.by == DAY]
    assert len(days) == 401
    assert sum(row.observed for row in days) == 400 * 24 * HOUR
    (clock,) = [row for row in rows.values() if row.clock is not None]
    assert len(clock.sums) <= 5


def test_each_stretch_out_of_order_is_kept_with_its_cause() -> None:
    events = [connected(0), plug(0, "Faulted"), plug(10, "Available"), disconnected(20), connected(30)]
    rows = rows_of([located(), *events])
    spans: list[Any] = sorted((row.since, row.until, row.cause) for row in rows.values() if row.by == DOWN)
    assert spans == [(at(0), at(10), "faulted"), (at(20), at(30), "offline")]
