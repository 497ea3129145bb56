"""The ports of the application: what it needs from adapters."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from eosvolt.domain.kernel import Event, Fact, Provenance


class Conflict(Exception):  # noqa: N818 - the store's answer to a stale expectation, met by deciding again
    """Somebody else appended to one of the streams first. Nothing of the entry set was stored."""


class StreamAppend(NamedTuple):
    """Events for one stream; the first of them becomes version ``after + 1``."""

    stream: str
    after: int
    events: Sequence[Event]


class Alongside:
    """A change outside the history that is stored in the same transaction as the events.

    The adapter that keeps it makes one; the event store of the same kind carries it out.
    """


class EventStore(Protocol):
    """The history. What ``append`` returned from is durable; it never returns before."""

    def now(self) -> datetime:
        """The present instant by the clock that dates what is appended, aware, in UTC."""
        ...

    async def read(self, stream: str) -> Sequence[Fact]:
        """All facts of one stream, oldest first; empty for a stream that does not exist."""
        ...

    async def read_together(self, streams: Sequence[str]) -> Sequence[Fact]:
        """The facts of several streams in one go, those of each oldest first."""
        ...

    async def append(
        self, entries: Sequence[StreamAppend], why: Provenance, alongside: Sequence[Alongside] = ()
    ) -> int:
        """Store all entries and what changes ``alongside``, or nothing.

        Returns the position of the last event; 0 where there are no entries. Raises ``Conflict`` when a
        stream already has the version that an entry starts with, ``Rejected`` where something alongside
        cannot be.
        """
        ...


class Numbers(Protocol):
    """Session numbers, which are also OCPP 1.6 transaction ids: positive, below 2**31, never given twice."""

    async def next_session(self) -> int:
        """A number that was never returned before, also across restarts and processes."""
        ...


class Clock(Protocol):
    """The clock: the application asks for time nowhere else."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class Frame(NamedTuple):
    """One OCPP frame as it was on the wire.

    ``charge_point`` is its key, ``connection`` tells connections apart.
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
    """The record of what was said on the wire."""

    def put(self, frame: Frame) -> None:
        """Keep a frame; cheap, and at most a second behind in the database."""
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
        """Whether ``given`` (raw bytes of HTTP Basic) is the charger's password, as bytes or as hex text."""
        ...

    def change(self, charge_point: str, password: str | bytes | None) -> Alongside:
        """The change of a charger's password, to be stored with its events; ``None`` removes it.

        Raises ``Rejected`` for one that is too short.
        """
        ...


class Passwords(Protocol):
    """New passwords for chargers."""

    async def propose(self, charge_point: str) -> str:
        """Propose a new password, in hex, that is accepted beside the present one until it is settled.

        Raises ``Rejected`` while another one is on its way.
        """
        ...

    async def settle(self, charge_point: str, outcome: str) -> None:
        """What came of telling it: ``accepted``, ``rejected`` or ``unanswered``."""
        ...


class SigningRequest(NamedTuple):
    """What a charger wants signed. ``digest`` is the SHA-256 of the request in hex."""

    digest: str
    subject: str
    common_name: str


class Signed(NamedTuple):
    """A certificate of ours: ``serial`` and SHA-256 in hex, and as PEM with those that vouch for it."""

    serial: str
    fingerprint: str
    not_after: datetime
    chain: str


class Authority(Protocol):
    """Signs chargers' certificates."""

    def examined(self, request: str) -> SigningRequest:
        """What the request (PEM) is about. Raises ``Rejected`` for one that nobody should sign."""
        ...

    def signed(self, request: str, *, common_name: str, organization: str, at: datetime) -> Signed:
        """A certificate for the key of an examined request, valid from ``at``."""
        ...


class Due(NamedTuple):
    """A deadline that has come: of which stream and company, and whether it failed before."""

    stream: str
    company: int
    due_at: datetime
    failed_before: bool = False


class Deadlines(Protocol):
    """What is due."""

    async def due(self, now: datetime, limit: int) -> Sequence[Due]:
        """The deadlines at or before ``now``, the earliest first.

        Those that failed and whose next attempt is still to come, or that were given up, are not among them.
        """
        ...


class Estate(Protocol):
    """How many chargers a location has."""

    async def chargers_at(self, company: int, location: str) -> int:
        """How many chargers of the company stand at a location, as far as is known within two seconds."""
        ...


class People(Protocol):
    """Who belongs to a company."""

    async def names(self, company: int) -> Mapping[str, str]:
        """The names of a company's people by the ids of their accounts."""
        ...


class Directory(Protocol):
    """Which companies there are."""

    async def only_company(self) -> int | None:
        """The only company of the installation; ``None`` where it has none or several."""
        ...


class TokenListing(NamedTuple):
    """A token as a local authorization list needs it; ``status`` in the company's words."""

    uid: str
    status: str
    group: str = ""
    expires_at: datetime | None = None


class TokenRegister(Protocol):
    """The company's tokens, for lists that chargers keep."""

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        """All of them, by uid."""
        ...
