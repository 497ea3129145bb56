"""Queries over the live tables of the read models, whose names change with rebuilds."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, LiteralString, TypeVar, cast

from psycopg import sql
from psycopg.errors import UndefinedTable

from eosvolt.adapters.postgres.connections import Reader, SnapshotReader
from eosvolt.adapters.postgres.live_tables import names_of
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.application.questions import ReadModelRebuilding
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)

_TABLES: LiteralString = "SELECT name, table_name, columns, version FROM read_model_versions"
_BOOKMARK: LiteralString = (
    "SELECT coalesce(max(t.notification_id), 0) FROM read_model_versions v JOIN notification_tracking t"
    " ON t.application_name = v.name || ':v' || v.version WHERE v.name = %s"
)
# The names of live tables are cached for this many seconds; a dropped table is noticed at once.
_TRUSTED = 1.0


def readers_of(models: Sequence[ReadModel[Any]]) -> dict[str, RowTable[Any]]:
    """The tables of read models by name. To make them takes as long as a page: make them once."""
    return {model.name: RowTable(model) for model in models}


class LiveRows:
    """Runs SQL in which ``{name}`` stands for the live table of the read model ``name``."""

    def __init__(self, reading: Reader, readers: Mapping[str, RowTable[Any]]) -> None:
        """``readers`` are the tables of all models that can be queried, by name (see ``readers_of``)."""
        self._reading = reading
        self._readers = readers
        self._tables: dict[str, sql.Identifier] = {}
        self._older: frozenset[str] = frozenset()
        self._versions: Mapping[str, int] = {}
        self._written: dict[str, bytes] = {}
        self._until = 0.0

    def over(self, reading: Reader) -> "LiveRows":
        """The same models, read elsewhere."""
        return LiveRows(reading, self._readers)

    @property
    def readers(self) -> Mapping[str, RowTable[Any]]:
        """The tables of all models that can be queried, by name."""
        return self._readers

    async def ask(self, query: LiteralString, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """The raw rows of a query.

        Raises ``ReadModelRebuilding`` while a table that it reads lacks columns of this program's model.
        """
        return await self._asked(query, params, any_version=False)

    async def ask_any_version(self, query: LiteralString, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Like ``ask``, also of earlier versions' tables: the query names columns that all of them have."""
        return await self._asked(query, params, any_version=True)

    async def bookmark(self, model: ReadModel[Any]) -> int:
        """The position that the live table has reached; one of an earlier version stays behind."""
        rows = await self._reading.fetch(_BOOKMARK, (model.name,))
        return int(rows[0][0])

    async def rebuilding(self) -> frozenset[str]:
        """The models whose tables lack columns of this program's version, until they are rebuilt."""
        await self._look(fresh=True)
        return self._older

    async def is_behind(self, model: ReadModel[Any]) -> bool:
        """Whether an earlier version wrote the live table, which answers until the new one is built."""
        await self._look(fresh=False)
        return self._versions.get(model.name, model.version) < model.version

    async def rows(self, model: ReadModel[R], rest: LiteralString, params: Mapping[str, Any]) -> list[R]:
        """The rows of a model; ``rest`` is the SQL after ``SELECT … FROM`` the table."""
        reader = cast("RowTable[R]", self._readers[model.name])
        query = f"SELECT {{{model.name}_columns}} FROM {{{model.name}}} {rest}"
        return [reader.row(values) for values in await self.ask(query, params)]

    async def batches(
        self, model: ReadModel[R], rest: LiteralString, params: Mapping[str, Any], size: int
    ) -> AsyncGenerator[list[R], None]:
        """Like ``rows``, at most ``size`` at a time, for answers of any length.

        Raises ``TypeError`` outside a snapshot: whoever reads slowly would keep a connection of the others.
        """
        if not isinstance(self._reading, SnapshotReader):
            raise TypeError("Only a snapshot is read in batches.")
        reader = cast("RowTable[R]", self._readers[model.name])
        await self._look(fresh=True)
        written = self._query(f"SELECT {{{model.name}_columns}} FROM {{{model.name}}} {rest}")
        async with aclosing(self._reading.batches(written, params, size)) as batches:
            async for values in batches:
                yield [reader.row(each) for each in values]

    async def changed_rows(
        self, model: ReadModel[R], rest: LiteralString, params: Mapping[str, Any]
    ) -> list[tuple[R, int]]:
        """Like ``rows``, each with the position of the last fact that changed it."""
        query = f"SELECT {{{model.name}_columns}}, changed FROM {{{model.name}}} {rest}"
        return await self.changed(model, query, params)

    async def changed(
        self, model: ReadModel[R], query: LiteralString, params: Mapping[str, Any]
    ) -> list[tuple[R, int]]:
        """Like ``changed_rows``, for a whole query that selects ``{name_columns}, changed``."""
        reader = cast("RowTable[R]", self._readers[model.name])
        return [(reader.row(values[:-1]), int(values[-1])) for values in await self.ask(query, params)]

    async def first(self, model: ReadModel[R], rest: LiteralString, params: Mapping[str, Any]) -> R | None:
        """The first of ``rows``, or ``None``."""
        found = await self.rows(model, rest, params)
        return found[0] if found else None

    async def _asked(
        self, query: LiteralString, params: Mapping[str, Any], *, any_version: bool
    ) -> list[tuple[Any, ...]]:
        await self._look(fresh=False)
        try:
            return await self._run(query, params, any_version=any_version)
        except UndefinedTable:
            await self._look(fresh=True)
            return await self._run(query, params, any_version=any_version)

    async def _run(
        self, query: LiteralString, params: Mapping[str, Any], *, any_version: bool
    ) -> list[tuple[Any, ...]]:
        return await self._reading.fetch(self._query(query, any_version=any_version), params)

    def _query(self, query: LiteralString, *, any_version: bool = False) -> bytes:
        """The query with the names of the live tables."""
        written = self._written.get(query)
        if written is None:
            if not any_version and (older := sorted(name for name in self._older if f"{{{name}}}" in query)):
                raise ReadModelRebuilding(f"{', '.join(older)} is being rebuilt after an upgrade.")
            names = {name: table for name, table in self._tables.items() if name in query}
            columns = {
                f"{name}_{which}": selected
                for name, reader in self._readers.items()
                for which, selected in (("columns", reader.selection), ("columns_raw", reader.names))
                if f"{{{name}_{which}}}" in query
            }
            written = sql.SQL(query).format(**names, **columns).as_string().encode()
            self._written[query] = written
        return written

    async def _look(self, *, fresh: bool) -> None:
        if not fresh and time.monotonic() < self._until:
            return
        found = await self._reading.fetch(_TABLES)
        tables = {name: sql.Identifier(table) for name, table, *_ in found}
        self._versions = {name: version for name, *_, version in found}
        if tables != self._tables:
            self._tables = tables
            self._older = frozenset(
                name
                for name, _, columns, _ in found
                if name in self._readers and not {*names_of(self._readers[name].model)} <= {*columns}
            )
            self._written.clear()
        self._until = time.monotonic() + _TRUSTED
