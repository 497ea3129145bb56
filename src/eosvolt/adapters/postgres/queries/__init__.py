"""Queries of the read models and the history for the API and the pages, in hand-written SQL."""

import copy
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Self

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.admins import PostgresAdminQueries
from eosvolt.adapters.postgres.queries.affected import PostgresAffectedQueries
from eosvolt.adapters.postgres.queries.bookings import PostgresBookingQueries
from eosvolt.adapters.postgres.queries.charger_history import PostgresChargerHistoryQueries
from eosvolt.adapters.postgres.queries.chargers import PostgresChargerQueries
from eosvolt.adapters.postgres.queries.commands import PostgresCommandQueries
from eosvolt.adapters.postgres.queries.customers import PostgresCustomerQueries
from eosvolt.adapters.postgres.queries.faults import PostgresFaultQueries
from eosvolt.adapters.postgres.queries.home_chargers import PostgresHomeChargerQueries
from eosvolt.adapters.postgres.queries.invoices import PostgresInvoiceQueries
from eosvolt.adapters.postgres.queries.ledger import PostgresLedgerQueries
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.adapters.postgres.queries.locations import PostgresLocationQueries
from eosvolt.adapters.postgres.queries.message_log import PostgresMessageLogQueries
from eosvolt.adapters.postgres.queries.notifications import PostgresNotificationQueries
from eosvolt.adapters.postgres.queries.past_queries import QueriesAsOf
from eosvolt.adapters.postgres.queries.payouts import PostgresPayoutQueries
from eosvolt.adapters.postgres.queries.performance import PostgresPerformanceQueries
from eosvolt.adapters.postgres.queries.plugs import PostgresPlugQueries
from eosvolt.adapters.postgres.queries.proof import PostgresProofQueries
from eosvolt.adapters.postgres.queries.rating import PostgresRatingQueries
from eosvolt.adapters.postgres.queries.summaries import PostgresSummaryQueries
from eosvolt.adapters.postgres.queries.trade import PostgresTradeQueries
from eosvolt.adapters.postgres.queries.upkeep import PostgresUpkeepQueries
from eosvolt.adapters.postgres.queries.zones import PostgresZoneQueries
from eosvolt.application.booking_questions import COMING, BookingFilter
from eosvolt.application.questions import SessionFilter
from eosvolt.projections import READ_MODELS
from eosvolt.projections.session_row import OPEN_STATUSES

_CONNECTIONS = 6
# Whole lists are read over connections of their own, so that pages never wait for them.
_SNAPSHOTS = 4


class PostgresQueries(
    PostgresLocationQueries,
    PostgresPlugQueries,
    PostgresChargerQueries,
    PostgresChargerHistoryQueries,
    PostgresCommandQueries,
    PostgresSummaryQueries,
    PostgresPerformanceQueries,
    PostgresTradeQueries,
    PostgresLedgerQueries,
    PostgresPayoutQueries,
    PostgresInvoiceQueries,
    PostgresFaultQueries,
    PostgresAffectedQueries,
    PostgresNotificationQueries,
    PostgresUpkeepQueries,
    PostgresMessageLogQueries,
    PostgresZoneQueries,
    PostgresAdminQueries,
    PostgresCustomerQueries,
    PostgresProofQueries,
    PostgresRatingQueries,
    PostgresHomeChargerQueries,
    PostgresBookingQueries,
):
    """All queries, over their own connections. Use it as an async context manager."""

    def __init__(self, dsn: str, store: PostgresEventStore, engine: ProjectionEngine) -> None:
        """``engine`` is this process's, whether or not it leads."""
        self._reading = ReadPool(dsn, "questions", size=_CONNECTIONS, patience=10.0)
        self._snapshots = ReadPool(dsn, "exports", size=_SNAPSHOTS, patience=10.0, idle=0)
        live = LiveRows(self._reading, readers_of(READ_MODELS))
        super().__init__(live, store, engine, self._reading)
        self.rebuilding = live.rebuilding

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Self]:
        """The same queries, all answered by the read models as they were at one moment."""
        async with self._snapshots.snapshot() as reading:
            then = copy.copy(self)
            then._live = self._live.over(reading)  # noqa: SLF001 - of the copy
            yield then

    def as_of(self, at: datetime | None) -> "PostgresQueries | QueriesAsOf":
        """The same queries as of an earlier instant; ``None`` for the present."""
        return self if at is None else QueriesAsOf(self, at)

    async def chargers_at(self, company: int, location: str) -> int:
        """The number of chargers at a location, after waiting up to two seconds for the read models."""
        await self.caught_up()
        return len(await self.charge_points(company, location=location))

    async def charge_points_at(self, company: int, location: str) -> Sequence[str]:
        """The keys of the chargers at a location, in order; it waits likewise."""
        await self.caught_up()
        rows = await self.charge_points(company, location=location)
        return sorted(row.charge_point for row in rows)

    async def open_sessions_at(self, company: int, location: str) -> int:
        """The number of open sessions at a location, at most 1; it waits likewise."""
        await self.caught_up()
        wanted = SessionFilter(location=location, status=OPEN_STATUSES)
        return len((await self.sessions(company, wanted, limit=1)).items)

    async def bookings_at(self, company: int, location: str) -> int:
        """The number of bookings at a location that are not over, at most 1; it waits likewise."""
        await self.caught_up()
        wanted = BookingFilter(location=location, states=COMING)
        return len((await self.bookings(company, wanted, limit=1)).items)

    async def __aenter__(self) -> Self:
        """Start filling the pools; does not wait for the database."""
        await self._reading.open()
        await self._snapshots.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._snapshots.close()
        await self._reading.close()
