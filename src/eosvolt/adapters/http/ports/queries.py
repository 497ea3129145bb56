"""What the web needs to know and who answers it: questions to the read models, accounts, and the live feed.

Everything takes the company first; an answer never contains anything of another one. ``as_of`` asks what
the screen showed at an earlier instant.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol, Self

from eosvolt.adapters.http.ports.admins import AdminQueries
from eosvolt.adapters.http.ports.bookings import BookingQueries
from eosvolt.adapters.http.ports.chargers import ChargerQueries
from eosvolt.adapters.http.ports.commands import CommandQueries
from eosvolt.adapters.http.ports.customers import CustomerQueries
from eosvolt.adapters.http.ports.device_management import UpkeepQueries
from eosvolt.adapters.http.ports.faults import FaultQueries
from eosvolt.adapters.http.ports.history import HistoryQueries
from eosvolt.adapters.http.ports.home_chargers import HomeChargerQueries
from eosvolt.adapters.http.ports.invoices import InvoiceQueries
from eosvolt.adapters.http.ports.ledger import LedgerQueries
from eosvolt.adapters.http.ports.notifications import NotificationQueries
from eosvolt.adapters.http.ports.payouts import PayoutQueries
from eosvolt.adapters.http.ports.performance import PerformanceQueries
from eosvolt.adapters.http.ports.proof import ProofQueries
from eosvolt.adapters.http.ports.rating import RatingQueries
from eosvolt.adapters.http.ports.tokens import TokenQueries
from eosvolt.adapters.http.ports.zones import ZoneQueries
from eosvolt.application.ports import Frame
from eosvolt.application.questions import (
    ENDLESS,
    Affected,
    Bucket,
    FaultCounts,
    FaultFilter,
    Figures,
    Page,
    SessionFilter,
    SessionSums,
    Summary,
)
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import ChargePointRow
from eosvolt.projections.charger_commands import CommandRow
from eosvolt.projections.companies import ApiKeyRow, CompanyRow
from eosvolt.projections.connector_status import ConnectorRow, PlugsInState
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.refused_starts import RefusedStartRow
from eosvolt.projections.revenue import SummaryRow
from eosvolt.projections.session_row import SessionRow

__all__ = [
    "Affected",
    "Bucket",
    "FaultCounts",
    "FaultFilter",
    "Feed",
    "Figures",
    "Page",
    "Queries",
    "SessionFilter",
    "SessionSums",
    "Summary",
]


class Queries(
    ChargerQueries,
    CommandQueries,
    UpkeepQueries,
    NotificationQueries,
    FaultQueries,
    PerformanceQueries,
    LedgerQueries,
    PayoutQueries,
    InvoiceQueries,
    AdminQueries,
    CustomerQueries,
    ProofQueries,
    RatingQueries,
    HomeChargerQueries,
    BookingQueries,
    TokenQueries,
    HistoryQueries,
    ZoneQueries,
    Protocol,
):
    """Questions to the read models."""

    def narrowed(self, within: frozenset[str] | None) -> Self:
        """The same questions about these locations alone, as if nothing were elsewhere; ``None`` for all."""
        ...

    def snapshot(self) -> AbstractAsyncContextManager[Self]:
        """The same questions, all answered by the read models as they were at one moment."""
        ...

    def as_of(self, at: datetime | None) -> "Queries":
        """The same questions as of an earlier instant; those without an answer raise ``OnlyPresent``."""
        ...

    async def company(self, company: int) -> CompanyRow | None:
        """A company, if it is registered."""
        ...

    async def api_key(self, digest: str) -> ApiKeyRow | None:
        """A program's access by the SHA-256 of its key, also one that was taken away."""
        ...

    async def api_keys(self, company: int) -> Sequence[ApiKeyRow]:
        """All keys of a company, the newest first."""
        ...

    async def locations(
        self,
        company: int,
        within: Collection[str] | None = None,
        *,
        removed: bool = False,
        homes: bool = False,
    ) -> Sequence[LocationRow]:
        """The locations by name: with ``within`` only those, with ``removed`` and ``homes`` also such."""
        ...

    async def location(self, company: int, location: str) -> LocationRow | None:
        """One location, also a removed one."""
        ...

    async def refused_starts(
        self, company: int, *, location: str = "", charge_box_id: str = "", limit: int = 20
    ) -> Sequence[RefusedStartRow]:
        """The newest refused starts, at a location or a charger."""
        ...

    async def location_facts(self, company: int, location: str, limit: int = 200) -> Sequence[Fact]:
        """What happened to a location, the newest first."""
        ...

    async def charge_points(
        self, company: int, *, location: str = "", search: str = "", homes: bool = False
    ) -> Sequence[ChargePointRow]:
        """The chargers that were not removed, by charge box id; with ``homes`` also those at homes."""
        ...

    async def charger_counts(self, company: int) -> Mapping[str, int]:
        """How many chargers each location has that has any."""
        ...

    async def charge_point(self, company: int, charge_box_id: str) -> ChargePointRow | None:
        """One charger; ``None`` when it was removed."""
        ...

    async def plug_states(self, company: int, *, as_of: datetime | None = None) -> Sequence[PlugsInState]:
        """How many plugs of each location are in each state."""
        ...

    async def connectors(
        self,
        company: int,
        *,
        locations: Sequence[str] | None = None,
        location: str = "",
        charge_box_id: str = "",
        shown: str = "",
        as_of: datetime | None = None,
    ) -> Sequence[ConnectorRow]:
        """Plugs, by charger and number, those of homes if named; ``shown``: as the dashboard shows it."""
        ...

    async def sessions(
        self,
        company: int,
        wanted: SessionFilter,
        *,
        sort: str = "-startedAt",
        cursor: str | None = None,
        backward: bool = False,
        limit: int = 50,
        now: datetime = ENDLESS,
        as_of: datetime | None = None,
    ) -> Page[SessionRow]:
        """A page of sessions behind the cursor, or in front of it; raises ``Unanswerable``.

        By duration, sessions that have not ended have lasted until ``now``.
        """
        ...

    async def session_sums(self, company: int, wanted: SessionFilter) -> SessionSums:
        """How many sessions are wanted and what they come to."""
        ...

    async def session(
        self, company: int, session: str, *, as_of: datetime | None = None
    ) -> SessionRow | None:
        """One session."""
        ...

    async def session_facts(self, company: int, session: str) -> Sequence[Fact]:
        """Everything that happened in a session, oldest first."""
        ...

    def session_frames(self, company: int, session: str) -> AsyncIterator[Frame]:
        """What charger and system said to each other about a session."""
        ...

    async def summary(
        self,
        company: int,
        period: str,
        day: date,
        *,
        now: datetime,
        time_zone: str,
        location: str = "",
        as_of: datetime | None = None,
    ) -> Summary:
        """The period (``day``, ``month``, ``year``) that ``day`` is in.

        One that runs at ``now`` on the clock of ``time_zone`` is compared with the same stretch before.
        """
        ...

    async def days(
        self, company: int, since: date, until: date, *, as_of: datetime | None = None
    ) -> Sequence[SummaryRow]:
        """The sums of local days from ``since`` up to but not including ``until``."""
        ...

    async def command(self, company: int, command: str) -> CommandRow | None:
        """One command to a charger."""
        ...

    async def commands(self, company: int, charge_box_id: str, limit: int = 20) -> Sequence[CommandRow]:
        """The newest commands to a charger."""
        ...

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait until the read models know what this process stored before the call, or for ``seconds``."""
        ...

    async def caught_up(self, seconds: float = 2.0) -> bool:
        """Wait until the read models know what any process stored before the call; ``False`` if too long."""
        ...


class Feed(Protocol):
    """Facts as they become visible in the read models."""

    def follow(self, company: int, after: int | None = None) -> AsyncIterator[Sequence[Fact]]:
        """Batches of a company's facts behind ``after`` (default: from now on), without a gap.

        An empty batch comes first, from which on nothing is missed, and every 15 seconds without facts.
        """
        ...

    async def position(self) -> int:
        """A position of the history that the read models have reached."""
        ...
