"""What if a zone had more chargers: what each plug would get if all of them charged at once."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from eosvolt.domain.zones.allocation import Bound, Claim, fair, in_turn
from eosvolt.domain.zones.capacity import LINES, VOLTS, smallest_usable_ma
from eosvolt.domain.zones.limits import LEAST_MA, STEP_MA
from eosvolt.domain.zones.tree import lines_of
from eosvolt.domain.zones.values import Distribution, Lines, PlugWiring, ZoneSettings

MOST_CHARGERS, MOST_PLUGS = 100, 10


class ChargerPlug(NamedTuple):
    """A plug and the charger that it is of."""

    charger: str
    wiring: PlugWiring


class Division(NamedTuple):
    """How the capacity is divided if all plugs charge at once.

    ``least_w`` and ``most_w`` are what a plug gets that charges, at least and at most; 0 where none does.
    """

    plugs: int
    charging: int
    waiting: int
    least_w: int
    most_w: int


class ChargersToAdd(NamedTuple):
    """The division as it is and with the new chargers, and what each of the new ones gets.

    ``fallback_ma`` is the largest fallback that would fit; ``fits``: that of the zone does.
    """

    usable_w: int
    before: Division
    after: Division
    new: Division
    fallback_ma: int
    fits: bool


def new_plugs(chargers: int, plugs: int, power_w: int, phases: int) -> list[ChargerPlug]:
    """The plugs of new chargers, of which nobody knows on which lines they will be."""
    most = max(power_w * 1000 // (VOLTS * phases), LEAST_MA)
    return [
        ChargerPlug(f"new {number}", PlugWiring(plug=plug, phases=phases, max_ma=most))
        for number in range(1, chargers + 1)
        for plug in range(1, plugs + 1)
    ]


def what_if(
    settings: ZoneSettings, usable: Lines, plugs: Sequence[ChargerPlug], new: Sequence[ChargerPlug]
) -> ChargersToAdd:
    """What the zone's plugs would get beside ``new`` ones, of ``usable`` mA on each line."""
    every = [*plugs, *new]
    before, after = _divided(settings, usable, plugs), _divided(settings, usable, every)
    fallback = _largest_fallback(smallest_usable_ma(settings), every)
    return ChargersToAdd(
        usable_w=sum(usable) * VOLTS // 1000,
        before=_division(plugs, before),
        after=_division(every, after),
        new=_division(new, after[len(plugs) :]),
        fallback_ma=fallback,
        fits=settings.fallback_ma <= fallback,
    )


def _divided(settings: ZoneSettings, usable: Lines, plugs: Sequence[ChargerPlug]) -> list[int]:
    """What each plug gets in mA. The fallback of each is kept free whatever its session gets."""
    fallback = min(settings.fallback_ma, _largest_fallback(smallest_usable_ma(settings), plugs))
    counts = _on_lines(plugs)
    rooms = [max(line - fallback * count, 0) for line, count in zip(usable, counts, strict=True)]
    chargers = Counter(each.charger for each in plugs)
    shares: dict[str, int] = {}
    if settings.distribution is Distribution.STATIC:
        # Each charger has an equal share of each line, taken or not.
        for charger, number in chargers.items():
            shares[charger] = len(rooms)
            rooms += [max(line // len(chargers) - fallback * number, 0) for line in usable]
    claims = []
    for charger, wiring in plugs:
        lines = tuple(lines_of(wiring))
        own = tuple(shares[charger] + line for line in lines) if charger in shares else ()
        least = max(-(-settings.minimum_session_w * 1000 // (VOLTS * wiring.phases)), LEAST_MA)
        most = max(wiring.max_ma, least)
        claims.append(Claim((*lines, *own), max(least - fallback, 0), max(most - fallback, 0)))
    grants = (
        in_turn(claims, rooms) if settings.distribution is Distribution.SEQUENTIAL else fair(claims, rooms)
    )
    return [0 if each.bound is Bound.WAITS else each.current_ma + fallback for each in grants]


def _division(plugs: Sequence[ChargerPlug], currents: Sequence[int]) -> Division:
    watts = [
        current // STEP_MA * STEP_MA * each.wiring.phases * VOLTS // 1000
        for each, current in zip(plugs, currents, strict=True)
        if current
    ]
    return Division(
        plugs=len(plugs),
        charging=len(watts),
        waiting=len(plugs) - len(watts),
        least_w=min(watts, default=0),
        most_w=max(watts, default=0),
    )


def _largest_fallback(usable: Lines, plugs: Sequence[ChargerPlug]) -> int:
    """The largest fallback that all plugs may have at any time of day; 0 where not even 6 A fit."""
    counts = _on_lines(plugs)
    fits = min(
        (room // count for room, count in zip(usable, counts, strict=True) if count), default=usable[0]
    )
    return fits // STEP_MA * STEP_MA if fits >= LEAST_MA else 0


def _on_lines(plugs: Sequence[ChargerPlug]) -> list[int]:
    """How many plugs count on each line."""
    counts = [0] * LINES
    for each in plugs:
        for line in lines_of(each.wiring):
            counts[line] += 1
    return counts
