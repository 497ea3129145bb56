"""What can have happened to a price profile."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from eosvolt.domain.kernel import Event
from eosvolt.domain.price_profiles.reimbursement import PriceSource, Reimbursement
from eosvolt.domain.tariffs.tariff import BusinessUse, Strategy, Tariff

# A profile is of no place: this stands in its tariff until a home charger gives it its own time zone.
NO_TIME_ZONE = "UTC"


class Direction(StrEnum):
    """Who owes whom.

    ``SELL``: the company sells energy to the owner of the home charger. ``REIMBURSE``: the owner is
    reimbursed for business charging.
    """

    SELL = "sell"
    REIMBURSE = "reimburse"


class ProfileTerms(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that is said of a price profile. ``tariff`` has ``NO_TIME_ZONE``.

    ``reimbursement`` is there exactly where the direction is ``REIMBURSE``; the tariff is ``free`` then.
    """

    name: str
    tariff: Tariff
    direction: Direction = Direction.SELL
    reimbursement: Reimbursement | None = None

    @property
    def payer(self) -> str:
        """The customer who reimburses; empty for the company itself, and where nobody is reimbursed."""
        return "" if self.reimbursement is None else self.reimbursement.payer

    @property
    def sources(self) -> tuple[PriceSource, ...]:
        """Where the prices come from by which is reimbursed; none where nobody is."""
        return () if self.reimbursement is None else self.reimbursement.sources

    def tariff_in(self, time_zone: str, profile: str) -> Tariff:
        """The tariff of a home in this time zone that ``profile``, which has these terms, prices."""
        known = self.reimbursement
        business = None if known is None else BusinessUse(profile, known.tokens)
        return msgspec.structs.replace(self.tariff, time_zone=time_zone, business=business)


def free(currency: str) -> Tariff:
    """The tariff of a profile that reimburses in this currency: charging costs nothing."""
    return Tariff(currency, Strategy.PER_KWH, Decimal(0), Decimal(0), NO_TIME_ZONE)


class PriceProfileAdded(Event, frozen=True, tag="price-profile-added"):
    """A price profile exists."""

    profile: str
    company: int
    at: datetime
    terms: ProfileTerms


class PriceProfileChanged(Event, frozen=True, tag="price-profile-changed"):
    """Sessions that start from now on at its home chargers are priced by these terms."""

    profile: str
    company: int
    at: datetime
    terms: ProfileTerms


class PriceProfileAssigned(Event, frozen=True, tag="price-profile-assigned"):
    """A home charger is priced by it."""

    home: str
    at: datetime


class PriceProfileReleased(Event, frozen=True, tag="price-profile-released"):
    """A home charger is not priced by it any more."""

    home: str
    at: datetime


class PriceProfileRemoved(Event, frozen=True, tag="price-profile-removed"):
    """It cannot be chosen any more; its history stays."""

    at: datetime


PriceProfileEvent = (
    PriceProfileAdded
    | PriceProfileChanged
    | PriceProfileAssigned
    | PriceProfileReleased
    | PriceProfileRemoved
)
