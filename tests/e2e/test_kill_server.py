"""The server is killed at any moment, again and again, while chargers charge.

Nothing acknowledged is lost or doubled.
"""

import asyncio
import contextlib
import itertools
import json
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from tests.e2e.running import RunningSystem

KILLS = 6
CHARGERS = 12
FLAT = {"strategy": "perKwh", "price": "0.50", "windows": []}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Stubborn:
    """A charger that repeats each message until it is answered, over as many connections as that takes."""

    url: str
    token: str
    chance: random.Random
    register: int = 1000
    delivered: dict[int, int] = field(default_factory=dict)
    socket: ClientConnection | None = None
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def tell(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                async with asyncio.timeout(5):
                    return await self._once(action, payload)
            except (OSError, WebSocketException, TimeoutError):
                await self._hang_up()
                await asyncio.sleep(0.05)

    async def _once(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        if self.socket is None:
            self.socket = await connect(self.url, subprotocols=[Subprotocol("ocpp1.6")])
        number = f"m{next(self.ids)}"
        await self.socket.send(json.dumps([2, number, action, payload]))
        while True:
            answer = json.loads(await self.socket.recv())
            if answer[1] == number:
                assert answer[0] == 3, answer
                result: dict[str, Any] = answer[2]
                return result

    async def _hang_up(self) -> None:
        socket, self.socket = self.socket, None
        if socket is not None:
            with contextlib.suppress(Exception):
                await socket.close()

    async def status(self, status: str) -> None:
        await self.tell(
            "StatusNotification",
            {"connectorId": 1, "errorCode": "NoError", "status": status, "timestamp": _now()},
        )

    async def charge(self) -> None:
        """One session, from plugging in to leaving."""
        await self.status("Preparing")
        begun = await self.tell(
            "StartTransaction",
            {"connectorId": 1, "idTag": self.token, "meterStart": self.register, "timestamp": _now()},
        )
        number, start = begun["transactionId"], self.register
        await self.status("Charging")
        for _ in range(self.chance.randrange(3, 12)):
            self.register += self.chance.randrange(0, 400)
            value = {"value": str(self.register), "unit": "Wh"}
            await self.tell(
                "MeterValues",
                {
                    "connectorId": 1,
                    "transactionId": number,
                    "meterValue": [{"timestamp": _now(), "sampledValue": [value]}],
                },
            )
            await asyncio.sleep(self.chance.random() * 0.03)
        self.register += self.chance.randrange(1, 100)
        await self.tell(
            "StopTransaction",
            {"transactionId": number, "meterStop": self.register, "timestamp": _now(), "idTag": self.token},
        )
        await self.status("Available")
        assert number not in self.delivered, "one number for two sessions"
        self.delivered[number] = self.register - start

    async def live(self, enough: asyncio.Event) -> None:
        """Session after session, until it is enough."""
        while not enough.is_set():
            await self.charge()
        await self._hang_up()


async def test_a_server_killed_again_and_again_loses_and_doubles_nothing(own_system: RunningSystem) -> None:
    chance = random.Random(7)
    own_system.start()
    api = own_system.api()
    location = api.location(FLAT)
    chargers = []
    for number in range(CHARGERS):
        api.charger(location, f"KILL-{number}", plugs=1)
        api.token(f"KILL{number}")
        seed = random.Random(number)
        chargers.append(Stubborn(own_system.charger_url(f"KILL-{number}"), f"KILL{number}", seed))
    enough = asyncio.Event()
    lives = [asyncio.create_task(charger.live(enough)) for charger in chargers]
    for _ in range(KILLS):
        await asyncio.sleep(0.3 + chance.random() * 1.2)
        own_system.kill()
        await asyncio.to_thread(own_system.start)
    enough.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*lives)
    expected = {number: energy for charger in chargers for number, energy in charger.delivered.items()}
    found = await asyncio.to_thread(_sessions, own_system)
    assert {number: session["energyWh"] for number, session in found.items()} == expected
    assert {session["status"] for session in found.values()} == {"completed"}
    assert len(expected) > CHARGERS
    for number, session in found.items():
        cents = (expected[number] * 50 + 500) // 1000
        assert session["total"] == {"currency": "EUR", "amount": f"{cents // 100}.{cents % 100:02}"}
    report = await asyncio.to_thread(own_system.verify)
    assert report["same"] is True, report


def _sessions(system: RunningSystem) -> dict[int, dict[str, Any]]:
    api, found, cursor = system.api(), {}, None
    while True:
        page = api.get("/sessions", limit=200, **({"cursor": cursor} if cursor else {}))
        for session in page["items"]:
            found[int(session["number"])] = session
        cursor = page.get("cursor")
        if not cursor:
            return found


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
        async with asyncio.timeout(5):
            while api.get("/chargers/HELD")["plugs"][0]["status"] != "Available":
                await asyncio.sleep(0.05)
        own_system.kill()
    await asyncio.to_thread(own_system.start)
    async with asyncio.timeout(5):
        while api.get("/chargers/HELD")["online"]:
            await asyncio.sleep(0.05)
    assert api.get("/chargers/HELD")["plugs"][0]["status"] == "Offline"
    with contextlib.suppress(InvalidStatus):
        async with connect(own_system.charger_url("HELD"), subprotocols=[Subprotocol("ocpp1.6")]):
            async with asyncio.timeout(5):
                while not api.get("/chargers/HELD")["online"]:
                    await asyncio.sleep(0.05)
            assert api.get("/chargers/HELD")["plugs"][0]["status"] == "Available"
            return
    raise AssertionError("the charger was not let in again")


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

    for _ in range(100):
        if (system.sql("SELECT max(up_to) FROM history_seals")[0][0] or 0) >= position:
            return
        time.sleep(0.1)
    raise AssertionError("the history was not sealed in time")
