"""Plug time adds up, however it is cut, and agrees with the uptime of the same history."""

from datetime import timedelta
from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.charge_points.events import ConnectorReported
from eosvolt.domain.kernel import Event
from eosvolt.projections.clock_advance import until_now
from eosvolt.projections.plug_time import clock_key
from eosvolt.projections.time_sums import sum_of, total
from eosvolt.projections.time_under_way import lasting, under_way
from eosvolt.projections.uptime_share import lives, share
from tests.unit.projections.folded_events import (
    BOX,
    at,
    connected,
    disconnected,
    folded,
    plug,
    service,
    station,
)
from tests.unit.projections.folded_time import added, closed, opened, rows_of, sums

STATES = st.sampled_from(["Available", "Preparing", "Charging", "Finishing", "Unavailable", "Faulted"])
# Minutes after noon over several days, often close together.
WHEN = st.one_of(st.integers(0, 3000).map(lambda tenths: tenths / 10), st.integers(0, 30_000).map(float))
SESSION = st.sampled_from(["1", "2", "3"])
EVENTS = st.one_of(
    st.builds(connected, WHEN),
    st.builds(disconnected, WHEN),
    st.builds(plug, WHEN, STATES, st.integers(1, 2), WHEN),
    st.builds(station, WHEN, STATES),
    st.builds(service, WHEN, operative=st.booleans(), connector=st.integers(0, 2)),
    st.builds(opened, WHEN, SESSION, st.just(1)),
    st.builds(closed, WHEN, SESSION, st.just(1)),
)
# The first says nothing, but the charger is known from then on.
LIVES = st.lists(EVENTS, max_size=30).map(lambda events: [service(0, operative=True), *events])
ZONES = st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "UTC"])
NOW = at(40_000)


def received_at_once(event: Event) -> Event:
    return replace(event, received_at=event.at) if isinstance(event, ConnectorReported) else event


@given(events=LIVES, zone=ZONES)
def test_the_days_of_all_plugs_are_the_months_and_the_uptime(events: list[Event], zone: str) -> None:
    # A report out of order counts from the last change on, and a use that changes is one more of them.
    events = sorted(map(received_at_once, events), key=attrgetter("at"))
    by_day = total(sums(events, NOW, zone=zone).values())
    assert total(sums(events, NOW, by="month", zone=zone).values()) == by_day
    shown = share(lives([folded(events)]), at(-10), NOW, NOW)
    assert [by_day.observed, by_day.faulted, by_day.unavailable, by_day.offline, by_day.planned] == [
        each // MICROSECOND
        for each in (shown.observed, shown.faulted, shown.unavailable, shown.offline, shown.planned)
    ]


@given(events=LIVES, zone=ZONES)
def test_use_is_within_service_and_no_day_is_longer_than_it_is(events: list[Event], zone: str) -> None:
    for time in sums(events, NOW, zone=zone).values():
        assert 0 <= time.in_use <= time.occupied <= time.in_service <= time.observed
        assert time.observed <= timedelta(days=1) // MICROSECOND
        assert 0 <= time.down_in_use <= min(time.down, time.in_use)


@given(events=LIVES, zone=ZONES, later=st.one_of(st.integers(0, 120), st.integers(0, 200_000)))
def test_what_is_under_way_can_be_kept_until_something_happens(
    events: list[Event], zone: str, later: int
) -> None:
    clock = rows_of([added(), *events])[clock_key(BOX)].clock
    assert clock is not None
    # Also before what was heard last, because messages come late.
    now = max(plug.since for plug in clock.plugs) + timedelta(seconds=later - 30) if clock.plugs else NOW
    kept = under_way([("", lasting(clock), zone)], now)
    assert total(kept.values()) == total(
        sum_of(stretch, (stretch.until - stretch.since) // MICROSECOND, clock.power(stretch.connector))
        for stretch in until_now(clock, now)
        if stretch.since < stretch.until
    )
