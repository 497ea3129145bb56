"""The live table of each read model, and its position."""

from collections.abc import Mapping
from typing import Any, LiteralString, NamedTuple

from eosvolt.adapters.postgres.connections import Db
from eosvolt.adapters.postgres.row_tables import RowTable, columns_of
from eosvolt.projections.read_model import ReadModel

# Each batch of the engine and each switch of a table holds this lock until its transaction ends.
LOCK_SWITCH: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.read_models', 0))"
_LIVE: LiteralString = (
    "SELECT v.name, v.version, v.table_name, v.columns, v.generation, coalesce(t.notification_id, 0)"
    " FROM read_model_versions v"
    " LEFT JOIN notification_tracking t ON t.application_name = v.name || ':v' || v.version"
)
_OPEN: LiteralString = (
    "INSERT INTO read_model_versions (name, version, table_name, columns, generation)"
    " VALUES (%s, %s, %s, %s, 1)"
)
# Advances several bookmarks of the library's tracking table, in which a position only grows.
ADVANCE: LiteralString = (
    "INSERT INTO notification_tracking (application_name, notification_id)"
    " SELECT unnest(%b::text[]), %b::bigint"
    " ON CONFLICT (application_name) DO UPDATE SET notification_id = excluded.notification_id"
    " WHERE notification_tracking.notification_id < excluded.notification_id RETURNING application_name"
)


class LiveTable(NamedTuple):
    """The table that queries of a model read at present, and the position that it has reached."""

    name: str
    version: int
    table: str
    columns: tuple[str, ...]
    generation: int
    bookmark: int

    def fits(self, model: ReadModel[Any]) -> bool:
        """Whether this table was made by this version of the model, column by column."""
        return self.version == model.version and self.columns == names_of(model)


def names_of(model: ReadModel[Any]) -> tuple[str, ...]:
    """The names of a model's columns."""
    return tuple(column.name for column in columns_of(model.row))


async def live_generations(connection: Db) -> dict[str, int]:
    """The number of switches of each live table; another number means another table."""
    cursor = await connection.execute("SELECT name, generation FROM read_model_versions", prepare=True)
    return dict(await cursor.fetchall())


async def live_tables(connection: Db) -> dict[str, LiveTable]:
    """All live tables by the name of their model."""
    cursor = await connection.execute(_LIVE)
    return {
        name: LiveTable(name, version, table, tuple(columns), generation, bookmark)
        for name, version, table, columns, generation, bookmark in await cursor.fetchall()
    }


async def open_missing(connection: Db, models: Mapping[str, ReadModel[Any]]) -> dict[str, LiveTable]:
    """Create an empty live table for each model without one, and return all live tables."""
    async with connection.transaction():
        await connection.execute(LOCK_SWITCH)
        live = await live_tables(connection)
        for model in models.values():
            if model.name not in live:
                table = RowTable(model)
                await table.create(connection)
                await connection.execute(
                    _OPEN, (model.name, model.version, table.name, list(names_of(model)))
                )
        return await live_tables(connection)
