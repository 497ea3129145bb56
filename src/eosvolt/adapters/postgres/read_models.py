"""Reading rows of the live read models, typed, for the web and for whoever asks."""

from collections.abc import Mapping
from typing import Any, LiteralString, TypeVar

from psycopg import sql

from eosvolt.adapters.postgres.connections import Reading
from eosvolt.adapters.postgres.live_tables import names_of
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)

_TABLE: LiteralString = "SELECT table_name, columns FROM read_model_versions WHERE name = %b"


class ModelNotBuilt(Exception):  # noqa: N818 - an answer about the present state of things
    """The read model has no table that this program can read: it was never started, or is being built."""


class PostgresReadModels:
    """Typed queries over the live tables, whatever they are called today."""

    def __init__(self, reading: Reading) -> None:
        """``reading`` is the pool to read with."""
        self._reading = reading

    async def table(self, model: ReadModel[Any]) -> sql.Identifier:
        """The live table of a model, for queries written by hand. Raises ``ModelNotBuilt``."""
        rows = await self._reading.fetch(_TABLE, (model.name,))
        if not rows or not set(names_of(model)) <= set(rows[0][1]):
            raise ModelNotBuilt(f"The read model {model.name} (version {model.version}) is being built.")
        return sql.Identifier(rows[0][0])

    async def rows(
        self,
        model: ReadModel[R],
        where: LiteralString = "true",
        params: Mapping[str, Any] | None = None,
        order: LiteralString = "",
        limit: int | None = None,
    ) -> list[R]:
        """The rows for which ``where`` holds, e.g. ``rows(session_history, "company = %(company)s",
        {"company": 242})``.

        ``where`` and ``order`` are SQL over the columns. ``params`` fill the named places.
        """
        name = await self.table(model)
        table = RowTable(model)
        query = sql.SQL("SELECT {} FROM {} WHERE {}").format(table.selection, name, sql.SQL(where))
        if order:
            query += sql.SQL(" ORDER BY ") + sql.SQL(order)
        if limit is not None:
            query += sql.SQL(" LIMIT {}").format(limit)
        found = await self._reading.fetch(query, dict(params or {}))
        return [table.row(row) for row in found]

    async def row(self, model: ReadModel[R], key: str) -> R | None:
        """The row of one key."""
        column = sql.Identifier(names_of(model)[0])
        table = RowTable(model)
        query = sql.SQL("SELECT {} FROM {} WHERE {} = %b").format(
            table.selection, await self.table(model), column
        )
        found = await self._reading.fetch(query, (key,))
        return table.row(found[0]) if found else None
