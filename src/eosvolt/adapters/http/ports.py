"""What the web needs to know and who answers it: questions to the read models, accounts, and the live feed.

Everything takes the company first; an answer never contains anything of another one. ``as_of`` asks what the screen
showed at an earlier instant.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.companies import ApiKeyRow, CompanyRow
from eosvolt.projections.connector_status import ConnectorRow
from eosvolt.projections.faults import FaultRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.revenue import SummaryRow
from eosvolt.projections.session_history import SessionRow
from eosvolt.projections.tokens import TokenRow

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """Some of the answers, and the opaque cursor behind the last of them; ``None`` where there are no more."""

    items: Sequence[T]
    cursor: str | None


class SessionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which sessions. Empty fields do not restrict. ``since``/``until`` bound the start; ``search`` is the search bar's text."""

    since: datetime | None = None
    until: datetime | None = None
    status: tuple[str, ...] = ()
    type: str = ""
    location: str = ""
    charge_point: str = ""
    connector: int | None = None
    token: str = ""
    search: str = ""


class FaultFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which diagnostics entries. ``state`` may be ``unsolved`` for open and recovered ones."""

    state: str = ""
    kind: str = ""
    location: str = ""
    charge_point: str = ""
    search: str = ""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of one period and currency, in minor units and Wh."""

    currency: str
    gross: int
    net: int
    vat: int
    energy_wh: int
    sessions: int


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """One step of the series: an hour is never smaller than a day's rows, so days for months, months for years."""

    label: str
    since: date
    figures: tuple[Figures, ...]


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """The summary of a period, the one before, and its steps. One ``Figures`` per currency; currencies are never added up."""

    period: str
    since: date
    until: date
    figures: tuple[Figures, ...]
    previous: tuple[Figures, ...]
    series: tuple[Bucket, ...]


class Queries(Protocol):
    """Questions to the read models."""

    async def company(self, company: int) -> CompanyRow | None: ...
    async def api_key(self, digest: str) -> ApiKeyRow | None: ...
    async def api_keys(self, company: int) -> Sequence[ApiKeyRow]: ...
    async def locations(self, company: int) -> Sequence[LocationRow]: ...
    async def location(self, company: int, location: str) -> LocationRow | None: ...
    async def charge_points(
        self, company: int, *, location: str = "", search: str = ""
    ) -> Sequence[ChargePointRow]: ...
    async def charge_point(self, company: int, charge_box_id: str) -> ChargePointRow | None: ...
    async def connectors(
        self,
        company: int,
        *,
        location: str = "",
        charge_box_id: str = "",
        shown: str = "",
        as_of: datetime | None = None,
    ) -> Sequence[ConnectorRow]: ...
    async def sessions(
        self,
        company: int,
        wanted: SessionFilter,
        *,
        sort: str = "-startedAt",
        cursor: str | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
    ) -> Page[SessionRow]: ...
    async def session(
        self, company: int, session: str, *, as_of: datetime | None = None
    ) -> SessionRow | None: ...
    async def session_facts(self, company: int, session: str) -> Sequence[Fact]: ...
    def session_frames(self, company: int, session: str) -> AsyncIterator[Frame]: ...
    async def summary(
        self, company: int, period: str, day: date, *, location: str = "", as_of: datetime | None = None
    ) -> Summary: ...
    async def days(self, company: int, since: date, until: date) -> Sequence[SummaryRow]: ...
    async def faults(
        self, company: int, wanted: FaultFilter, *, cursor: str | None = None, limit: int = 50
    ) -> Page[FaultRow]: ...
    async def fault(self, company: int, fault: str) -> FaultRow | None: ...
    async def tokens(
        self, company: int, *, search: str = "", cursor: str | None = None, limit: int = 50
    ) -> Page[TokenRow]: ...
    async def token(self, company: int, uid: str) -> TokenRow | None: ...
    async def command(self, company: int, command: str) -> CommandRow | None: ...
    async def commands(self, company: int, charge_box_id: str, limit: int = 20) -> Sequence[CommandRow]: ...
    async def facts(
        self, company: int, *, after: int = 0, stream: str = "", tags: Sequence[str] = (), limit: int = 200
    ) -> Sequence[Fact]: ...
    async def settled(self, seconds: float = 2.0) -> None:
        """Wait until the read models know everything that was stored before the call, or for ``seconds``."""
        ...


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can sign in. Personal data lives here, outside the history."""

    account: str
    company: int
    email: str
    name: str
    owner: bool


class Accounts(Protocol):
    """Who may sign in, and who is signed in."""

    async def create(self, *, company: int, email: str, name: str, password: str, owner: bool) -> Account:
        """Raises ``Rejected`` where the e-mail is taken or the password too short."""
        ...

    async def by_password(self, email: str, password: str) -> Account | None: ...
    async def open_session(self, account: str, *, address: str, agent: str) -> str:
        """A new secret for the cookie; only its SHA-256 is stored."""
        ...

    async def by_session(self, secret: str) -> Account | None: ...
    async def close_session(self, secret: str) -> None: ...
    async def set_charger_password(self, charge_point: str, password: str | None) -> None: ...
    async def repeated(self, company: int, key: str, digest: str) -> "Remembered | None":
        """The first answer to a request with this ``Idempotency-Key``, if there was one in the last 24 hours."""
        ...

    async def remember(self, company: int, key: str, digest: str, answer: "Remembered") -> None: ...


class Remembered(NamedTuple):
    """An answer given before. ``digest`` is the SHA-256 of the request that it answered."""

    digest: str
    status: int
    headers: dict[str, str]
    body: bytes


class Feed(Protocol):
    """Facts as they become visible in the read models."""

    def follow(self, company: int, after: int | None = None) -> AsyncIterator[Sequence[Fact]]:
        """Batches of a company's facts behind ``after`` (default: from now on), without a gap, for as long as it is read.

        An empty batch comes every 15 seconds when nothing happens.
        """
        ...
