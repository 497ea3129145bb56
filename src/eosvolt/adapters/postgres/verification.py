"""Verifies the read models: a separate replay of the history is compared with them by digests."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.live_tables import LiveTable, live_tables
from eosvolt.adapters.postgres.projection_batch import ProjectionBatch, ProjectionTarget
from eosvolt.adapters.postgres.rebuild import Progress, fill
from eosvolt.adapters.postgres.row_tables import RowTable, canonical_name
from eosvolt.domain.kernel import Event
from eosvolt.projections.read_model import ReadModel


class ModelVerdict(NamedTuple):
    """One read model compared with its replay.

    ``events`` is the number of events up to its bookmark. Digests are hex. ``live`` is empty if the model has
    no table of its present version.
    """

    name: str
    version: int
    events: int
    rows: int
    live: str
    replayed: str

    @property
    def same(self) -> bool:
        """Whether the live rows equal those of the replay."""
        return self.live == self.replayed


class _Seen(NamedTuple):
    bookmark: int
    rows: int
    digest: str


async def verify(
    dsn: str,
    store: PostgresEventStore,
    models: Sequence[ReadModel[Any]],
    events: Mapping[str, type[Event]],
    progress: Progress | None = None,
) -> list[ModelVerdict]:
    """Replay everything into temporary tables and compare; the system may run meanwhile."""
    seen = await _look(dsn, models)
    head = await store.head()
    until = {model.name: seen[model.name].bookmark if model.name in seen else head for model in models}
    return await _replayed(dsn, store, models, events, until, seen, progress)


async def replayed_until(
    dsn: str,
    store: PostgresEventStore,
    models: Sequence[ReadModel[Any]],
    events: Mapping[str, type[Event]],
    position: int,
    progress: Progress | None = None,
) -> list[ModelVerdict]:
    """The digests of the models as of a position of the log; nothing is compared."""
    until = {model.name: position for model in models}
    found = await _replayed(dsn, store, models, events, until, {}, progress)
    return [verdict._replace(live=verdict.replayed) for verdict in found]


async def _replayed(
    dsn: str,
    store: PostgresEventStore,
    models: Sequence[ReadModel[Any]],
    events: Mapping[str, type[Event]],
    until: Mapping[str, int],
    seen: Mapping[str, _Seen],
    progress: Progress | None,
) -> list[ModelVerdict]:
    async with await connect(dsn, "verify") as connection:
        await connection.execute("SET temp_buffers = '128MB'")
        targets = []
        for model in models:
            table = RowTable(model, f"{canonical_name(model)}_verify")
            await table.create(connection, temporary=True, indexes=False)
            targets.append(ProjectionTarget(table, 0, until=until[model.name], complete=True))
        batch = ProjectionBatch(targets, events)
        await fill(connection, store, batch, max(until.values()), progress)
        return [await _verdict(connection, target, seen.get(target.model.name)) for target in targets]


async def _look(dsn: str, models: Sequence[ReadModel[Any]]) -> dict[str, _Seen]:
    """The bookmarks and digests of the live tables, read in one snapshot."""
    seen: dict[str, _Seen] = {}
    async with await connect(dsn, "verify live") as connection:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        live = await live_tables(connection)
        for model in models:
            table = live.get(model.name)
            if table is not None and table.fits(model):
                rows, digest = await RowTable(model, table.table).digest(
                    connection, await _dead(connection, table)
                )
                seen[model.name] = _Seen(table.bookmark, rows, digest)
    return seen


async def _dead(connection: Db, table: LiveTable) -> list[int]:
    cursor = await connection.execute(
        "SELECT position FROM projection_dead_letters WHERE model = %s AND version = %s",
        (table.name, table.version),
    )
    return [position for (position,) in await cursor.fetchall()]


async def _verdict(connection: Db, target: ProjectionTarget, seen: _Seen | None) -> ModelVerdict:
    rows, digest = await target.table.digest(connection, target.fold.dead)
    return ModelVerdict(
        target.model.name,
        target.model.version,
        target.applied,
        rows if seen is None else seen.rows,
        "" if seen is None else seen.digest,
        digest,
    )
