"""Uptime by definition adds up over any split, and no exclusion makes it worse."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.exclusions.events import ExclusionKind
from eosvolt.projections.time_spans import common, length, union, without
from eosvolt.projections.uptime_definitions import (
    DEFINITIONS,
    Excluded,
    Outage,
    Port,
    Reckoning,
    SteppedReckoning,
    network,
    reckoned,
)
from tests.unit.projections.ports import minute, port

# Minutes over a year and a half, so that a calendar year ends in between.
WHEN = st.integers(0, 800_000)
LENGTHS = st.one_of(st.integers(1, 30_000), st.integers(1, 60))
DEFINED = pytest.mark.parametrize("definition", list(DEFINITIONS))


@st.composite
def outages(draw: st.DrawFn) -> tuple[Outage, ...]:
    """Stretches of one port follow each other."""
    found: list[Outage] = []
    at = draw(st.integers(0, 100_000))
    for _ in range(draw(st.integers(0, 8))):
        until = at + draw(LENGTHS)
        cause = draw(st.sampled_from(["faulted", "unavailable", "offline", "planned", "unobserved"]))
        found.append(Outage(minute(at), minute(until), cause, draw(st.booleans())))
        at = until + draw(st.sampled_from([0, 1, 5_000, 200_000]))
    return tuple(found)


EXCLUDED = st.builds(
    lambda since, lasting, kind: Excluded(minute(since), minute(since + lasting), kind),
    WHEN,
    LENGTHS,
    st.sampled_from(ExclusionKind),
)
EXCLUSIONS = st.lists(EXCLUDED, max_size=5).map(tuple)
ZONES = st.sampled_from(["UTC", "America/Los_Angeles", "Pacific/Kiritimati"])


@st.composite
def ports(draw: st.DrawFn) -> Port:
    return port(
        *draw(outages()),
        exclusions=draw(EXCLUSIONS),
        known_until=minute(draw(st.integers(1, 800_000))),
        observed_since=minute(draw(st.integers(0, 50_000))),
        time_zone=draw(ZONES),
    )


def said(definition: str, of: Port, since: int, until: int) -> Reckoning:
    return reckoned(DEFINITIONS[definition].parts(of), minute(since), minute(until))


@DEFINED
@given(one=ports(), cuts=st.lists(st.integers(-1_000, 810_000), min_size=2, max_size=8))
def test_parts_sum_to_the_whole(definition: str, one: Port, cuts: list[int]) -> None:
    edges = sorted(cuts)
    total = Reckoning()
    for since, until in pairwise(edges):
        total = total.plus(said(definition, one, since, until))
    assert total == said(definition, one, edges[0], edges[-1])


@DEFINED
@given(
    several=st.lists(ports(), max_size=3),
    edges=st.lists(st.integers(-1_000, 810_000), min_size=2, max_size=8).map(sorted),
)
def test_steps_say_of_several_ports_what_each_says_of_each_step(
    definition: str, several: list[Port], edges: list[int]
) -> None:
    together = SteppedReckoning([minute(edge) for edge in edges])
    for each in several:
        together.add(DEFINITIONS[definition].parts(each))
    assert together.steps() == [
        network([(DEFINITIONS[definition].parts(each), minute(since), minute(until)) for each in several])
        for since, until in pairwise(edges)
    ]


@DEFINED
@given(one=ports(), more=EXCLUDED)
def test_an_exclusion_never_makes_more_down_time(definition: str, one: Port, more: Excluded) -> None:
    with_it = one._replace(exclusions=(*one.exclusions, more))
    before, after = (said(definition, each, 0, 810_000) for each in (one, with_it))
    assert after.down <= before.down
    assert after.excluded >= before.excluded


@DEFINED
@given(one=ports())
def test_no_instant_counts_twice(definition: str, one: Port) -> None:
    found = said(definition, one, 0, 810_000)
    assert 0 <= found.down <= found.counted
    assert 0 <= found.excluded <= found.outage
    assert found.uptime is None or 0 <= found.uptime <= 1


SETS: Any = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8).map(
    lambda pairs: union((minute(min(pair)), minute(max(pair))) for pair in pairs)
)


@given(one=SETS, other=SETS)
def test_what_two_sets_share_and_what_they_do_not_is_all_of_one(one: Any, other: Any) -> None:
    both, rest = common(one, other), without(one, other)
    assert length(both) + length(rest) == length(one)
    assert common(both, rest) == []
    assert union(both, rest) == one
