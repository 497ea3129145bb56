"""Chargers that run session after session and repeat every message until it is answered."""

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from tests.e2e.running import RunningSystem

FLAT = {"strategy": "perKwh", "price": "0.50", "windows": []}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class PersistentCharger:
    """A charger that repeats each message until it is answered, over as many connections as that takes."""

    url: str
    token: str
    rng: random.Random
    register: int = 1000
    delivered: dict[int, int] = field(default_factory=dict)
    socket: ClientConnection | None = None
    ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def tell(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        while True:
            try:
                async with asyncio.timeout(30):
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
        # No more in all than the kilowatt hour that is believed of a session of a second.
        for _ in range(self.rng.randrange(3, 12)):
            self.register += self.rng.randrange(0, 80)
            value = {"value": str(self.register), "unit": "Wh"}
            await self.tell(
                "MeterValues",
                {
                    "connectorId": 1,
                    "transactionId": number,
                    "meterValue": [{"timestamp": _now(), "sampledValue": [value]}],
                },
            )
            await asyncio.sleep(self.rng.random() * 0.03)
        self.register += self.rng.randrange(1, 100)
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


def park(system: RunningSystem, chargers: int) -> list[PersistentCharger]:
    """So many of them at a new location, each with a token of its own."""
    api = system.api()
    location = api.location(FLAT)
    made = []
    for number in range(chargers):
        api.charger(location, f"KILL-{number}", plugs=1)
        api.token(f"KILL{number}")
        rng = random.Random(number)
        made.append(PersistentCharger(system.charger_url(f"KILL-{number}"), f"KILL{number}", rng))
    return made


def delivered(chargers: Iterable[PersistentCharger]) -> dict[int, int]:
    """What they delivered in each session by its number, in Wh."""
    return {number: energy for charger in chargers for number, energy in charger.delivered.items()}


def sessions_of(system: RunningSystem, ended: Iterable[int]) -> dict[int, dict[str, Any]]:
    """All sessions of the system, by number, once the read models show those in ``ended`` and none runs."""
    ended = set(ended)
    deadline = time.monotonic() + 60
    while True:
        found = _listed(system)
        over = all(session["status"] in ("completed", "failed") for session in found.values())
        if (over and ended <= found.keys()) or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


def _listed(system: RunningSystem) -> dict[int, dict[str, Any]]:
    return {int(session["number"]): session for session in system.api().every("/sessions")}
