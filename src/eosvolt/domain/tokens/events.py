"""What can have happened to a token."""

from datetime import datetime
from enum import StrEnum

from eosvolt.domain.kernel import Event


class TokenStatus(StrEnum):
    """What the company says about a token."""

    ACCEPTED = "accepted"
    BLOCKED = "blocked"
    EXPIRED = "expired"


class Authorization(StrEnum):
    """The answer to a charger that asks whether somebody may charge, in OCPP's words."""

    ACCEPTED = "Accepted"
    BLOCKED = "Blocked"
    EXPIRED = "Expired"
    INVALID = "Invalid"
    CONCURRENT = "ConcurrentTx"


class TokenIssued(Event, frozen=True, tag="token-issued"):
    """The company knows a token. ``uid`` is in upper case: chargers disagree about case."""

    company: int
    uid: str
    at: datetime
    status: TokenStatus
    group: str = ""
    expires_at: datetime | None = None
    label: str = ""
    concurrent: bool = False


class TokenChanged(Event, frozen=True, tag="token-changed"):
    """The company says something else about the token from now on."""

    company: int
    uid: str
    at: datetime
    status: TokenStatus
    group: str = ""
    expires_at: datetime | None = None
    label: str = ""
    concurrent: bool = False


class TokenInUse(Event, frozen=True, tag="token-in-use"):
    """A session of this token began."""

    session: str
    at: datetime


class TokenReleased(Event, frozen=True, tag="token-released"):
    """A session of this token ended."""

    session: str
    at: datetime


class TokenAssigned(Event, frozen=True, tag="token-assigned"):
    """The token belongs to a customer, by id, from now on."""

    customer: str
    at: datetime


class TokenUnassigned(Event, frozen=True, tag="token-unassigned"):
    """The token belongs to no customer any more."""

    at: datetime


class TokenCovered(Event, frozen=True, tag="token-covered"):
    """What the token starts from now on is paid for by a driver's payment, by id."""

    payment: str
    at: datetime


TokenEvent = (
    TokenIssued | TokenChanged | TokenInUse | TokenReleased | TokenAssigned | TokenUnassigned | TokenCovered
)
