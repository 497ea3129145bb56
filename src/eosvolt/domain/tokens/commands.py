"""What one can ask of a token."""

from datetime import datetime

from eosvolt.domain.kernel import Command
from eosvolt.domain.tokens.events import TokenStatus


class PutToken(Command, frozen=True):
    """Issue the token or say something else about it. ``concurrent``: may run several sessions at a time."""

    company: int
    uid: str
    at: datetime
    status: TokenStatus
    group: str = ""
    expires_at: datetime | None = None
    label: str = ""
    concurrent: bool = False


class UseToken(Command, frozen=True):
    """A session of the token began."""

    session: str
    at: datetime


class ReleaseToken(Command, frozen=True):
    """A session of the token ended."""

    session: str
    at: datetime


class AssignToken(Command, frozen=True):
    """Give the token to a customer; it belongs to one at most."""

    customer: str
    at: datetime


class UnassignToken(Command, frozen=True):
    """Take the token from the customer whose it is."""

    customer: str
    at: datetime


class CoverToken(Command, frozen=True):
    """Have what the token starts paid for by a driver's payment."""

    payment: str
    at: datetime


TokenCommand = PutToken | UseToken | ReleaseToken | AssignToken | UnassignToken | CoverToken
