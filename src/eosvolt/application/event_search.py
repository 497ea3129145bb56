"""Searching the history: the filter of events, a page of them, and whose events are whose to see."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.application.permissions import Action, Grants, Permission, ProductArea, allows
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.vocabulary import EVENTS

# The product area of each package of the domain: whoever may view the area may view its events.
AREAS: Mapping[str, ProductArea] = {
    "bookings": ProductArea.BOOKINGS,
    "booking_feeds": ProductArea.BOOKINGS,
    "charge_points": ProductArea.CHARGE_POINTS,
    "commands": ProductArea.CHARGE_POINTS,
    "companies": ProductArea.SETTINGS,
    "customer_groups": ProductArea.CHARGE_POINTS,
    "customers": ProductArea.CHARGE_POINTS,
    "deliveries": ProductArea.SESSIONS,
    "documents": ProductArea.SESSIONS,
    "exclusions": ProductArea.DIAGNOSTICS,
    "faults": ProductArea.DIAGNOSTICS,
    "home_chargers": ProductArea.CHARGE_POINTS,
    "home_statements": ProductArea.FINANCE,
    "invoices": ProductArea.FINANCE,
    "locations": ProductArea.CHARGE_POINTS,
    "maintenance": ProductArea.CHARGE_POINTS,
    "notification_rules": ProductArea.SETTINGS,
    "notifications": ProductArea.SETTINGS,
    "payments": ProductArea.SESSIONS,
    "payouts": ProductArea.FINANCE,
    "platform_fees": ProductArea.FINANCE,
    "price_profiles": ProductArea.CHARGE_POINTS,
    "refusals": ProductArea.CHARGE_POINTS,
    "operators": ProductArea.USERS,
    "sessions": ProductArea.SESSIONS,
    "smart_charging": ProductArea.LOAD_BALANCING,
    "tokens": ProductArea.CHARGE_POINTS,
    "zones": ProductArea.LOAD_BALANCING,
}


class EventSearch(msgspec.Struct, frozen=True, kw_only=True):
    """A filter of events.

    Empty fields do not restrict. ``charger`` is a charge box id: its own events and those of its sessions,
    faults and commands. ``session`` is a session's id, ``by`` an actor as the history names it. ``since`` and
    ``until`` bound the time of recording, ``until`` excluded. ``visible`` are the tags that may be seen;
    ``None`` for all. ``people``: only what people, API keys and staff caused.
    """

    stream: str = ""
    charger: str = ""
    session: str = ""
    location: str = ""
    by: str = ""
    people: bool = False
    types: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    visible: frozenset[str] | None = None

    @property
    def tags(self) -> frozenset[str] | None:
        """The tags that are searched for; ``None`` for all."""
        if self.visible is None:
            return self.types or None
        return self.types & self.visible if self.types else self.visible


class EventPage(NamedTuple):
    """A part of the history, in the order of reading.

    ``reached`` is the position up to which everything was looked at: the next part goes on behind it. A part
    may hold fewer events than were asked for, even none, where few match. ``ended``: nothing comes after it.
    """

    items: Sequence[Fact]
    reached: int
    ended: bool


def area_of(event: type[Event]) -> ProductArea:
    """The product area that the events of this class belong to."""
    return AREAS[event.__module__.split(".")[2]]


def visible_tags(grants: Grants) -> frozenset[str] | None:
    """The tags of the events that these grants may see; ``None`` for all."""
    areas = {area for area in ProductArea if allows(grants, Permission(Action.VIEW, area))}
    if areas.issuperset(AREAS.values()):
        return None
    return frozenset(name for name, event in EVENTS.items() if area_of(event) in areas)
