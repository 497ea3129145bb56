"""A system that cannot store what happens says that it is not ready, until it can again."""

import asyncio
from typing import Literal

import httpx2
import psycopg
import pytest
import pytest_asyncio
from psycopg import sql

from tests.e2e.running import RunningSystem
from tests.eventually import eventually

REFUSING = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '{code}'; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON stored_events EXECUTE FUNCTION refuse();
"""
ACCEPTING = "DROP TRIGGER refuse ON stored_events; DROP FUNCTION refuse();"
DISCONNECTED = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
"""


@pytest_asyncio.fixture
async def ready(own_system: RunningSystem) -> RunningSystem:
    await asyncio.to_thread(own_system.start)
    api = await asyncio.to_thread(own_system.api)

    async def is_known() -> bool:
        return (await asyncio.to_thread(api.client.get, "/company")).is_success

    # The new key is in the read models a moment later.
    await eventually(is_known)
    return own_system


async def readiness(system: RunningSystem) -> tuple[int, list[str]]:
    answer = await asyncio.to_thread(httpx2.get, f"{system.base_url}/readyz", timeout=10)
    return answer.status_code, answer.json().get("reasons", [])


async def _is(system: RunningSystem, status: int) -> bool:
    return (await readiness(system))[0] == status


def _append(system: RunningSystem, uid: str, patience_s: float = 30) -> int | None:
    """Have something stored; ``None`` where nobody answered in time."""
    try:
        wanted = {"uid": uid, "status": "accepted"}
        return system.api().client.post("/tokens", json=wanted, timeout=patience_s).status_code
    except httpx2.TransportError:
        return None


@pytest.mark.parametrize("code", ["53100", "P0001", "25006"], ids=["disk full", "refused", "read only"])
async def test_it_is_not_ready_while_appends_fail(ready: RunningSystem, code: str) -> None:
    assert await _is(ready, 200)
    ready.sql(REFUSING.format(code=code))
    assert await asyncio.to_thread(_append, ready, "LOST", 3) != 201
    status, reasons = await readiness(ready)
    assert status == 503
    assert reasons[0].startswith("Nothing can be stored: ")
    ready.sql(ACCEPTING)
    await eventually(lambda: _is(ready, 200))
    assert await asyncio.to_thread(_append, ready, "FOUND") == 201


async def test_it_is_not_ready_on_a_read_only_database_before_anything_is_appended(
    ready: RunningSystem,
) -> None:
    _become(ready, "on")
    await eventually(lambda: _is(ready, 503))
    assert (await readiness(ready))[1] == ["Nothing can be stored: ReadOnlySqlTransaction."]
    _become(ready, "off")
    await eventually(lambda: _is(ready, 200))


async def test_it_is_not_ready_on_a_database_that_became_read_only(ready: RunningSystem) -> None:
    _become(ready, "on")
    assert await asyncio.to_thread(_append, ready, "LOST", 3) != 201
    await eventually(lambda: _is(ready, 503))
    _become(ready, "off")
    await eventually(lambda: _is(ready, 200), seconds=30)
    assert await asyncio.to_thread(_append, ready, "FOUND") == 201


def _become(system: RunningSystem, read_only: Literal["on", "off"]) -> None:
    """Let every connection that is opened from now on be read-only, or none."""
    writing = "-c default_transaction_read_only=off"
    with psycopg.connect(system.database, autocommit=True, options=writing) as connection:
        name = sql.Identifier(connection.info.dbname)
        value = sql.SQL(read_only)
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, value)
        )
        connection.execute(DISCONNECTED)
