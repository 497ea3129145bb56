"""Gateway, web and worker as three processes: what one writes the others act on."""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.persistent_charger import FLAT
from tests.e2e.running import RunningSystem
from tests.postgres_server import fresh_database

ROLES = ("worker", "gateway", "web")


@pytest.fixture(scope="module")
def three(
    postgres: str, _migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, RunningSystem]]:
    with contextlib.ExitStack() as parts:
        database = parts.enter_context(fresh_database(postgres, template=_migrated))
        systems = {role: RunningSystem(database, tmp_path_factory.mktemp(role), role) for role in ROLES}
        for system in systems.values():
            parts.callback(system.close)
            system.start()
        yield systems


async def test_a_command_asked_for_in_one_process_reaches_a_charger_of_another(
    three: dict[str, RunningSystem],
) -> None:
    api = three["web"].api()
    api.charger(api.location(FLAT), "ROLES", plugs=1)
    url = three["gateway"].charger_url("ROLES")
    async with connect(url, subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        await socket.send(json.dumps([2, "1", "StatusNotification", status]))
        assert json.loads(await socket.recv()) == [3, "1", {}]
        async with asyncio.timeout(30):
            while api.get("/chargers/ROLES")["plugs"][0]["status"] != "Available":
                await asyncio.sleep(0.05)
        asked = api.post("/chargers/ROLES/commands", {"type": "reset", "kind": "soft"}, expected=202)
        async with asyncio.timeout(30):
            call = json.loads(await socket.recv())
        assert call[2:] == ["Reset", {"type": "Soft"}]
        await socket.send(json.dumps([3, call[1], {"status": "Accepted"}]))
        async with asyncio.timeout(30):
            while api.get(f"/chargers/ROLES/commands/{asked['id']}")["state"] != "accepted":
                await asyncio.sleep(0.05)


async def test_a_token_blocked_in_one_process_is_blocked_at_a_charger_of_another(
    three: dict[str, RunningSystem],
) -> None:
    api = three["web"].api()
    api.charger(api.location(FLAT), "ROLES-TOKEN", plugs=1)
    api.token("CARD")
    url = three["gateway"].charger_url("ROLES-TOKEN")
    async with connect(url, subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        ids = itertools.count(2)

        async def authorization() -> str:
            # The same id and payload again would be a retry, and get the first answer.
            await socket.send(json.dumps([2, str(next(ids)), "Authorize", {"idTag": "card"}]))
            return str(json.loads(await socket.recv())[2]["idTagInfo"]["status"])

        assert await authorization() == "Accepted"
        api.post("/tokens", {"uid": "CARD", "status": "blocked"})
        async with asyncio.timeout(30):
            while await authorization() != "Blocked":
                await asyncio.sleep(0.05)


async def test_a_charger_held_in_one_process_is_let_in_by_another_once_it_is_released(
    three: dict[str, RunningSystem],
) -> None:
    api = three["web"].api()
    api.charger(api.location(FLAT), "ROLES-HELD", plugs=1, held=True)
    url = three["gateway"].charger_url("ROLES-HELD")
    async with connect(url, subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        ids = itertools.count(2)

        async def said(action: str, payload: dict[str, str]) -> list[Any]:
            await socket.send(json.dumps([2, str(next(ids)), action, payload]))
            return list(json.loads(await socket.recv()))

        boot = {"chargePointVendor": "ACME", "chargePointModel": "AC22"}
        assert (await said("Authorize", {"idTag": "nobody"}))[2] == "SecurityError"
        assert (await said("BootNotification", boot))[2]["status"] == "Pending"
        async with asyncio.timeout(30):
            while not api.get("/chargers/ROLES-HELD")["online"]:
                await asyncio.sleep(0.05)
        released = await asyncio.to_thread(api.client.patch, "/chargers/ROLES-HELD", json={"held": False})
        assert released.json()["held"] is False
        async with asyncio.timeout(30):
            call = json.loads(await socket.recv())
        assert call[2:] == ["TriggerMessage", {"requestedMessage": "BootNotification"}]
        assert (await said("BootNotification", boot))[2]["status"] == "Accepted"
        assert (await said("Authorize", {"idTag": "nobody"}))[2] == {"idTagInfo": {"status": "Invalid"}}


async def test_one_process_reports_which_jobs_the_others_run(three: dict[str, RunningSystem]) -> None:
    api = three["web"].api()
    jobs: list[dict[str, Any]] = []
    async with asyncio.timeout(30):
        while len({each["process"] for each in jobs}) < len(ROLES):
            jobs = api.get("/system")["jobs"]
            await asyncio.sleep(0.1)
    roles = {each["job"]: each["process"].partition("-")[0] for each in jobs if each["job"] != "job reports"}
    assert roles["read models"] == roles["deadlines"] == roles["notifications"] == "worker"
    assert roles["commands"] == roles["gateway heartbeat"] == roles["OCPP frames"] == "gateway"
    assert {each["process"].partition("-")[0] for each in jobs if each["job"] == "job reports"} == set(ROLES)
