"""Divides currents among sessions: a pure function over whole mA.

A *room* is one line of one zone: the sum of what its sessions get is at most what the room has. First it is
decided who is admitted: in their order, each whose minimum fits beside those before it; the others wait at 0.
Then the rest is divided:

- max-min fair (*dynamic*): nobody can get more without somebody taking less who has no more than they. All
  rise together from their minima; a session stops at its demand, or where one of its rooms is full
  (progressive filling: Bertsekas, Gallager: Data Networks, §6.5.2). *Static* is the same with a room for each
  charger, its equal share.
- *sequential*: each takes what it wants of what those before it left.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple


class Claim(NamedTuple):
    """What a session wants: nothing, or between ``minimum_ma`` and ``demand_ma`` of each of its ``rooms``.

    ``demand_ma`` is at least ``minimum_ma``.
    """

    rooms: tuple[int, ...]
    minimum_ma: int
    demand_ma: int


class Bound(StrEnum):
    """What keeps a session from more: its demand, a room, or that it waits."""

    DEMAND = "demand"
    ROOM = "room"
    WAITS = "waits"


class Grant(NamedTuple):
    """What a session gets, what bounds it, and which room that is (-1: none)."""

    current_ma: int
    bound: Bound
    room: int = -1


def fair(claims: Sequence[Claim], rooms: Sequence[int]) -> list[Grant]:
    """The max-min fair division. ``claims`` are in the order of admission, ``rooms`` are what each has."""
    free = [max(each, 0) for each in rooms]
    grants: list[Grant | None] = [_admitted(claim, free) for claim in claims]
    active = {number for number, grant in enumerate(grants) if grant is None}
    members: dict[int, set[int]] = {}
    # What a room has for the sessions that rise in it: their minima are given back to it.
    for number in active:
        for room in claims[number].rooms:
            members.setdefault(room, set()).add(number)
    _Filling(claims, grants, free, members).run(active)
    return [grant if grant is not None else Grant(0, Bound.WAITS) for grant in grants]


def in_turn(claims: Sequence[Claim], rooms: Sequence[int]) -> list[Grant]:
    """First come, first served: each gets all that it wants of what is left, or waits."""
    free = [max(each, 0) for each in rooms]
    grants: list[Grant] = []
    for claim in claims:
        room = min(claim.rooms, key=free.__getitem__)
        current = min(claim.demand_ma, free[room])
        if current < claim.minimum_ma:
            grants.append(Grant(0, Bound.WAITS, room))
            continue
        bound = Bound.DEMAND if current == claim.demand_ma else Bound.ROOM
        grants.append(Grant(current, bound, room if bound is Bound.ROOM else -1))
        for each in claim.rooms:
            free[each] -= current
    return grants


def _admitted(claim: Claim, free: list[int]) -> Grant | None:
    """Take the minimum of a session out of its rooms; the grant of one that has to wait."""
    full = next((room for room in claim.rooms if free[room] < claim.minimum_ma), None)
    if full is not None:
        return Grant(0, Bound.WAITS, full)
    for room in claim.rooms:
        free[room] -= claim.minimum_ma
    return None


class _Filling:
    """Lets the admitted sessions rise together until each is bounded.

    A session rises once the level reaches its minimum. ``_rising`` counts those of a room that rise now;
    ``_free`` is what the room has beyond all that its sessions have at the level ``_level``.
    """

    def __init__(
        self,
        claims: Sequence[Claim],
        grants: list[Grant | None],
        free: list[int],
        members: Mapping[int, set[int]],
    ) -> None:
        self._claims = claims
        self._grants = grants
        self._free = free
        self._members = members
        self._rising = dict.fromkeys(members, 0)
        self._level = 0

    def run(self, active: Iterable[int]) -> None:
        """Bound every session of ``active``."""
        numbers = list(active)
        begins = sorted(numbers, key=lambda number: self._claims[number].minimum_ma, reverse=True)
        ends = sorted(numbers, key=lambda number: self._claims[number].demand_ma, reverse=True)
        while ends:
            while ends and self._grants[ends[-1]] is not None:
                ends.pop()
            if not ends:
                return
            start = self._claims[begins[-1]].minimum_ma if begins else None
            demand = self._claims[ends[-1]].demand_ma
            room, full = self._first_full()
            bounds = [each for each in (start, demand, full) if each is not None]
            self._rise(min(bounds))
            if start is not None and start <= self._level:
                self._begin(begins)
            elif full is not None and full <= self._level and full < demand:
                self._fill(room)
            else:
                self._end(ends)

    def _first_full(self) -> tuple[int, int | None]:
        """The room that is full first, and at which level."""
        first, level = -1, None
        for room, count in self._rising.items():
            if count:
                full = self._level + self._free[room] // count
                if level is None or full < level:
                    first, level = room, full
        return first, level

    def _rise(self, level: int) -> None:
        by = level - self._level
        if by > 0:
            for room, count in self._rising.items():
                self._free[room] -= by * count
            self._level = level

    def _begin(self, begins: list[int]) -> None:
        """Let those rise whose minimum the level has reached."""
        while begins and self._claims[begins[-1]].minimum_ma <= self._level:
            number = begins.pop()
            if self._grants[number] is None:
                for room in self._claims[number].rooms:
                    self._rising[room] += 1

    def _end(self, ends: list[int]) -> None:
        """Bound those who have what they want."""
        while ends and self._claims[ends[-1]].demand_ma <= self._level:
            number = ends.pop()
            if self._grants[number] is None:
                self._bound(number, Grant(self._claims[number].demand_ma, Bound.DEMAND))

    def _fill(self, room: int) -> None:
        """Bound those who rise in a room that is full; whoever has not begun stays at the minimum."""
        for number in self._members[room]:
            if self._grants[number] is None and self._claims[number].minimum_ma <= self._level:
                self._bound(number, Grant(self._level, Bound.ROOM, room))

    def _bound(self, number: int, grant: Grant) -> None:
        self._grants[number] = grant
        for room in self._claims[number].rooms:
            self._rising[room] -= 1
