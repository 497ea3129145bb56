"""Questions to the history itself: the events of a session or of everything, and the frames of a session."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import frames_between
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.live import LiveRows
from eosvolt.adapters.postgres.queries.session_log import Subject, of_session
from eosvolt.adapters.postgres.queries.sessions import PostgresSessionQueries
from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact

# A driver is authorized before the session starts, and the last answer follows the last event.
_BEFORE = timedelta(minutes=2)
_AFTER = timedelta(minutes=1)
_NOT_OVER = datetime(9999, 1, 1, tzinfo=UTC)


class PostgresHistoryQueries(PostgresSessionQueries):
    """Facts and frames."""

    def __init__(
        self, live: LiveRows, store: PostgresEventStore, engine: ProjectionEngine, reading: ReadPool
    ) -> None:
        """``engine`` tells how far the read models have come; ``reading`` reads frames."""
        super().__init__(live, store)
        self._engine = engine
        self._reading = reading

    async def session_facts(self, company: int, session: str) -> Sequence[Fact]:
        """Everything that happened in a session; empty for one that is not the company's."""
        facts = await self._store.read(f"session:{session}")
        return [fact for fact in facts if fact.why.company == company]

    async def session_frames(self, company: int, session: str) -> AsyncIterator[Frame]:
        """What charger and system said to each other about a session, oldest first."""
        row = await self.session(company, session)
        if row is None:
            return
        # Frames are kept under our clock; the session's own times are the charger's, maybe hours away from
        # it.
        facts = await self._store.read(f"session:{session}")
        since = facts[0].recorded_at - _BEFORE
        until = facts[-1].recorded_at + _AFTER if row.freed_at else _NOT_OVER
        frames = frames_between(self._reading, company, f"{company}/{row.charge_point}", since, until)
        tokens = {str(getattr(fact.event, "token", "")).upper() for fact in facts} - {""}
        subject = Subject(
            row.connector,
            row.transaction,
            frozenset(tokens),
            frozenset(fact.why.frame for fact in facts if fact.why.frame),
        )
        async for frame in of_session(frames, subject):
            yield frame

    def frames_between(
        self, company: int, charge_box_id: str, since: datetime, until: datetime
    ) -> AsyncIterator[Frame]:
        """What charger and system said to each other in a stretch of time, oldest first."""
        return frames_between(self._reading, company, f"{company}/{charge_box_id}", since, until)

    async def facts(
        self, company: int, *, after: int = 0, stream: str = "", tags: Sequence[str] = (), limit: int = 200
    ) -> Sequence[Fact]:
        """A company's facts behind a position, in the order of the log."""
        found = self._store.search(
            company=company, after=after, stream=stream or None, tags=tags or None, limit=limit
        )
        return [fact async for fact in found]

    async def settled(self, seconds: float = 2.0) -> None:
        """Wait until the read models know what this process stored before the call, or for ``seconds``."""
        await self._shown(self._store.known_head, seconds)

    async def caught_up(self, seconds: float = 2.0) -> bool:
        """Wait until the read models know what any process stored before the call; ``False`` if too long."""
        return await self._shown(await self._store.head(), seconds)

    async def _shown(self, position: int, seconds: float) -> bool:
        try:
            await self._engine.wait_until(position, timeout=seconds)
        except TimeoutError:
            return False
        return True
