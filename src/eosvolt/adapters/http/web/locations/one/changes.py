"""What was changed at a location, by whom: each event in words, with the parts that differ from before."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.locations.events import (
    CurrencySettled,
    LocationAdded,
    LocationChanged,
    LocationRemoved,
    TariffChanged,
)

_DETAILS = {
    "name": Text("Name"),
    "type": Text("Type"),
    "address": Text("Address"),
    "latitude": Text("Pin"),
    "longitude": Text("Pin"),
    "visible": Text("Visibility"),
    "authorized_tokens": Text("Authorized tokens"),
}
_RULES = {
    "opening_hours": Text("Opening hours"),
    "groups": Text("Authorized groups"),
    "customers": Text("Authorized customers"),
    "customer_groups": Text("Authorized customer groups"),
    "schedule": Text("Access schedule"),
}
_INFO = {"support": Text("Support"), "fit": Text("Hints for drivers"), "image": Text("Photo")}


class ChangeEntry(NamedTuple):
    """A change of a location."""

    at: datetime
    sentence: str
    by: str


def changes_of(facts: Sequence[Fact]) -> list[ChangeEntry]:
    """The changes that facts (the newest first) are about, the newest first."""
    found: list[ChangeEntry] = []
    before: LocationAdded | LocationChanged | None = None
    for fact in reversed(facts):
        at = getattr(fact.event, "at", fact.recorded_at)
        found.append(ChangeEntry(at, _sentence(fact.event, before), fact.why.by))
        if isinstance(fact.event, LocationAdded | LocationChanged):
            before = fact.event
    return found[::-1]


def _sentence(event: Event, before: LocationAdded | LocationChanged | None) -> str:
    match event:
        case LocationAdded():
            return gettext("Location created.")
        case LocationChanged():
            parts = [] if before is None else _differences(before, event)
            return gettext("Changed: {parts}.", parts=", ".join(parts) or "–")
        case TariffChanged():
            return gettext("Tariff changed for sessions that start from then on.")
        case CurrencySettled(currency=currency):
            return gettext("The first session settled the currency: {currency}.", currency=currency)
        case LocationRemoved():
            return gettext("Location removed.")
        case _:
            return type(event).__name__


def _differences(before: LocationAdded | LocationChanged, now: LocationChanged) -> list[str]:
    """The labels of the parts that differ, each once."""
    labels = [
        str(label)
        for part, names in (("details", _DETAILS), ("access", _RULES), ("info", _INFO))
        for name, label in names.items()
        if getattr(getattr(before, part), name) != getattr(getattr(now, part), name)
    ]
    return list(dict.fromkeys(labels))
