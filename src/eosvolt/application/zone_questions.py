"""What screens ask about the decisions of a zone."""

from datetime import datetime
from typing import NamedTuple

from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.domain.zones.values import PlugDecision, ZoneRoom


class DecisionOnZone(NamedTuple):
    """A decision as it is about one zone: ``room`` is its own, ``plugs`` are those in it and its sub-zones.

    ``position`` is that of the decision in the history; ``zone`` decided: the root of the tree. ``fallbacks``
    are the chargers to which the fallback is sent.
    """

    position: int
    number: int
    zone: str
    at: datetime
    room: ZoneRoom | None
    plugs: tuple[PlugDecision, ...]
    reserved: tuple[PlugDecision, ...]
    fallbacks: tuple[str, ...] = ()

    @property
    def changed(self) -> tuple[PlugDecision, ...]:
        """The plugs for which another limit was asked."""
        return tuple(each for each in self.plugs if each.changed)

    @property
    def waiting(self) -> tuple[PlugDecision, ...]:
        """The plugs whose sessions wait."""
        return tuple(each for each in self.plugs if each.waiting)


def about(
    decided: ZoneDecided, position: int, zone: str, parts: frozenset[str], chargers: frozenset[str]
) -> DecisionOnZone:
    """The decision as it is about ``zone``; ``parts`` are the zone and all zones below it.

    ``chargers`` are the keys of the chargers of these.
    """
    return DecisionOnZone(
        position=position,
        number=decided.number,
        zone=decided.zone,
        at=decided.at,
        room=next((each for each in decided.rooms if each.zone == zone), None),
        plugs=tuple(each for each in decided.plugs if each.zone in parts),
        reserved=tuple(each for each in decided.reserved if each.zone in parts),
        fallbacks=tuple(each for each in decided.fallbacks if each in chargers),
    )
