"""Schema migrations: applies the numbered files of ``migrations/`` that a database lacks.

Any number of processes may start at once: the first takes a lock, the others then find nothing to apply.
"""

import hashlib
from importlib import resources
from typing import NamedTuple, cast

from psycopg.abc import QueryNoTemplate

from eosvolt.adapters.postgres.connections import Db, connect


class SchemaMismatch(Exception):  # noqa: N818 - the operator reads it as a finding about the database
    """The database has other migrations than this code. The text says which."""


class Migration(NamedTuple):
    """One file of ``migrations/``: its number, name and text."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, in hex."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations() -> list[Migration]:
    """All migrations that come with this code, in order."""
    folder = resources.files("eosvolt.adapters.postgres.migrations")
    found = [
        Migration(int(file.name.split("_", 1)[0]), file.name, file.read_text(encoding="utf-8"))
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    ]
    return sorted(found)


async def migrate(dsn: str) -> list[str]:
    """Apply missing migrations and return their names. Raises ``SchemaMismatch``."""
    connection = await connect(dsn, "migrate")
    async with connection:
        await connection.execute("SELECT pg_advisory_lock(hashtextextended('eosvolt.schema', 0))")
        await connection.execute(
            "CREATE TABLE IF NOT EXISTS schema_migrations (number integer PRIMARY KEY, name text NOT NULL,"
            " checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())"
        )
        return await _apply(connection, migrations())


async def pending(dsn: str) -> list[str]:
    """The names of the missing migrations; changes nothing. Raises ``SchemaMismatch``."""
    async with await connect(dsn, "look at the schema") as connection:
        cursor = await connection.execute("SELECT to_regclass('schema_migrations') IS NOT NULL")
        row = await cursor.fetchone()
        steps = migrations()
        return [step.name for step in _missing(steps, await _applied(connection) if row and row[0] else {})]


async def must_be_current(dsn: str) -> None:
    """Raise ``SchemaMismatch`` unless the database has exactly the schema that this program expects."""
    if missing := await pending(dsn):
        raise SchemaMismatch(
            f"The database's schema is older than this program ({missing[0]} is missing):"
            " start the server or run `eosvolt migrate`."
        )


async def _apply(connection: Db, steps: list[Migration]) -> list[str]:
    done: list[str] = []
    for step in _missing(steps, await _applied(connection)):
        async with connection.transaction():
            # The text is a file of this package. Without parameters it may hold several statements.
            await connection.execute(cast("QueryNoTemplate", step.sql.encode()))
            await connection.execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES (%s, %s, %s)",
                (step.number, step.name, step.checksum),
            )
        done.append(step.name)
    return done


async def _applied(connection: Db) -> dict[int, tuple[str, str]]:
    cursor = await connection.execute("SELECT number, name, checksum FROM schema_migrations ORDER BY number")
    return {number: (name, checksum) for number, name, checksum in await cursor.fetchall()}


def _missing(steps: list[Migration], applied: dict[int, tuple[str, str]]) -> list[Migration]:
    """The migrations that are not applied yet. Raises ``SchemaMismatch``."""
    if unknown := sorted(set(applied) - {step.number for step in steps}):
        raise SchemaMismatch(
            f"The database has migration {applied[unknown[-1]][0]}, which is newer than this program."
        )
    for step in steps:
        if step.number in applied and applied[step.number][1] != step.checksum:
            raise SchemaMismatch(
                f"Migration {step.name} was changed after it had been applied to this database."
            )
    return [step for step in steps if step.number not in applied]
