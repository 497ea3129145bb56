"""After an upgrade that gives a read model other columns it is rebuilt, and nothing fails meanwhile."""

import asyncio
import contextlib
import json
from typing import Any

import httpx2
import psycopg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake
from websockets.typing import Subprotocol

from tests.e2e.persistent_charger import FLAT
from tests.e2e.running import OWNER_PASSWORD, RunningSystem
from tests.eventually import eventually

# The state that an earlier version would have left: tables without one of today's columns.
EARLIER = """
    DO $$
    DECLARE model record;
    BEGIN
        FOR model IN SELECT name, table_name, columns[array_length(columns, 1)] AS lost
            FROM read_model_versions WHERE name LIKE 'MODELS'
        LOOP
            EXECUTE format('ALTER TABLE %%I DROP COLUMN %%I', model.table_name, model.lost);
            EXECUTE format('ALTER TABLE %%I RENAME TO %%I', model.table_name, 'rm_' || model.name || '_v0');
            UPDATE read_model_versions SET version = 0, table_name = 'rm_' || model.name || '_v0',
                columns = array_remove(columns, model.lost) WHERE name = model.name;
        END LOOP;
    END $$
"""
SWITCH = "SELECT pg_advisory_lock(hashtextextended('eosvolt.read_models', 0))"


async def test_a_read_model_that_is_rebuilding_is_named_and_complete_afterwards(
    own_system: RunningSystem,
) -> None:
    own_system.start()
    own_system.api().token("A1", label="Olga")
    assert own_system.stop() == 0
    own_system.sql(EARLIER.replace("MODELS", "tokens"))
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


async def test_chargers_charge_while_every_read_model_is_rebuilt(own_system: RunningSystem) -> None:
    own_system.start()
    api = own_system.api()
    api.charger(api.location(FLAT), "UPGRADE", plugs=1)
    api.token("A1", label="Olga")
    assert own_system.stop() == 0
    own_system.sql(EARLIER.replace("MODELS", "%%"))
    with psycopg.connect(own_system.database, autocommit=True) as holding:
        holding.execute(SWITCH)
        starting = asyncio.create_task(asyncio.to_thread(own_system.start))
        async with await connected(own_system.charger_url("UPGRADE")) as charger:
            begin = {"connectorId": 1, "idTag": "A1", "meterStart": 0, "timestamp": "2026-01-05T08:00:00Z"}
            begun = await asked(charger, "StartTransaction", begin)
            assert begun["idTagInfo"]["status"] == "Accepted"
            end = {"transactionId": begun["transactionId"], "meterStop": 4000}
            ended = await asked(charger, "StopTransaction", {**end, "timestamp": "2026-01-05T09:00:00Z"})
            assert ended == {}
        # The background jobs look for what is due several times.
        await asyncio.sleep(2)
    await starting
    (session,) = own_system.api().get("/sessions")["items"]
    assert session["energyWh"] == 4000
    written = (own_system.folder / "serve.log").read_text()
    assert written.count("Register your company") == 1
    assert "defect" not in written
    assert own_system.sql("SELECT subject FROM failed_jobs") == []


async def connected(url: str) -> ClientConnection:
    """A connection of a charger, once the server takes it."""
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError, InvalidHandshake):
                return await connect(url, subprotocols=[Subprotocol("ocpp1.6")])
            await asyncio.sleep(0.05)


async def asked(charger: ClientConnection, action: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The answer to a call."""
    await charger.send(json.dumps([2, action, action, payload]))
    answer: dict[str, Any] = json.loads(await charger.recv())[2]
    return answer
