"""A shortest-path search for the energy that the values of a register prove.

A register only grows, and no faster than its plug delivers. Real registers also count from the session's
start, reset, roll over, or show single wrong values. ``explained`` finds the cheapest path from the start's
register value through the samples to the stop's. Each assumption on the path has a cost, in millionths of
the cost of setting one sample aside.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from eosvolt.domain.sessions.registers import (
    ABOVE_POWER,
    UNKNOWN_POWER_W,
    RegisterExplanation,
    RegisterFinding,
    Sample,
    Stop,
    deliverable_wh,
)
from eosvolt.domain.tariffs.energy import EnergyPoint

# A fall of up to this size is the meter settling when a session begins or ends, not a reset.
SETTLING_WH = 50
ROLLOVERS_WH = (*(10**digits for digits in range(5, 12)), 2**23, 2**24, 2**31, 2**32)

_SET_ASIDE = 1_000_000
# Limits the cost of many samples in a row, which may be another plug's. It is above the cost of one reset
# (one break) and below that of a reset that is taken back (two breaks).
_MOST_SET_ASIDE = 2_500_000
_BREAK = 1_500_000
# Start and stop prove more than any one sample. No sum of other costs equals this value.
_STOP_SET_ASIDE = 2_010_000
# Chargers that do not know the register at the end send 0.
_ZERO_STOP_SET_ASIDE = 990_000
_OTHER_START = 1_000_000
# From this cost on, an explanation above the plug's power is tried as well.
_FAR_FETCHED = 3_000_000
_ROLLOVER = 200_000
_OTHER_COUNT = 600_000
_FALL = 100_000
# How many nodes back the search looks for a predecessor; the start is always considered.
_FARTHEST = 24
# Before a rollover the register was in the last twentieth of its range. Right after one it gains little.
_NEAR_THE_TOP = 20
_AFTER_A_ROLLOVER_WH = 45_000


class _Node(NamedTuple):
    """A node of the search. ``value`` is ``wh`` on the scale of the start's register; all values in Wh."""

    at: datetime
    wh: int
    value: int
    relative: bool
    instant: int
    penalty: int
    sample: Sample | None


class _Step(NamedTuple):
    """The cheapest path to a node: its ``cost``, the index of the node ``before``, its ``energy`` in Wh."""

    cost: int
    before: int
    energy: int
    how: str


def explained(
    start_at: datetime,
    starts: Sequence[int],
    samples: Sequence[Sample],
    stop: Stop | None,
    power_w: int,
    *,
    start_known: bool = True,
) -> RegisterExplanation:
    """Return the cheapest explanation of all values: the session's energy in Wh, and findings.

    ``starts[0]`` is the start's register in Wh, the others are values that samples claim for it. Unless
    ``start_known`` none of them is preferred. ``samples`` are sorted; the time is linear in their number.
    """
    other_start = _OTHER_START if start_known else 0
    first = _Search(start_at, starts, samples, stop, power_w, other_start)
    found = first.explanation()
    claims_more = stop is not None and stop.wh > starts[0] and "stopSetAside" in _causes(found)
    if not (claims_more or found.cost >= _FAR_FETCHED) or power_w >= UNKNOWN_POWER_W:
        return found
    faster = _Search(start_at, starts, samples, stop, UNKNOWN_POWER_W, other_start).explanation()
    if {"stopSetAside", "implausible"} & _causes(faster) or 3 * faster.cost > found.cost:
        return found
    # All values agree with each other, but exceed the configured power of the plug.
    findings = RegisterFinding(start_at if stop is None else stop.at, ABOVE_POWER, faster.energy_wh)
    return faster._replace(findings=(*faster.findings, findings))


