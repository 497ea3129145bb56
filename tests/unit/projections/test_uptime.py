"""Uptime = (observed − down) ÷ observed, by the rules of the product."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from eosvolt.domain.charge_points.events import ChargePointAdded, ChargePointRemoved
from eosvolt.domain.kernel import Event
from eosvolt.projections.uptime import KEPT, MOST_SPANS
from eosvolt.projections.uptime_share import Share, days, lives, share
from tests.unit.projections.folded_events import at, connected, disconnected, folded, plug, service, station


def hour(*events: Event, connector: int | None = 1) -> Share:
    """What the first hour after noon was made of, asked an hour later."""
    return share(lives([folded(events)], connector), at(0), at(60), at(120))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_time_before_the_first_contact_is_not_observed() -> None:
    shown = hour(connected(15), plug(20, "Available"))
    assert (shown.observed, shown.down) == (minutes(40), minutes(0))
    assert shown.uptime == 1


def test_a_plug_that_never_reported_has_no_uptime() -> None:
    assert hour(connected(0)).uptime is None


@pytest.mark.parametrize(
    "status", ["Available", "Preparing", "Charging", "SuspendedEV", "Finishing", "Reserved"]
)
def test_a_plug_in_any_working_state_is_up(status: str) -> None:
    assert hour(connected(0), plug(0, status)).uptime == 1


def test_faulted_is_down_until_the_next_good_state() -> None:
    shown = hour(connected(0), plug(0, "Available"), plug(10, "Faulted"), plug(40, "Available"))
    assert shown.faulted == shown.down == minutes(30)
    assert shown.uptime == Fraction(1, 2)


def test_unavailable_is_down_unless_planned() -> None:
    assert hour(connected(0), plug(0, "Unavailable")).unavailable == minutes(60)


@pytest.mark.parametrize("connector", [0, 1])
def test_unavailable_as_the_operator_planned_it_is_not_down(connector: int) -> None:
    shown = hour(
        connected(0),
        plug(0, "Available"),
        service(10, operative=False, connector=connector),
        plug(11, "Unavailable"),
        plug(31, "Available"),
        service(30, operative=True, connector=connector),
    )
    assert (shown.planned, shown.down) == (minutes(20), minutes(0))
    assert shown.in_service == minutes(40)


def test_what_is_planned_for_one_plug_covers_no_other() -> None:
    events = (
        connected(0),
        plug(0, "Available", 2),
        service(0, operative=False, connector=1),
        plug(0, "Unavailable", 2),
    )
    assert hour(*events, connector=2).unavailable == minutes(60)


def test_a_state_that_came_before_the_plan_is_planned_from_the_plan_on() -> None:
    shown = hour(connected(0), plug(0, "Unavailable"), service(20, operative=False))
    assert (shown.unavailable, shown.planned) == (minutes(20), minutes(40))


def test_a_fault_is_down_time_also_while_out_of_service_is_planned() -> None:
    shown = hour(connected(0), plug(0, "Available"), service(0, operative=False), plug(0, "Faulted"))
    assert shown.faulted == minutes(60)


def test_a_disconnect_counts_from_its_beginning_when_it_lasts_longer_than_a_minute() -> None:
    longer = hour(connected(0), plug(0, "Available"), disconnected(10), connected(11 + 1 / 60))
    assert longer.offline == minutes(1) + timedelta(seconds=1)
    just_a_minute = hour(connected(0), plug(0, "Available"), disconnected(10), connected(11))
    assert just_a_minute.down == minutes(0)


def test_an_absence_that_still_lasts_counts_once_it_is_longer_than_a_minute() -> None:
    row = folded([connected(0), plug(0, "Available"), disconnected(10)])
    assert share(lives([row]), at(0), at(60), at(11)).down == minutes(0)
    assert share(lives([row]), at(0), at(60), at(12)).offline == minutes(2)


def test_a_fault_goes_on_through_a_short_absence() -> None:
    shown = hour(connected(0), plug(0, "Faulted"), disconnected(10), connected(10.5), plug(30, "Available"))
    assert (shown.faulted, shown.offline) == (minutes(30), minutes(0))


def test_the_charger_as_a_whole_speaks_for_a_plug_that_is_available() -> None:
    shown = hour(connected(0), plug(0, "Available"), station(10, "Faulted"), plug(20, "Charging"))
    assert shown.faulted == minutes(10)


def test_a_report_from_the_future_counts_from_when_it_came() -> None:
    shown = hour(connected(0), plug(0, "Available"), plug(500, "Faulted", received=30))
    assert shown.faulted == minutes(30)


def test_a_report_older_than_what_is_known_changes_nothing_before_it() -> None:
    shown = hour(connected(0), plug(0, "Faulted"), plug(30, "Available"), plug(5, "Unavailable", received=40))
    assert (shown.faulted, shown.unavailable) == (minutes(30), minutes(30))


def test_a_charger_that_was_removed_is_not_observed_until_it_is_back() -> None:
    added = ChargePointAdded(company=242, charge_box_id="CP-1", location="L", connectors=(), at=at(40))
    shown = hour(connected(0), plug(0, "Available"), ChargePointRemoved(at=at(20)), added, connected(50))
    assert (shown.observed, shown.offline) == (minutes(40), minutes(10))


def test_the_future_is_not_observed() -> None:
    row = folded([connected(0), plug(0, "Available")])
    assert share(lives([row]), at(0), at(600), at(30)).observed == minutes(30)


def test_a_day_is_the_locations_own_also_when_the_clock_changes() -> None:
    row = folded([connected(0), plug(0, "Available")])
    begin = datetime(2027, 3, 28, tzinfo=UTC)
    (sunday,) = days(
        lives([row]), date(2027, 3, 28), date(2027, 3, 28), "Europe/Berlin", begin + timedelta(days=9)
    )
    assert sunday.share.observed == timedelta(hours=23)


def test_what_happened_more_than_400_days_ago_is_forgotten_and_no_longer_claimed() -> None:
    day = 24 * 60
    row = folded(
        [
            connected(0),
            plug(0, "Faulted"),
            plug(10, "Available"),
            plug(500 * day, "Faulted"),
            plug(500 * day + 10, "Available"),
        ]
    )
    (life,) = row.plugs
    assert [span.since for span in life.spans] == [at(500 * day)]
    assert life.observed_since == at(500 * day + 10) - KEPT


def test_a_plug_that_flaps_for_ever_keeps_a_bounded_history() -> None:
    events = [connected(0), plug(0, "Available")]
    last = 2 * MOST_SPANS + 199
    events += [plug(number, "Faulted" if number % 2 else "Available") for number in range(1, last + 1)]
    (life,) = folded(events).plugs
    assert len(life.spans) == MOST_SPANS
    shown = share([(folded(events), life)], at(0), at(10**5), at(last))
    assert shown.uptime is not None
    assert abs(shown.uptime - Fraction(1, 2)) < Fraction(1, 1000)
