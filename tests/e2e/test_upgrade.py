"""After an upgrade that gives a read model other columns it is rebuilt, and nothing fails meanwhile."""

import asyncio

import httpx2
import psycopg

from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.eventually import eventually

# The state that an earlier version would have left: the table of tokens without one of today's columns.
EARLIER = """
    DO $$
    DECLARE old text := (SELECT table_name FROM read_model_versions WHERE name = 'tokens');
    BEGIN
        EXECUTE format('ALTER TABLE %%I DROP COLUMN label', old);
        EXECUTE format('ALTER TABLE %%I RENAME TO rm_tokens_v0', old);
        UPDATE read_model_versions SET version = 0, table_name = 'rm_tokens_v0',
            columns = array_remove(columns, 'label') WHERE name = 'tokens';
    END $$
"""
SWITCH = "SELECT pg_advisory_lock(hashtextextended('eosvolt.read_models', 0))"


async def test_a_read_model_that_is_rebuilding_is_named_and_complete_afterwards(
    own_system: RunningSystem,
) -> None:
    own_system.start()
    own_system.api().token("A1", label="Olga")
    assert own_system.stop() == 0
    own_system.sql(EARLIER)
    with psycopg.connect(own_system.database, autocommit=True) as holding:
        # No table is switched while this is held, as if the history were long.
        holding.execute(SWITCH)
        starting = asyncio.create_task(asyncio.to_thread(own_system.start))
        async with httpx2.AsyncClient(base_url=own_system.base_url, timeout=30) as client:

            async def rebuilding() -> bool:
                try:
                    answer = await client.get("/readyz")
                except httpx2.TransportError:
                    return False
                return (
                    answer.status_code == 503 and "being rebuilt" in answer.text and "tokens" in answer.text
                )

            await eventually(rebuilding, 60)
            key = {"Authorization": f"Bearer {own_system.keys[242]}"}
            asked = await client.get("/api/v1/tokens", headers=key)
            assert (asked.status_code, asked.headers["retry-after"]) == (503, "10")
            assert (await client.get("/api/v1/locations", headers=key)).status_code == 200
            entry = {"email": "owner@242.example", "password": OWNER_PASSWORD}
            origin = {"Origin": own_system.base_url}
            assert (await client.post("/sign-in", data=entry, headers=origin)).status_code == 303
            page = await client.get("/tokens")
            assert (page.status_code, page.headers["retry-after"]) == (503, "10")
            assert "being rebuilt" in page.text
    await starting
    assert [each["label"] for each in own_system.api().get("/tokens")["items"]] == ["Olga"]
    assert "UndefinedColumn" not in own_system.log()
