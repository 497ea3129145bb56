"""A zone with the zones that are parts of it, and whose plugs are on which of their lines."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from eosvolt.domain.zones.capacity import smallest_usable_ma
from eosvolt.domain.zones.decider import Zone
from eosvolt.domain.zones.limits import LARGEST_CURRENT_MA, STEP_MA
from eosvolt.domain.zones.values import PlugWiring, ZoneCharger

ALL_LINES = (0, 1, 2)


class ZoneTree(NamedTuple):
    """The zones of a tree by their ids, the root first and each after the zone that it is part of."""

    root: str
    zones: Mapping[str, Zone]

    def chargers(self) -> Iterator[tuple[str, ZoneCharger]]:
        """All chargers with the zones that they belong to."""
        for name, zone in self.zones.items():
            for charger in zone.chargers.values():
                yield name, charger

    def chain(self, name: str) -> Sequence[str]:
        """A zone and those that it is part of, up to the root."""
        found = [name]
        while found[-1] != self.root:
            found.append(self.zones[found[-1]].settings.parent)
        return found

    @property
    def fallback_ma(self) -> int:
        """What each plug of the tree may draw without a limit: the root says it."""
        return self.zones[self.root].settings.fallback_ma

    def largest_fallback_ma(self) -> int:
        """The largest fallback with which all plugs fit into every zone at any time of day.

        In whole 0.1 A; without plugs anything fits.
        """
        plugs: dict[tuple[str, int], int] = {}
        for name, charger in self.chargers():
            for wiring in charger.plugs:
                for above in self.chain(name):
                    for line in lines_of(wiring):
                        plugs[above, line] = plugs.get((above, line), 0) + 1
        largest = LARGEST_CURRENT_MA
        for (name, line), count in plugs.items():
            largest = min(largest, smallest_usable_ma(self.zones[name].settings)[line] // count)
        return largest // STEP_MA * STEP_MA


def lines_of(wiring: PlugWiring) -> Sequence[int]:
    """The lines (0 to 2) on which a plug counts: all of them where its rotation is not known."""
    return tuple(line - 1 for line in wiring.rotation) if wiring.rotation else ALL_LINES
