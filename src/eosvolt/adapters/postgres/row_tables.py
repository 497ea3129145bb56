"""The table of a read model, derived from its row type: columns, bulk reads and writes, a digest."""

import hashlib
import types
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any, Generic, LiteralString, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from psycopg import sql

from eosvolt.adapters.postgres.connections import Db
from eosvolt.projections.read_model import ReadModel, Row

R = TypeVar("R", bound=Row)

LONGEST_INDEXED = 500
_LEAST, _GREATEST = -(2**63), 2**63 - 1
_SCALARS: dict[type, LiteralString] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    float: "double precision",
    datetime: "timestamptz",
    date: "date",
    Decimal: "numeric",
}


class Column(NamedTuple):
    """One column and the conversion of its values. ``type`` is PostgreSQL's."""

    name: str
    type: LiteralString
    nullable: bool
    encode: Callable[[Any], Any] | None
    decode: Callable[[Any], Any] | None


def _column(field: msgspec.structs.FieldInfo) -> Column:
    kind, nullable = field.type, False
    if get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind):
        nullable = True
        rest = tuple(arg for arg in get_args(kind) if arg is not type(None))
        kind = rest[0] if len(rest) == 1 else kind
    if isinstance(kind, type) and kind in _SCALARS:
        return Column(field.name, _SCALARS[kind], nullable, None, None)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return Column(field.name, "text", nullable, str, kind)
    decode = msgspec.json.Decoder(kind).decode
    return Column(field.name, "jsonb", nullable, lambda value: msgspec.json.encode(value).decode(), decode)


def columns_of(row: type[Row]) -> tuple[Column, ...]:
    """The columns of a row type; the first is the key. Raises ``TypeError`` if the key is not a text."""
    columns = tuple(_column(field) for field in msgspec.structs.fields(row))
    if not columns or columns[0].type != "text" or columns[0].nullable:
        raise TypeError(f"The first field of {row.__name__} is its key and must be a str.")
    return columns


class RowTable(Generic[R]):
    """One table that holds rows of a model, live or being built."""

    def __init__(self, model: ReadModel[R], name: str | None = None) -> None:
        """``name`` is the table's name, by default ``canonical_name``."""
        self.model = model
        self.name = name or canonical_name(model)
        self.columns = columns_of(model.row)
        self._table = sql.Identifier(self.name)
        self._names = [sql.Identifier(column.name) for column in self.columns]
        self._key = self._names[0]
        self._read = [
            sql.SQL("{}::text").format(name) if column.type == "jsonb" else name
            for column, name in zip(self.columns, self._names, strict=True)
        ]
        self._fields = [column.name for column in self.columns]
        self._decoders = [(i, column.decode) for i, column in enumerate(self.columns) if column.decode]
        self._load = sql.SQL("SELECT {} FROM {} WHERE {} = ANY(%b::text[])").format(
            self.selection, self._table, self._key
        )
        self._upsert = self._upsert_statement()
        self._delete = sql.SQL("DELETE FROM {} WHERE {} = ANY(%b::text[])").format(self._table, self._key)
        self.accepts = acceptance(model, self.columns)

    @property
    def selection(self) -> sql.Composable:
        """The list of columns to select for ``row``."""
        return sql.SQL(", ").join(self._read)

    @property
    def names(self) -> sql.Composable:
        """The list of columns as they are stored."""
        return sql.SQL(", ").join(self._names)

    def plain(self, row: R) -> dict[str, Any]:
        """The row as JSON values by column, for ``jsonb_populate_recordset``."""
        return {column.name: msgspec.to_builtins(getattr(row, column.name)) for column in self.columns}

    async def create(self, connection: Db, *, temporary: bool = False, indexes: bool = True) -> None:
        """Create the table, with a fill factor for updates."""
        definitions = [
            sql.SQL("{} {}{}{}").format(
                name,
                sql.SQL(column.type),
                sql.SQL(' COLLATE "C" PRIMARY KEY' if i == 0 else ""),
                sql.SQL("" if column.nullable else " NOT NULL"),
            )
            for i, (name, column) in enumerate(zip(self._names, self.columns, strict=True))
        ]
        await connection.execute(
            sql.SQL("CREATE {} TABLE {} ({}, changed bigint NOT NULL) WITH (fillfactor = 80)").format(
                sql.SQL("TEMPORARY" if temporary else ""), self._table, sql.SQL(", ").join(definitions)
            )
        )
        if indexes:
            await self.create_indexes(connection)

    async def create_indexes(self, connection: Db) -> None:
        """Create the model's indexes and analyze the table."""
        for columns in self.model.indexes:
            # The column lists are literals in the read models of this program.
            await connection.execute(sql.SQL("CREATE INDEX ON {} ({})").format(self._table, sql.SQL(columns)))

    async def load(self, connection: Db, keys: list[str]) -> Callable[[], Any]:
        """Send the query for the rows of ``keys``; awaiting the returned call gives them by key."""
        cursor = connection.cursor(binary=True)
        await cursor.execute(self._load, (keys,), prepare=True)

        async def rows() -> dict[str, R]:
            return {row[0]: self.row(row) for row in await cursor.fetchall()}

        return rows

    def row(self, values: tuple[Any, ...]) -> R:
        """A row from the values of ``selection``."""
        given = list(values)
        for i, decode in self._decoders:
            if given[i] is not None:
                given[i] = decode(given[i])
        return self.model.row(**dict(zip(self._fields, given, strict=False)))

    async def write(self, connection: Db, rows: Mapping[str, R | None], changed: Mapping[str, int]) -> None:
        """Write the rows of the keys in ``changed`` to the table; delete those that are ``None``."""
        gone = [key for key in changed if rows[key] is None]
        if gone:
            await connection.execute(self._delete, (gone,), prepare=True)
        present = [(row, position) for key, position in changed.items() if (row := rows[key]) is not None]
        if present:
            await connection.execute(self._upsert, self._arrays(present), prepare=True)

    async def digest(self, connection: Db, dead: Iterable[int]) -> tuple[int, str]:
        """The number of rows, and a SHA-256 in hex over all rows and the positions of ``dead``."""
        digest = hashlib.sha256()
        rows = 0
        query = sql.SQL("COPY (SELECT {}, changed FROM {} ORDER BY {}) TO STDOUT").format(
            sql.SQL(", ").join(self._names), self._table, self._key
        )
        async with connection.cursor() as cursor, cursor.copy(query) as copy:
            async for line in copy:
                digest.update(line)
                rows += 1
        for position in sorted(dead):
            digest.update(f"dead {position}\n".encode())
        return rows, digest.hexdigest()

    def _upsert_statement(self) -> sql.Composed:
        numbered = [sql.Identifier(f"c{i}") for i in range(len(self.columns) + 1)]
        arrays = [
            sql.SQL("%b::{}[]").format(sql.SQL("text" if column.type == "jsonb" else column.type))
            for column in self.columns
        ]
        values = [
            sql.SQL("{}::jsonb").format(name) if column.type == "jsonb" else name
            for column, name in zip(self.columns, numbered, strict=False)
        ]
        return sql.SQL(
            "INSERT INTO {table} ({names}, changed)"
            " SELECT {values} FROM unnest({arrays}, %b::bigint[]) AS u ({numbered})"
            " ON CONFLICT ({key}) DO UPDATE SET {settings}, changed = excluded.changed"
        ).format(
            table=self._table,
            names=sql.SQL(", ").join(self._names),
            values=sql.SQL(", ").join([*values, numbered[-1]]),
            arrays=sql.SQL(", ").join(arrays),
            numbered=sql.SQL(", ").join(numbered),
            key=self._key,
            settings=sql.SQL(", ").join(
                sql.SQL("{0} = excluded.{0}").format(name) for name in (self._names[1:] or self._names)
            ),
        )

    def _arrays(self, rows: list[tuple[R, int]]) -> list[list[Any]]:
        arrays: list[list[Any]] = []
        for column in self.columns:
            name, encode = column.name, column.encode
            if encode is None:
                arrays.append([getattr(row, name) for row, _ in rows])
            else:
                arrays.append(
                    [None if (value := getattr(row, name)) is None else encode(value) for row, _ in rows]
                )
        arrays.append([position for _, position in rows])
        return arrays