class _Search:
    """The search for the cheapest path, in time order."""

    def __init__(
        self,
        start_at: datetime,
        starts: Sequence[int],
        samples: Sequence[Sample],
        stop: Stop | None,
        power_w: int,
        other_start: int,
    ) -> None:
        self._power_w = power_w
        self._start_wh = starts[0]
        self._samples = samples
        self._stop = stop
        self._nodes = [_Node(start_at, wh, wh, False, 0, 0, None) for wh in starts]
        self._steps = [_Step(0 if n == 0 else other_start, -1, 0, "start") for n in range(len(starts))]
        self._starts = len(starts)
        instants = 0
        for at, same_instant in groupby(samples, key=attrgetter("at")):
            instants += 1
            # Of several samples of one instant the lowest rank comes first, then the highest value.
            by_proof = sorted(same_instant, key=lambda sample: (sample.rank, -sample.wh))
            for place, sample in enumerate(by_proof):
                for value, relative in self._meanings(at, sample.wh):
                    self._reach(_Node(at, sample.wh, value, relative, instants, place, sample))
        self._instants = instants

    def _meanings(self, at: datetime, wh: int) -> list[tuple[int, bool]]:
        """The sample as an absolute value, and as one that counts from the session's start."""
        meanings = [(wh, False)]
        start = self._nodes[0]
        if self._start_wh > SETTLING_WH and wh <= deliverable_wh(start.at, at, self._power_w):
            meanings.append((self._start_wh + wh, True))
        return meanings

    def _reach(self, node: _Node) -> None:
        step = self._cheapest(node)
        if step is not None:
            self._nodes.append(node)
            self._steps.append(step)

    def _cheapest(self, node: _Node, *, stop: bool = False) -> _Step | None:
        best: _Step | None = None
        nodes = self._nodes
        known = len(nodes)
        nearest = range(known - 1, max(known - _FARTHEST, self._starts) - 1, -1)
        for index in (*nearest, *range(self._starts)):
            before = nodes[index]
            skipped = node.instant - before.instant - 1
            if skipped < 0:
                continue
            reached = self._steps[index]
            so_far = reached.cost + min(skipped * _SET_ASIDE, _MOST_SET_ASIDE) + node.penalty
            if best is not None and so_far >= best.cost:
                continue
            cost, gained, how = self._link(before, reached, node, stop=stop)
            if cost >= 0 and (best is None or so_far + cost < best.cost):
                best = _Step(so_far + cost, index, reached.energy + gained, how)
        return best

    def _link(self, before: _Node, reached: _Step, node: _Node, *, stop: bool) -> tuple[int, int, str]:
        """The cost of a step between two nodes (-1: impossible), its energy in Wh, and its kind."""
        gained = node.value - before.value
        until = self._stop.latest if stop and self._stop is not None else node.at
        limit = deliverable_wh(before.at, until, self._power_w)
        switched = before.relative != node.relative
        if switched and ((stop and node.relative) or reached.energy != before.value - self._start_wh):
            return -1, 0, ""
        cost, how = (_OTHER_COUNT, "sessionRelative") if switched else (0, "on")
        if 0 <= gained <= limit and not (reached.how == "rollover" and gained > _AFTER_A_ROLLOVER_WH):
            return cost, gained, how
        if -SETTLING_WH <= gained < 0:
            return cost + _FALL, gained, how
        if node.relative or (stop and before.relative):
            return -1, 0, ""
        if gained < 0 and not switched:
            for whole in ROLLOVERS_WH:
                if whole - whole // _NEAR_THE_TOP <= before.wh < whole and 0 <= gained + whole <= limit:
                    return _ROLLOVER, gained + whole, "rollover"
        if stop:
            return -1, 0, ""
        if node.wh < before.wh:
            if node.wh <= limit:
                # After a reset to zero the value is the energy drawn since.
                return _BREAK, node.wh, "reset"
            # It fell to a value that this session had reached before: bill that energy only once.
            fell_back = not switched and node.value >= self._start_wh
            return _BREAK, gained if fell_back else 0, "reset"
        return _BREAK, 0, "implausible"

    def explanation(self) -> RegisterExplanation:
        """The explanation of the cheapest path."""
        end, step = self._end()
        path = self._path(step.before if end is not None else self._last(), end, step)
        return self._explanation(path, step.cost)

    def _end(self) -> tuple[_Node | None, _Step]:
        """The stop's node, or ``None`` if setting the stop aside is cheaper, and the last step."""
        last = self._last()
        aside = self._steps[last]
        trailing = self._trailing(last)
        best = _Step(aside.cost + trailing + self._stop_aside(), last, aside.energy, "stopSetAside")
        if self._stop is None:
            return None, best
        chosen: _Node | None = None
        at, wh, _ = self._stop
        meanings = [(wh, False)]
        if wh < self._start_wh:
            meanings.append((self._start_wh + wh, True))
        for value, relative in meanings:
            node = _Node(at, wh, value, relative, self._instants + 1, 0, None)
            step = self._cheapest(node, stop=True)
            if step is not None and step.cost < best.cost:
                chosen, best = node, step
        return chosen, best

    def _stop_aside(self) -> int:
        unknown = self._stop is not None and not self._stop.wh and all(each.wh for each in self._samples)
        return _ZERO_STOP_SET_ASIDE if unknown else _STOP_SET_ASIDE

    def _trailing(self, index: int) -> int:
        return min((self._instants - self._nodes[index].instant) * _SET_ASIDE, _MOST_SET_ASIDE)

    def _last(self) -> int:
        """Index of the last node of the cheapest path through the samples; the lower energy on a tie."""
        return min(
            range(len(self._nodes)),
            key=lambda n: (self._steps[n].cost + self._trailing(n), self._steps[n].energy, n),
        )

    def _path(self, last: int, end: _Node | None, step: _Step) -> list[tuple[_Node, _Step]]:
        path: list[tuple[_Node, _Step]] = [] if end is None else [(end, step)]
        index = last
        while index >= 0:
            path.append((self._nodes[index], self._steps[index]))
            index = self._steps[index].before
        return path[::-1]

    def _explanation(self, path: list[tuple[_Node, _Step]], cost: int) -> RegisterExplanation:
        final = path[-1][1].energy
        stopped = self._stop is not None and path[-1][0].instant > self._instants
        energy = max(final if stopped else max(step.energy for _, step in path), 0)
        readings: list[EnergyPoint] = []
        reached = 0
        for node, step in path:
            reached = min(max(reached, step.energy), energy)
            if readings and readings[-1].at == node.at:
                readings.pop()
            readings.append(EnergyPoint(at=node.at, wh=reached))
        on_path = {node.sample for node, _ in path if node.sample is not None}
        instants = {node.instant for node, _ in path}
        findings = [*self._unusual_steps(path), *self._set_aside(instants)]
        claimed = energy
        if self._stop is not None and not stopped:
            findings.append(RegisterFinding(self._stop.at, "stopSetAside", self._stop.wh, self._start_wh))
        # A jump from 0 claims no energy: the charger did not know its register at the start.
        jumped = any(before.wh and step.how == "implausible" for (before, _), (_, step) in pairwise(path))
        if self._stop is not None and (jumped or not stopped):
            claimed = max(energy, self._stop.wh - self._start_wh)
        tail = next((step.energy for node, step in path if node.instant == self._instants), None)
        return RegisterExplanation(
            tuple(readings), energy, claimed, tuple(findings), tail, frozenset(on_path), cost
        )

    @staticmethod
    def _unusual_steps(path: list[tuple[_Node, _Step]]) -> list[RegisterFinding]:
        findings: list[RegisterFinding] = []
        for (before, _), (node, step) in pairwise(path):
            counts_anew = step.how == "sessionRelative"
            if counts_anew and any(finding.cause == "sessionRelative" for finding in findings):
                continue
            if step.how not in {"on", "start"}:
                findings.append(RegisterFinding(node.at, step.how, node.wh, before.wh))
        return findings

    def _set_aside(self, instants: set[int]) -> list[RegisterFinding]:
        aside: list[RegisterFinding] = []
        instant, at = 0, None
        for sample in self._samples:
            if sample.at != at:
                instant, at = instant + 1, sample.at
            if instant not in instants:
                aside.append(RegisterFinding(sample.at, "setAside", sample.wh))
        return aside


def _causes(explanation: RegisterExplanation) -> set[str]:
    return {finding.cause for finding in explanation.findings}
