"""The ports of the application: what it needs from adapters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from eosvolt.domain.kernel import Event, Fact, Provenance


class Conflict(Exception):  # noqa: N818 - the store's answer to a stale expectation, met by deciding again
    """Another writer appended to one of the streams first. None of the entries was stored."""


class StreamAppend(NamedTuple):
    """Events for one stream; the first of them becomes version ``after + 1``."""

    stream: str
    after: int
    events: Sequence[Event]


class Alongside:
    """A change outside the history that is stored in the same transaction as the events.

    The adapter that owns the data creates it; the event store of the same database runs it.
    """


class EventStore(Protocol):
    """The history. ``append`` returns only once the events are durable."""

    def now(self) -> datetime:
        """The present instant by the clock that dates appended events, aware, in UTC."""
        ...

    async def read(self, stream: str) -> Sequence[Fact]:
        """All facts of one stream, oldest first; empty for a stream that does not exist."""
        ...

    async def read_together(self, streams: Sequence[str]) -> Sequence[Fact]:
        """The facts of several streams from one query, those of each stream oldest first."""
        ...

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        """Store all entries and the changes ``alongside``, or nothing.

        Returns the position of the last event; 0 without entries. Raises ``Conflict`` if a stream already has
        the version with which an entry starts, ``Rejected`` if a change alongside is not possible.
        """
        ...


class Numbers(Protocol):
    """Session numbers, which are also OCPP 1.6 transaction ids: positive, below 2**31, unique."""

    async def next_session(self) -> int:
        """A number that was never returned before, also across restarts and processes."""
        ...


class LostGateway(NamedTuple):
    """A gateway that is gone, and when it beat last."""

    id: str
    beat_at: datetime


class Clock(Protocol):
    """The clock, the only source of time of the application."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class TimeZones(Protocol):
    """Time zones of places, for suggestions."""

    async def at(self, latitude: float, longitude: float) -> str:
        """The IANA name of the zone at a place in decimal degrees; empty where none is known."""
        ...


class Frame(NamedTuple):
    """One OCPP frame as it was on the wire.

    ``charge_point`` is the charger's key, ``connection`` the id of its connection.
    """

    company: int
    charge_point: str
    connection: str
    direction: str
    at: datetime
    text: str
    message_id: str = ""
    action: str = ""
    outcome: str = ""


class Frames(Protocol):
    """The log of OCPP frames."""

    def put(self, frame: Frame) -> None:
        """Queue a frame, which is in the database at most a second later; never blocks."""
        ...


class ConnectionAttempt(NamedTuple):
    """An unknown charger tried to connect. ``offered``: its subprotocols as it sent them."""

    company: int
    charge_box_id: str
    at: datetime
    address: str
    offered: str
    secure: bool


class UnknownChargerRecord(Protocol):
    """The record of unknown chargers."""

    def attempted(self, attempt: ConnectionAttempt) -> None:
        """Record an attempt. It is in the database at most a second later."""
        ...


class PasswordVerdict(StrEnum):
    """The check of a password; ``CONFIRMED``: a proposed password is right and is the only one now."""

    WRONG = "wrong"
    RIGHT = "right"
    CONFIRMED = "confirmed"


class Credentials(Protocol):
    """Chargers' passwords."""

    async def judged(self, charge_point: str, given: bytes) -> PasswordVerdict:
        """Verify ``given`` (raw bytes of HTTP Basic) as the charger's password, as bytes or as hex text."""
        ...

    def change(self, charge_point: str, password: str | bytes | None) -> Alongside:
        """The change of a charger's password, to be stored with its events; ``None`` removes it.

        Raises ``Rejected`` for a password that is too short.
        """
        ...


class Passwords(Protocol):
    """New passwords for chargers."""

    async def propose(self, charge_point: str) -> str:
        """Create a new password, in hex, that is valid beside the present one until it is settled.

        Raises ``Rejected`` while another new password is on its way to the charger.
        """
        ...

    async def settle(self, charge_point: str, outcome: str) -> None:
        """Record the charger's answer to the new password: ``accepted``, ``rejected`` or ``unanswered``."""
        ...


class SigningRequest(NamedTuple):
    """A charger's certificate signing request. ``digest`` is the SHA-256 of the request in hex."""

    digest: str
    subject: str
    common_name: str


class Signed(NamedTuple):
    """A certificate that we signed: ``serial`` and SHA-256 in hex, and the PEM with its chain."""

    serial: str
    fingerprint: str
    not_after: datetime
    chain: str


class Authority(Protocol):
    """Signs chargers' certificates."""

    def examined(self, request: str) -> SigningRequest:
        """The content of a request (PEM). Raises ``Rejected`` for one that must not be signed."""
        ...

    def signed(self, request: str, *, common_name: str, organization: str, at: datetime) -> Signed:
        """A certificate for the key of an examined request, valid from ``at``."""
        ...


class Due(NamedTuple):
    """A due deadline: its stream and company, and whether it failed before."""

    stream: str
    company: int
    due_at: datetime
    failed_before: bool = False


class Deadlines(Protocol):
    """The due deadlines."""

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The deadlines at or before ``now``, the earliest first.

        Deadlines that failed are left out until their next attempt is due, those given up always.
        """
        ...

    async def receipts_due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The sessions that wait for a receipt since a moment, the first first; failures as above."""
        ...

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        """The keys of the chargers at a location, in order."""
        ...


class Estate(Protocol):
    """What is at locations: chargers, sessions that go on, and bookings."""

    async def chargers_at(self, company: int, location: str) -> int:
        """The number of chargers at a location, after waiting up to two seconds for the read models."""
        ...

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        """The keys of the chargers at a location, in order; it waits likewise."""
        ...

    async def open_sessions_at(self, company: int, location: str) -> int:
        """The number of sessions at a location that charge or block, at most 1; it waits likewise."""
        ...

    async def bookings_at(self, company: int, location: str) -> int:
        """The number of bookings at a location that are not over, at most 1; it waits likewise."""
        ...


class People(Protocol):
    """The users of a company."""

    async def names(self, company: int) -> Mapping[str, str]:
        """The names of a company's users by the ids of their accounts."""
        ...


class Directory(Protocol):
    """The companies of the installation."""

    async def only_company(self) -> int | None:
        """The only company of the installation; ``None`` if it has none or several."""
        ...


class TokenListing(NamedTuple):
    """A token for a local authorization list; ``status`` is the company's, not OCPP's."""

    uid: str
    status: str
    group: str = ""
    expires_at: datetime | None = None
    customer: str = ""


class TokenRegister(Protocol):
    """The company's tokens, for local authorization lists."""

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        """All tokens, by uid."""
        ...