def canonical_name(model: ReadModel[Any]) -> str:
    """``rm_<name>_v<version>``."""
    return f"rm_{model.name}_v{model.version}"


def acceptance(  # noqa: C901 - what it returns is counted in
    model: ReadModel[R], columns: tuple[Column, ...]
) -> Callable[[R, str], None]:
    """Return the check that a row survives storage unchanged.

    It runs for every row that a fold makes, not only for written ones, so that its result does not depend on
    batches.
    """
    indexed = " ".join(model.indexes)
    nested = [
        (c.name, c.encode, c.decode) for c in columns if c.decode and c.encode and _holds_floats(model.row, c)
    ]
    key_of = attrgetter(columns[0].name)
    required = _values(c.name for c in columns if not c.nullable)
    whole = _values(c.name for c in columns if c.type == "bigint")
    times = _values(c.name for c in columns if c.type == "timestamptz")
    texts = _values(c.name for c in columns[1:] if c.type == "text" and c.name in indexed)

    def accepts(row: R, key: str) -> None:  # noqa: C901 - a loop for each kind of value; this is the hot path
        if key_of(row) != key:
            raise ValueError(f"a row that calls itself {key_of(row)!r} under the key {key!r}")
        if None in required(row):
            raise ValueError("a column without a value that must have one")
        for number in whole(row):
            if number is not None and not _LEAST <= number <= _GREATEST:
                raise ValueError("a number beyond 64 bits")
        for at in times(row):
            if at is not None and at.tzinfo is None:
                raise ValueError("a time without a zone")
        for text in texts(row):
            if text is not None and len(text) > LONGEST_INDEXED:
                raise ValueError("a text too long for its index")
        for name, encode, decode in nested:
            value = getattr(row, name)
            if value is not None and decode(encode(value)) != value:
                raise ValueError(f"{name} holds a number that JSON does not know")

    return accepts


def _values(names: Iterable[str]) -> Callable[[Row], tuple[Any, ...]]:
    """A fast getter of a row's values by ``names``."""
    wanted = tuple(names)
    if len(wanted) > 1:
        return attrgetter(*wanted)
    return lambda row: tuple(getattr(row, name) for name in wanted)


def _holds_floats(row: type[Row], column: Column) -> bool:
    """Whether a nested column can hold a float, which may be infinite."""
    kind = next(field.type for field in msgspec.structs.fields(row) if field.name == column.name)
    seen: set[int] = set()

    def search(found: object) -> bool:
        if isinstance(found, msgspec.inspect.FloatType):
            return True
        if id(found) in seen or not isinstance(found, msgspec.Struct | tuple):
            return False
        seen.add(id(found))
        parts = found if isinstance(found, tuple) else msgspec.structs.astuple(found)
        return any(search(part) for part in parts)

    return search(msgspec.inspect.type_info(kind))
