"""The server is killed at any moment, again and again, while chargers charge.

Nothing acknowledged is lost or doubled.
"""

import asyncio
import json
import random
import time

from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.persistent_charger import FLAT, delivered, park, sessions_of
from tests.e2e.running import RunningSystem

KILLS = 6
CHARGERS = 12


async def test_a_server_killed_again_and_again_loses_and_doubles_nothing(own_system: RunningSystem) -> None:
    rng = random.Random(7)
    own_system.start()
    chargers = await asyncio.to_thread(park, own_system, CHARGERS)
    enough = asyncio.Event()
    lives = [asyncio.create_task(charger.live(enough)) for charger in chargers]
    for _ in range(KILLS):
        await asyncio.sleep(0.3 + rng.random() * 1.2)
        own_system.kill()
        await asyncio.to_thread(own_system.start)
    enough.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*lives)
    expected = delivered(chargers)
    found = await asyncio.to_thread(sessions_of, own_system, expected)
    assert {number: session["energyWh"] for number, session in found.items()} == expected
    assert {session["status"] for session in found.values()} == {"completed"}
    assert len(expected) > CHARGERS
    for number, session in found.items():
        cents = (expected[number] * 50 + 500) // 1000
        assert session["total"] == {"currency": "EUR", "amount": f"{cents // 100}.{cents % 100:02}"}
    report = await asyncio.to_thread(own_system.verify)
    assert report["same"] is True, report


async def test_a_charger_held_by_a_killed_server_is_offline_until_it_comes_back(
    own_system: RunningSystem,
) -> None:
    own_system.start()
    api = own_system.api()
    api.charger(api.location(FLAT), "HELD", plugs=1)
    async with connect(own_system.charger_url("HELD"), subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
        await socket.send(json.dumps([2, "1", "StatusNotification", status]))
        await socket.recv()
        async with asyncio.timeout(30):
            while api.get("/chargers/HELD")["plugs"][0]["status"] != "Available":
                await asyncio.sleep(0.05)
        own_system.kill()
    await asyncio.to_thread(own_system.start)
    async with asyncio.timeout(30):
        while api.get("/chargers/HELD")["online"]:
            await asyncio.sleep(0.05)
    assert api.get("/chargers/HELD")["plugs"][0]["status"] == "Offline"
    async with connect(own_system.charger_url("HELD"), subprotocols=[Subprotocol("ocpp1.6")]):
        async with asyncio.timeout(30):
            while not api.get("/chargers/HELD")["online"]:
                await asyncio.sleep(0.05)
        assert api.get("/chargers/HELD")["plugs"][0]["status"] == "Available"


def test_one_changed_byte_of_one_event_makes_verify_fail_and_name_it(own_system: RunningSystem) -> None:
    own_system.start()
    api = own_system.api()
    api.location(FLAT, name="Harbour")
    assert own_system.stop() == 0
    (position,) = own_system.sql("SELECT notification_id FROM stored_events WHERE topic = 'location-added'")[
        0
    ]
    # Sealing may be a moment behind the last event; a second start catches up.
    own_system.start()
    _wait_for_seals(own_system, position)
    own_system.stop()
    assert own_system.verify()["same"] is True
    own_system.sql(
        "UPDATE stored_events SET state ="
        " set_byte(state, position('0.50' in convert_from(state, 'UTF8')) + 1, 54)"
        " WHERE notification_id = %s",
        position,
    )
    report = own_system.verify()
    assert report["same"] is False
    (finding,) = report["history"]["findings"]
    assert (finding["kind"], finding["position"]) == ("changed", position)
    assert "location-added" in finding["text"]
    plain = own_system.run("verify")
    assert plain.returncode == 1
    assert f"position {position}: changed" in plain.stdout


def _wait_for_seals(system: RunningSystem, position: int) -> None:
    for _ in range(300):
        if (system.sql("SELECT max(up_to) FROM history_seals")[0][0] or 0) >= position:
            return
        time.sleep(0.1)
    raise AssertionError("the history was not sealed in time")
