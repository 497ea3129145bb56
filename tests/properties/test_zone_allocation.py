"""Sessions share a grid connection: nobody above a room, and max-min fair as linear programs say."""

import highspy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eosvolt.domain.zones.allocation import Bound, Claim, Grant, fair, in_turn

TENTH_MA = 100


@st.composite
def divisions(draw: st.DrawFn) -> tuple[list[Claim], list[int]]:
    """Up to a dozen sessions in up to three nested zones, each on one or on all three lines."""
    zones = draw(st.integers(1, 3))
    rooms = [draw(st.integers(0, 200_000)) for _ in range(zones * 3)]
    claims = []
    for _ in range(draw(st.integers(0, 12))):
        depth = draw(st.integers(1, zones))
        lines = draw(st.sampled_from([(0,), (1,), (2,), (0, 1), (0, 1, 2)]))
        minimum = draw(st.sampled_from([0, 6_000, 10_000]))
        demand = minimum + draw(st.integers(0, 63_000))
        claims.append(
            Claim(tuple(zone * 3 + line for zone in range(depth) for line in lines), minimum, demand)
        )
    return claims, rooms


def fairest(claims: list[Claim], rooms: list[int]) -> list[float]:
    """The max-min optimum: the least as large as it can be, then the least of the others, and so on.

    Each round asks a linear program how high all that are not settled can be together, and another one for
    each of them whether it can be higher alone.
    """
    settled: dict[int, float] = {}
    while len(settled) < len(claims):
        level = highest(claims, rooms, settled, None)
        for number in [each for each in range(len(claims)) if each not in settled]:
            alone = highest(claims, rooms, settled, number, level)
            if alone <= max(level, claims[number].minimum_ma) + 0.01:
                settled[number] = alone
    return [settled[number] for number in range(len(claims))]


def highest(
    claims: list[Claim], rooms: list[int], settled: dict[int, float], alone: int | None, level: float = 0
) -> float:
    model = highspy.Highs()  # type: ignore[no-untyped-call]  # its types are not complete
    model.setOptionValue("output_flag", False)
    amounts = [
        model.addVariable(lb=settled.get(n, float(c.minimum_ma)), ub=settled.get(n, float(c.demand_ma)))
        for n, c in enumerate(claims)
    ]
    common = model.addVariable(lb=0, ub=1e9)
    for room, size in enumerate(rooms):
        members = [amounts[n] for n, claim in enumerate(claims) if room in claim.rooms]
        if members:
            model.addConstr(sum(members[1:], members[0]) <= size + 0.001)
    for number, amount in enumerate(amounts):
        if number not in settled:
            if alone is None:
                model.addConstr(amount >= common)
            else:
                model.addConstr(amount >= min(level, claims[number].demand_ma) - 0.001)
    model.maximize(common if alone is None else amounts[alone])
    return float(model.getSolution().col_value[len(claims) if alone is None else alone])


def within_rooms(claims: list[Claim], rooms: list[int], grants: list[Grant]) -> None:
    for room, size in enumerate(rooms):
        assert sum(g.current_ma for c, g in zip(claims, grants, strict=True) if room in c.rooms) <= size


@given(divisions())
def test_the_fair_division_is_the_max_min_optimum(division: tuple[list[Claim], list[int]]) -> None:
    claims, rooms = division
    grants = fair(claims, rooms)
    within_rooms(claims, rooms, grants)
    admitted = [n for n, grant in enumerate(grants) if grant.bound is not Bound.WAITS]
    best = fairest([claims[n] for n in admitted], rooms)
    for number, optimum in zip(admitted, best, strict=True):
        assert grants[number].current_ma == pytest.approx(optimum, abs=TENTH_MA)
    for claim, grant in zip(claims, grants, strict=True):
        assert grant.current_ma == 0 or claim.minimum_ma <= grant.current_ma <= claim.demand_ma


@given(divisions())
def test_who_waits_does_not_fit_beside_those_before(division: tuple[list[Claim], list[int]]) -> None:
    claims, rooms = division
    grants = fair(claims, rooms)
    taken = [0] * len(rooms)
    for claim, grant in zip(claims, grants, strict=True):
        fits = all(taken[room] + claim.minimum_ma <= rooms[room] for room in claim.rooms)
        assert (grant.bound is not Bound.WAITS) == fits
        for room in claim.rooms if fits else ():
            taken[room] += claim.minimum_ma


@given(divisions())
def test_in_turn_each_gets_what_those_before_left(division: tuple[list[Claim], list[int]]) -> None:
    claims, rooms = division
    left = list(rooms)
    for claim, grant in zip(claims, in_turn(claims, rooms), strict=True):
        possible = min(claim.demand_ma, *(left[room] for room in claim.rooms))
        assert grant.current_ma == (possible if possible >= claim.minimum_ma else 0)
        for room in claim.rooms:
            left[room] -= grant.current_ma


def test_three_cars_on_35_amperes_get_a_third_each() -> None:
    claims = [Claim((0, 1, 2), 6_000, 16_000)] * 3
    assert [grant.current_ma // TENTH_MA for grant in fair(claims, [35_000] * 3)] == [116] * 3


def test_a_full_line_bounds_only_the_sessions_on_it() -> None:
    claims = [Claim((0,), 6_000, 32_000), Claim((2,), 6_000, 32_000), Claim((2,), 6_000, 32_000)]
    assert [grant.current_ma for grant in fair(claims, [32_000, 32_000, 20_000])] == [32_000, 10_000, 10_000]
