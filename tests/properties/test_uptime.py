"""Uptime adds up: the parts of a time are the whole, however it is cut."""

from datetime import timedelta
from functools import reduce
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.kernel import Event
from eosvolt.projections.uptime_share import Share, added, lives, share
from tests.unit.projections.folded_events import at, connected, disconnected, folded, plug, service, station

STATES = st.sampled_from(["Available", "Charging", "Unavailable", "Faulted"])
WHEN = st.integers(0, 3000).map(lambda tenths: tenths / 10)
EVENTS = st.one_of(
    st.builds(connected, WHEN),
    st.builds(disconnected, WHEN),
    st.builds(plug, WHEN, STATES, st.integers(1, 2), WHEN),
    st.builds(station, WHEN, STATES),
    st.builds(service, WHEN, operative=st.booleans(), connector=st.integers(0, 2)),
)
LIVES = st.lists(EVENTS, min_size=1, max_size=30)


@given(events=LIVES, cuts=st.lists(st.integers(-30, 400), min_size=2, max_size=8), now=st.integers(0, 400))
def test_parts_sum_to_the_whole(events: list[Event], cuts: list[int], now: int) -> None:
    known = lives([folded(events)])
    edges = sorted(cuts)
    whole = share(known, at(edges[0]), at(edges[-1]), at(now))
    parts = [share(known, at(one), at(two), at(now)) for one, two in pairwise(edges)]
    assert reduce(added, parts, Share()) == whole


@given(events=LIVES, since=st.integers(0, 400), length=st.integers(0, 400))
def test_nothing_is_counted_twice(events: list[Event], since: int, length: int) -> None:
    for life in lives([folded(events)]):
        total = share([life], at(since), at(since + length), at(400))
        assert timedelta() <= total.down + total.planned <= total.observed <= timedelta(minutes=length)
        assert total.uptime is None or 0 <= total.uptime <= 1


@given(events=LIVES)
def test_stretches_follow_each_other(events: list[Event]) -> None:
    for _, life in lives([folded(events)]):
        edges = [edge for span in life.spans for edge in (span.since, span.until)]
        assert edges == sorted(edges)
        assert all(span.since < span.until for span in life.spans)
        assert not edges or edges[-1] <= life.since
