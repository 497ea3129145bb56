"""What can have happened to a home charger.

Its id is the id of its location as well (``domain/locations/homes.py``). The owner is a customer's id;
codes are kept as the SHA-256 of their text, in hex.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.kernel import Event


class HomeToken(StrEnum):
    """Whose token may charge at a home."""

    OWNER = "owner"
    FAMILY = "family"
    GUEST = "guest"


class AllowedToken(msgspec.Struct, frozen=True):
    """A token that may charge at a home; a guest's until an instant."""

    token: str
    kind: HomeToken
    until: datetime | None = None


class HomeChargerAdded(Event, frozen=True, tag="home-charger-added"):
    """A charger stands at somebody's home and is priced by a profile."""

    home: str
    company: int
    at: datetime
    charge_box_id: str
    profile: str
    time_zone: str


class HomeCodeIssued(Event, frozen=True, tag="home-code-issued"):
    """Whoever redeems this code until it expires becomes the owner; earlier codes are invalid.

    ``customer`` is to whom it was mailed, empty for a code that is handed over.
    """

    home: str
    at: datetime
    digest: str
    expires_at: datetime
    customer: str = ""


class HomeCodeRedeemed(Event, frozen=True, tag="home-code-redeemed"):
    """The customer is the owner from now on."""

    home: str
    at: datetime
    customer: str


class HomeTokenAllowed(Event, frozen=True, tag="home-token-allowed"):
    """A token may charge there, a guest's until an instant."""

    home: str
    at: datetime
    token: str
    kind: HomeToken
    until: datetime | None = None


class HomeTokenWithdrawn(Event, frozen=True, tag="home-token-withdrawn"):
    """A token may charge there no more."""

    home: str
    at: datetime
    token: str


class HomeProfileChanged(Event, frozen=True, tag="home-profile-changed"):
    """It is priced by another profile from now on."""

    home: str
    at: datetime
    profile: str


class HomeChargerReplaced(Event, frozen=True, tag="home-charger-replaced"):
    """Another charger stands there; the home, its owner, its profile and who may charge there stay."""

    home: str
    at: datetime
    charge_box_id: str


class HomeChargerRemoved(Event, frozen=True, tag="home-charger-removed"):
    """It is not used any more; its history stays."""

    home: str
    at: datetime


HomeChargerEvent = (
    HomeChargerAdded
    | HomeCodeIssued
    | HomeCodeRedeemed
    | HomeTokenAllowed
    | HomeTokenWithdrawn
    | HomeProfileChanged
    | HomeChargerReplaced
    | HomeChargerRemoved
)
