"""Queries of the history: the events of a session or a company, and the frames of a session."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import frames_between
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.live import LiveRows
from eosvolt.adapters.postgres.queries.session_log import Subject, of_session, window
from eosvolt.adapters.postgres.queries.sessions import PostgresSessionQueries
from eosvolt.application.ports import Frame
from eosvolt.domain.kernel import Fact


class PostgresHistoryQueries(PostgresSessionQueries):
    """Facts and frames."""

    def __init__(
        self, live: LiveRows, store: PostgresEventStore, engine: ProjectionEngine, reading: ReadPool
    ) -> None:
        """``engine`` knows the position of the read models; ``reading`` reads frames."""
        super().__init__(live, store)
        self._engine = engine
        self._reading = reading

    async def session_facts(self, company: int, session: str) -> Sequence[Fact]:
        """The facts of a session; empty for a session of another company."""
        facts = await self._store.read(f"session:{session}")
        return [fact for fact in facts if fact.why.company == company]

    async def payment_facts(self, company: int, payment: str) -> Sequence[Fact]:
        """The facts of a driver's payment; empty for a payment at another company."""
        facts = await self._store.read(f"payment:{payment}")
        return [fact for fact in facts if fact.why.company == company]

    async def session_frames(self, company: int, session: str) -> AsyncIterator[Frame]:
        """The OCPP frames about a session, oldest first."""
        row = await self.session(company, session)
        if row is None:
            return
        facts = await self._store.read(f"session:{session}")
        since, until = window(facts, over=row.freed_at is not None)
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
        """A charger's OCPP frames between two instants, oldest first."""
        return frames_between(self._reading, company, f"{company}/{charge_box_id}", since, until)

    async def settled(self, seconds: float = 5.0) -> None:
        """Wait, at most ``seconds``, until the read models show what this process stored before the call."""
        await self._shown(self._store.known_head, seconds)

    async def caught_up(self, seconds: float = 2.0) -> bool:
        """Wait until the read models show what any process stored before the call; ``False`` on timeout."""
        return await self._shown(await self._store.head(), seconds)

    async def _shown(self, position: int, seconds: float) -> bool:
        try:
            await self._engine.wait_until(position, timeout=seconds)
        except TimeoutError:
            return False
        return True
