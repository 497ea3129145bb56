"""The schema: applied once, by whoever comes first, and never silently another one."""

import asyncio

import psycopg
import pytest

from eosvolt.adapters.postgres.schema import SchemaMismatch, migrate, migrations


async def test_many_that_start_at_once_apply_each_migration_once(empty_database: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database) for _ in range(6)))
    assert sorted(name for names in applied for name in names) == [m.name for m in migrations()]
    assert await migrate(empty_database) == []


async def test_a_migration_that_was_changed_afterwards_is_refused(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("UPDATE schema_migrations SET checksum = 'other' WHERE number = 1")
    with pytest.raises(SchemaMismatch, match=r"0001_event_store\.sql was changed"):
        await migrate(database)


async def test_a_newer_database_is_refused(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("INSERT INTO schema_migrations VALUES (9999, '9999_later.sql', 'x')")
    with pytest.raises(SchemaMismatch, match="newer"):
        await migrate(database)


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [migration.number for migration in migrations()] == list(range(1, len(migrations()) + 1))
