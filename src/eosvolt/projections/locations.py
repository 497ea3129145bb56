"""Every location with its tariff: the question of the locations pages."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
from eosvolt.domain.locations.booking_rules import NO_BOOKING, BookingRules
from eosvolt.domain.locations.events import (
    NO_INFO,
    BookingRulesChanged,
    Details,
    DriverInfo,
    LocationAdded,
    LocationChanged,
    LocationRemoved,
    TariffChanged,
)
from eosvolt.domain.tariffs.tariff import Tariff
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class LocationRow(Row, frozen=True, kw_only=True):
    """A location. ``booking_version`` is the version with which its ``booking`` rules were last set."""

    location: str
    company: int
    name: str
    details: Details
    tariff: Tariff
    added_at: datetime
    removed: bool = False
    version: int = 0
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO
    booking: BookingRules = NO_BOOKING
    booking_version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The location itself."""
    return (fact.key,)


def apply(row: LocationRow | None, fact: Fact, key: str) -> LocationRow | None:
    """The location after the fact."""
    match fact.event, row:
        case LocationAdded() as added, _:
            return LocationRow(
                location=key,
                company=added.company,
                name=added.details.name,
                details=added.details,
                tariff=added.tariff,
                added_at=added.at,
                version=fact.version,
                access=added.access,
                info=added.info,
            )
        case LocationChanged(details=details) as changed, LocationRow() as known:
            return msgspec.structs.replace(
                known,
                name=details.name,
                details=details,
                version=fact.version,
                access=changed.access,
                info=changed.info,
            )
        case TariffChanged(tariff=tariff), LocationRow() as known:
            return msgspec.structs.replace(known, tariff=tariff, version=fact.version)
        case BookingRulesChanged(rules=rules), LocationRow() as known:
            return msgspec.structs.replace(known, booking=rules, booking_version=fact.version)
        case LocationRemoved(), LocationRow() as known:
            return msgspec.structs.replace(known, removed=True, version=fact.version)
        case _:
            return row


locations = ReadModel(
    name="locations",
    version=3,
    row=LocationRow,
    reads=tags(LocationAdded, LocationChanged, TariffChanged, BookingRulesChanged, LocationRemoved),
    keys=keys,
    apply=apply,
    indexes=("company, name",),
)
