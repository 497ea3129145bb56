"""The rules of a location: its details, its tariff, and the currency that its first session settles."""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.earlier import Earlier, held_at
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.locations.commands import (
    AddLocation,
    ChangeLocation,
    ChangeTariff,
    LocationCommand,
    RemoveLocation,
    SettleCurrency,
)
from eosvolt.domain.locations.events import (
    CurrencySettled,
    Details,
    LocationAdded,
    LocationChanged,
    LocationEvent,
    LocationRemoved,
    LocationType,
    TariffChanged,
)
from eosvolt.domain.tariffs.tariff import Tariff, problems
from eosvolt.domain.tokens.uid import folded


class NoLocation(msgspec.Struct, frozen=True):
    """No such location."""


class Location(msgspec.Struct, frozen=True):
    """A location of a company. ``settled``: a session was priced in its currency, which is then fixed.

    ``earlier`` are the tariffs before the present one, oldest first, each with the instant until which it was
    in force; ``earlier_details`` likewise those under which others were admitted.
    """

    location: str
    company: int
    details: Details
    tariff: Tariff
    settled: bool = False
    removed: bool = False
    earlier: Earlier[Tariff] = ()
    earlier_details: Earlier[Details] = ()

    def tariff_at(self, at: datetime) -> Tariff:
        """The tariff in force at an instant by our clock; before the location existed, its first one."""
        return held_at(self.earlier, self.tariff, at)

    def admits(self, token: str, group: str, at: datetime | None = None) -> bool:
        """Whether a token or its group may charge here, now or at an instant. Private ones are choosy."""
        details = self.details if at is None else held_at(self.earlier_details, self.details, at)
        if details.type is not LocationType.PRIVATE:
            return True
        listed = {folded(uid) for uid in details.authorized_tokens}
        return folded(token) in listed or (bool(group) and folded(group) in listed)


LocationState = NoLocation | Location


def decide(command: LocationCommand, location: LocationState) -> Sequence[LocationEvent]:
    """What happens."""
    match command, location:
        case AddLocation(), NoLocation():
            _check(command.details, command.tariff)
            return [
                LocationAdded(
                    location=command.location,
                    company=command.company,
                    at=command.at,
                    details=command.details,
                    tariff=command.tariff,
                )
            ]
        case _, NoLocation() | Location(removed=True):
            return []
        case ChangeLocation(details=details), Location() as known if details != known.details:
            _check(details, known.tariff)
            return [
                LocationChanged(
                    location=known.location, company=known.company, at=command.at, details=details
                )
            ]
        case ChangeTariff(tariff=tariff), Location() as known if tariff != known.tariff:
            return [_repriced(known, tariff, command.at)]
        case SettleCurrency(at=at), Location(settled=False) as known:
            return [
                CurrencySettled(
                    location=known.location, company=known.company, at=at, currency=known.tariff.currency
                )
            ]
        case RemoveLocation(at=at, charge_points=charge_points), Location() as known:
            if charge_points:
                raise Rejected("This location still has chargers: move or remove them first.")
            return [LocationRemoved(location=known.location, company=known.company, at=at)]
        case _:
            return []


def _check(details: Details, tariff: Tariff) -> None:
    if not details.name.strip():
        raise Rejected("A location needs a name.")
    wrong = problems(tariff)
    if wrong:
        raise Rejected(wrong[0][1])


def _repriced(known: Location, tariff: Tariff, at: datetime) -> TariffChanged:
    _check(known.details, tariff)
    if known.settled and tariff.currency != known.tariff.currency:
        raise Rejected("The currency cannot change any more: there are sessions in it.")
    return TariffChanged(location=known.location, company=known.company, at=at, tariff=tariff)


def evolve(location: LocationState, event: LocationEvent) -> LocationState:
    """The location after ``event``."""
    if isinstance(event, LocationAdded):
        return Location(event.location, event.company, event.details, event.tariff)
    if isinstance(location, NoLocation):
        return location
    match event:
        case LocationChanged(at=at, details=details):
            before = location.details
            earlier_details = location.earlier_details
            if (before.type, before.authorized_tokens) != (details.type, details.authorized_tokens):
                earlier_details = (*earlier_details, (at, before))
            return msgspec.structs.replace(location, details=details, earlier_details=earlier_details)
        case TariffChanged(at=at, tariff=tariff):
            earlier = (*location.earlier, (at, location.tariff))
            return msgspec.structs.replace(location, tariff=tariff, earlier=earlier)
        case CurrencySettled():
            return msgspec.structs.replace(location, settled=True)
        case LocationRemoved():
            return msgspec.structs.replace(location, removed=True)
        case _:
            assert_never(event)


locations: Decider[LocationCommand, LocationState, LocationEvent] = Decider(
    "location", NoLocation(), decide, evolve
)
