"""Questions to the read models and the history, in SQL written by hand: what the web asks, answered."""

from typing import Self

from eosvolt.adapters.postgres.connections import Reading
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.affected import AffectedQueries
from eosvolt.adapters.postgres.queries.charger_history import ChargerHistoryQueries
from eosvolt.adapters.postgres.queries.chargers import ChargerQueries
from eosvolt.adapters.postgres.queries.commands import CommandQueries
from eosvolt.adapters.postgres.queries.faults import FaultQueries
from eosvolt.adapters.postgres.queries.live import LiveRows
from eosvolt.adapters.postgres.queries.locations import LocationQueries
from eosvolt.adapters.postgres.queries.message_log import MessageLogQueries
from eosvolt.adapters.postgres.queries.notifications import NotificationQueries
from eosvolt.adapters.postgres.queries.plugs import PlugQueries
from eosvolt.adapters.postgres.queries.summaries import SummaryQueries
from eosvolt.adapters.postgres.queries.upkeep import UpkeepQueries
from eosvolt.projections import READ_MODELS

_CONNECTIONS = 6


class PostgresQueries(
    LocationQueries,
    PlugQueries,
    ChargerQueries,
    ChargerHistoryQueries,
    CommandQueries,
    SummaryQueries,
    FaultQueries,
    AffectedQueries,
    NotificationQueries,
    UpkeepQueries,
    MessageLogQueries,
):
    """All questions over connections of their own. Use it as an async context manager."""

    def __init__(self, dsn: str, store: PostgresEventStore, engine: ProjectionEngine) -> None:
        """``engine`` is the one of this process, whether it leads or not."""
        self._reading = Reading(dsn, "questions", size=_CONNECTIONS, patience=10.0)
        live = LiveRows(self._reading, READ_MODELS)
        super().__init__(live, store, engine, self._reading)
        self.built_anew = live.built_anew

    async def chargers_at(self, company: int, location: str) -> int:
        """How many chargers stand at a location, as far as is known within two seconds."""
        await self.caught_up()
        return len(await self.charge_points(company, location=location))

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._reading.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._reading.close()
