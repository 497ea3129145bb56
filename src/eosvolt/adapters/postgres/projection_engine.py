"""The live projection: one task reads the log once and updates all read models.

One process per database leads; the others wait for its lease. A batch holds all new events up to a limit: one
on a quiet system, thousands when behind. Rows, dead letters and bookmarks of a batch are one transaction.
"""

import asyncio
import contextlib
import logging
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString

from eosvolt.adapters.postgres.connections import LOST, Backoff, Db, connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.live_tables import (
    ADVANCE,
    LOCK_SWITCH,
    LiveTable,
    live_generations,
    open_missing,
)
from eosvolt.adapters.postgres.poison_event_isolation import project
from eosvolt.adapters.postgres.projection_batch import ProjectionBatch, ProjectionTarget
from eosvolt.adapters.postgres.rebuild import replay
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.domain.kernel import Event
from eosvolt.projections.read_model import ReadModel

logger = logging.getLogger("eosvolt.projections")

EVENTS_PER_BATCH = 10_000
# Seconds between batches while events keep coming; the first batch after a pause starts at once.
PACE = 0.03
# From this many events in a batch on, batches are further apart: many events change the same rows.
MANY = 100
PACE_OF_MANY = 0.1
POLL = 0.25
STANDBY = 0.5
_BOOKMARKS: LiteralString = (
    "SELECT coalesce(min(coalesce(t.notification_id, 0)), 0) FROM read_model_versions v"
    " LEFT JOIN notification_tracking t ON t.application_name = v.name || ':v' || v.version"
    " WHERE v.name = ANY(%b::text[])"
)
_LEAD: LiteralString = "SELECT pg_try_advisory_lock(hashtextextended('eosvolt.projections', 0))"


class _Switched(Exception):  # noqa: N818 - a signal, not a failure
    """Another process switched a table, so rows in memory may be of another table."""


class ProjectionEngine:
    """Keeps the live read models up to date. Start ``run`` as a task."""

    def __init__(
        self,
        dsn: str,
        store: PostgresEventStore,
        models: Sequence[ReadModel[Any]],
        events: Mapping[str, type[Event]],
        events_per_batch: int = EVENTS_PER_BATCH,
    ) -> None:
        """``events`` is the vocabulary by tag; at most ``events_per_batch`` go into one transaction."""
        self._dsn = dsn
        self._store = store
        self._models = {model.name: model for model in models}
        self._events = events
        self._limit = events_per_batch
        self._live: dict[str, LiveTable] = {}
        self._position = 0
        self._moved = asyncio.Condition()
        self._rebuilt = asyncio.Event()
        self.leading = False
        # The share of a rebuild that is done, 0 to 1; ``None`` if this process does none.
        self.rebuilt_share: float | None = None

    async def run(self) -> None:
        """Project for ever; survives outages of the database and its own failures."""
        backoff = Backoff()
        while True:
            try:
                async with await connect(self._dsn, "projections") as connection:
                    await self._wait_for_lease(connection)
                    backoff.reset()
                    await self._lead(connection)
            except LOST as error:
                logger.warning("projections wait for the database: %s", str(error).strip())
            except Exception:
                logger.exception("projections start again after a failure")
            finally:
                self.leading = False
            await backoff.pause()

    async def bookmark(self) -> int:
        """The position that all live read models have reached, read from the database."""
        rows = await self._store.reading.fetch(_BOOKMARKS, ([*self._models],))
        return int(rows[0][0])

    @property
    def lag(self) -> int:
        """The number of positions by which the read models are behind this process's known head."""
        return max(0, self._store.known_head - self._position)

    async def wait_until(self, position: int, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - part of the question
        """Return when the read models show ``position``; ``TimeoutError`` after ``timeout`` seconds."""
        async with asyncio.timeout(timeout):
            while self._position < position:
                if self.leading:
                    async with self._moved:
                        await self._moved.wait_for(lambda: self._position >= position or not self.leading)
                else:
                    self._position = max(self._position, await self.bookmark())
                    await asyncio.sleep(0 if self._position >= position else PACE)

    async def _wait_for_lease(self, connection: Db) -> None:
        while True:
            cursor = await connection.execute(_LEAD)
            row = await cursor.fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(STANDBY)

    async def _lead(self, connection: Db) -> None:
        grown = asyncio.Event()
        unsubscribe = self._store.subscribe(grown.set)
        rebuilding = None
        try:
            batch = await self._open(connection)
            if stale := [model for name, model in self._models.items() if not self._live[name].fits(model)]:
                rebuilding = asyncio.create_task(self._rebuild(stale), name="rebuild of read models")
            self.leading = True
            while True:
                grown.clear()
                try:
                    passed = await self._step(connection, batch)
                except _Switched:
                    batch = await self._open(connection)
                    continue
                if not passed:
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(POLL):
                            await grown.wait()
                elif passed < self._limit:
                    await asyncio.sleep(PACE if passed < MANY else PACE_OF_MANY)
        finally:
            unsubscribe()
            if rebuilding is not None:
                rebuilding.cancel()
            self.leading = False
            async with self._moved:
                self._moved.notify_all()

    async def _rebuild(self, models: list[ReadModel[Any]]) -> None:
        """Rebuild models whose live tables have another version; readers use the old tables until then."""
        backoff = Backoff()
        names = ", ".join(f"{model.name} v{model.version}" for model in models)
        while True:
            logger.info("building read models anew: %s", names)
            try:
                await replay(self._dsn, self._store, models, self._events, self._progressed)
            except LOST as error:
                logger.warning("building %s starts again: %s", names, str(error).strip())
                await backoff.pause()
            else:
                logger.info("switched to the read models built anew: %s", names)
                self._rebuilt.set()
                self.rebuilt_share = None
                return

    def _progressed(self, done: int, total: int) -> None:
        self.rebuilt_share = done / total if total else 1.0

    async def _open(self, connection: Db) -> ProjectionBatch:
        """Targets with empty caches for the live tables that this version of the program can fill."""
        self._live = await open_missing(connection, self._models)
        targets = []
        for model in self._models.values():
            live = self._live[model.name]
            if live.fits(model):
                targets.append(
                    ProjectionTarget(RowTable(model, live.table), live.bookmark, complete=live.bookmark == 0)
                )
        return ProjectionBatch(targets, self._events)

    async def _step(self, connection: Db, batch: ProjectionBatch) -> int:
        """Project the next page of the log and return its number of events."""
        if self._rebuilt.is_set():
            self._rebuilt.clear()
            raise _Switched
        if not batch.targets:
            return 0
        after = min(target.after for target in batch.targets)
        page = await self._store.read_log(after, self._limit, batch.tags)
        if page.passed:
            await project(connection, batch, page, lambda last: self._write(connection, batch, last))
        await self._moved_to(max(page.last, after) if page.passed else after)
        return page.passed

    async def _write(self, connection: Db, batch: ProjectionBatch, last: int) -> None:
        behind = [target.bookmark for target in batch.targets if target.after < last]
        async with connection.pipeline(), connection.transaction():
            await connection.execute(LOCK_SWITCH)
            if await live_generations(connection) != {
                name: live.generation for name, live in self._live.items()
            }:
                raise _Switched
            await batch.write(connection)
            await batch.bury(connection)
            cursor = await connection.execute(ADVANCE, (behind, last), prepare=True)
            if len(await cursor.fetchall()) != len(behind):
                raise _Switched
        batch.written(last)
        batch.buried()

    async def _moved_to(self, position: int) -> None:
        if position > self._position:
            async with self._moved:
                self._position = position
                self._moved.notify_all()
