"""Rebuilds read models from the whole history beside the live ones, then switches tables atomically."""

import asyncio
import gc
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from eosvolt.adapters.postgres.connections import Db, connect, lost
from eosvolt.adapters.postgres.event_store import PostgresEventStore, StoredPage
from eosvolt.adapters.postgres.live_tables import LOCK_SWITCH, live_tables, names_of
from eosvolt.adapters.postgres.poison_event_isolation import project
from eosvolt.adapters.postgres.projection_batch import ProjectionBatch, ProjectionTarget
from eosvolt.adapters.postgres.row_tables import RowTable, canonical_name
from eosvolt.domain.kernel import Event
from eosvolt.projections.read_model import ReadModel

# Called with the number of processed events and the total.
Progress = Callable[[int, int], None]

EVENTS_PER_PAGE = 5_000
ROWS_PER_WRITE = 20_000
OBJECTS_BEFORE_COLLECTION = 100_000
_HOLD: LiteralString = "SELECT pg_advisory_lock(hashtextextended('eosvolt.build.' || %s, 0))"
_ABANDONED: LiteralString = (
    "SELECT table_name FROM read_model_builds"
    " WHERE pg_try_advisory_lock(hashtextextended('eosvolt.build.' || table_name, 0))"
)
_RELEASE: LiteralString = "SELECT pg_advisory_unlock(hashtextextended('eosvolt.build.' || %s, 0))"
_LIVE: LiteralString = (
    "INSERT INTO read_model_versions (name, version, table_name, columns, generation)"
    " VALUES (%s, %s, %s, %s, 1)"
    " ON CONFLICT (name) DO UPDATE SET version = excluded.version, table_name = excluded.table_name,"
    " columns = excluded.columns, generation = read_model_versions.generation + 1, built_at = now()"
)
_BOOKMARK: LiteralString = (
    "INSERT INTO notification_tracking (application_name, notification_id) VALUES (%s, %s)"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id"
)


async def replay(
    dsn: str,
    store: PostgresEventStore,
    models: Sequence[ReadModel[Any]],
    events: Mapping[str, type[Event]],
    progress: Progress | None = None,
) -> None:
    """Rebuild ``models`` and switch to the new tables; the system may run meanwhile.

    Raises the driver's error if the database becomes unavailable; nothing is switched then.
    """
    async with await connect(dsn, "replay") as connection:
        await drop_abandoned(connection)
        tables = [await _begin(connection, model) for model in models]
        batch = ProjectionBatch([ProjectionTarget(table, 0, complete=True) for table in tables], events)
        await fill(connection, store, batch, await store.head(), progress)
        for table in tables:
            await table.create_indexes(connection)
            await connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(table.name)))
        # Project the events that arrived while the indexes were made, so that the switch is short.
        await fill(connection, store, batch, await store.head(), None)
        await _switch(connection, store, batch)


async def fill(
    connection: Db,
    store: PostgresEventStore,
    batch: ProjectionBatch,
    until: int,
    progress: Progress | None,
) -> None:
    """Project the log up to ``until`` into the targets of ``batch``; dead letters stay in memory."""
    start = position = written = min(target.after for target in batch.targets)
    careful_until = 0

    async def write(last: int) -> None:
        nonlocal written
        async with connection.transaction():
            await batch.write(connection)
        batch.written(last)
        written = last

    pages = _Pages(store, batch.tags, until)
    collecting = gc.get_threshold()
    # Facts and rows hold no cycles, and collecting garbage would take a quarter of the time.
    gc.set_threshold(max(collecting[0], OBJECTS_BEFORE_COLLECTION), 20, 50)
    try:
        while position < until:
            page = await pages.after(position)
            if not page.passed:
                break
            position = page.last
            try:
                if position <= careful_until:
                    await project(connection, batch, page, write)
                else:
                    await batch.fold(connection, page.facts, page.broken)
                    if batch.changed >= ROWS_PER_WRITE or position >= until:
                        await write(position)
            except psycopg.Error as error:
                if lost(error):
                    raise
                # PostgreSQL refuses the row of a fact since the last write: go back and find that fact.
                batch.forget()
                careful_until, position = position, written
            if progress is not None:
                progress(min(position, until) - start, until - start)
        await write(max(position, until))
    finally:
        gc.set_threshold(*collecting)
        pages.stop()


class _Pages:
    """Pages of the log; the next one is prefetched."""

    def __init__(self, store: PostgresEventStore, tags: frozenset[str], until: int) -> None:
        self._store = store
        self._tags = tags
        self._until = until
        self._next: tuple[int, asyncio.Task[StoredPage]] | None = None

    async def after(self, position: int) -> StoredPage:
        if self._next is None or self._next[0] != position:
            self.stop()
            self._ask(position)
        assert self._next is not None  # noqa: S101 - just asked; tells the type checker
        page = await self._next[1]
        if page.passed and page.last < self._until:
            self._ask(page.last)
            # Send the next query before the page is folded.
            await asyncio.sleep(0)
        return page

    def stop(self) -> None:
        if self._next is not None:
            self._next[1].cancel()
            self._next = None

    def _ask(self, position: int) -> None:
        self._next = (
            position,
            asyncio.create_task(self._store.read_log(position, EVENTS_PER_PAGE, self._tags)),
        )


async def drop_abandoned(connection: Db) -> None:
    """Drop the tables of rebuilds whose process is gone."""
    cursor = await connection.execute(_ABANDONED)
    for (name,) in await cursor.fetchall():
        await connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
        await connection.execute("DELETE FROM read_model_builds WHERE table_name = %s", (name,))
        await connection.execute(_RELEASE, (name,))


async def _begin(connection: Db, model: ReadModel[Any]) -> RowTable[Any]:
    table = RowTable(model, f"{canonical_name(model)}_build_{secrets.token_hex(4)}")
    await connection.execute(_HOLD, (table.name,))
    async with connection.transaction():
        await connection.execute("INSERT INTO read_model_builds (table_name) VALUES (%s)", (table.name,))
        await table.create(connection, indexes=False)
    return table


async def _switch(connection: Db, store: PostgresEventStore, batch: ProjectionBatch) -> None:
    async with connection.transaction():
        # No batch of the engine runs while we hold this lock, so the old table does not change and we can
        # catch up with it.
        await connection.execute(LOCK_SWITCH)
        live = await live_tables(connection)
        reached = max(
            [target.after for target in batch.targets]
            + [live[t.model.name].bookmark for t in batch.targets if t.model.name in live]
        )
        await fill(connection, store, batch, reached, None)
        for target in batch.targets:
            model, old = target.model, live.get(target.model.name)
            name = canonical_name(model)
            for table in {name, old.table if old else name}:
                await connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(table)))
            if old is not None:
                await connection.execute(
                    "DELETE FROM notification_tracking WHERE application_name = %s",
                    (f"{old.name}:v{old.version}",),
                )
            await connection.execute(
                sql.SQL("ALTER TABLE {} RENAME TO {}").format(
                    sql.Identifier(target.table.name), sql.Identifier(name)
                )
            )
            await connection.execute(_LIVE, (model.name, model.version, name, list(names_of(model))))
            await connection.execute(_BOOKMARK, (target.bookmark, target.after))
            await connection.execute("DELETE FROM projection_dead_letters WHERE model = %s", (model.name,))
            await connection.execute(
                "DELETE FROM read_model_builds WHERE table_name = %s", (target.table.name,)
            )
        await batch.bury(connection)
