"""What can have happened to a location."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.kernel import Event
from eosvolt.domain.locations.access import OPEN_ACCESS, AccessRules
from eosvolt.domain.locations.booking_rules import BookingRules
from eosvolt.domain.support import SupportContact
from eosvolt.domain.tariffs.tariff import Tariff


class LocationType(StrEnum):
    """Who finds the location and who may charge there."""

    PUBLIC = "public"
    SEMI_PUBLIC = "semiPublic"
    PRIVATE = "private"


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What drivers are told about a location. Coordinates are decimal degrees (WGS 84)."""

    name: str
    type: LocationType = LocationType.PUBLIC
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    visible: bool = True
    authorized_tokens: tuple[str, ...] = ()


class Cable(StrEnum):
    """Whose cable is used."""

    ATTACHED = "attached"
    OWN = "own"


class Fit(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Hints for drivers: whether a car fits, what to bring. ``None`` and an empty text: nothing is said."""

    max_height_cm: int | None = None
    cable: Cable | None = None
    wheelchair: bool | None = None
    parking: str = ""


class DriverInfo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What drivers are told beside the details.

    ``support`` is the location's own contact, ``None`` for the company's. ``image`` is the SHA-256 of its
    photo in hex, empty without one.
    """

    support: SupportContact | None = None
    fit: Fit = Fit()
    image: str = ""


# Nothing is said. One object, so that events leave it out.
NO_INFO = DriverInfo()


class LocationAdded(Event, frozen=True, tag="location-added"):
    """A location exists, with its first tariff."""

    location: str
    company: int
    at: datetime
    details: Details
    tariff: Tariff
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO


class LocationChanged(Event, frozen=True, tag="location-changed"):
    """What drivers are told, or who may charge when, changed. It holds all of it as it is now."""

    location: str
    company: int
    at: datetime
    details: Details
    access: AccessRules = OPEN_ACCESS
    info: DriverInfo = NO_INFO


class TariffChanged(Event, frozen=True, tag="tariff-changed"):
    """Sessions that start from now on are priced by this tariff; running and past ones keep theirs."""

    location: str
    company: int
    at: datetime
    tariff: Tariff


class CurrencySettled(Event, frozen=True, tag="currency-settled"):
    """The first session was priced here: the location's currency cannot change any more."""

    location: str
    company: int
    at: datetime
    currency: str


class LocationRemoved(Event, frozen=True, tag="location-removed"):
    """The location is no longer shown or used; its history stays."""

    location: str
    company: int
    at: datetime


class BookingRulesChanged(Event, frozen=True, tag="booking-rules-changed"):
    """Bookings that are made from now on have these rules; those that there are keep theirs."""

    location: str
    company: int
    at: datetime
    rules: BookingRules


LocationEvent = (
    LocationAdded | LocationChanged | TariffChanged | CurrencySettled | BookingRulesChanged | LocationRemoved
)
