"""What can have happened to a location."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.kernel import Event
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


class LocationAdded(Event, frozen=True, tag="location-added"):
    """A location exists, with its first tariff."""

    location: str
    company: int
    at: datetime
    details: Details
    tariff: Tariff


class LocationChanged(Event, frozen=True, tag="location-changed"):
    """What drivers are told changed."""

    location: str
    company: int
    at: datetime
    details: Details


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


LocationEvent = LocationAdded | LocationChanged | TariffChanged | CurrencySettled | LocationRemoved
