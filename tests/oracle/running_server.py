"""Sends the messages of many chargers to a running system whose clock it sets."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from tests.e2e.running import Api, RunningSystem
from tests.oracle.random_charger import Course, Step
from tests.oracle.random_session import Message
from tests.oracle.socket import Socket
from tests.oracle.terms import Terms

COMPANY = 242
KNOWN_WITHIN = 30.0


class Stage(RunningSystem):
    """The system with the clock of ``tests/settable_clock.py``."""

    def __init__(self, database: str, folder: Path) -> None:
        """``folder`` takes the clock, and the data where ``database`` is empty."""
        super().__init__(database, folder)
        self.clock = folder / "clock"
        self.serving = (sys.executable, "-m", "tests.settable_clock", str(self.clock))

    def tell(self, at: datetime) -> None:
        """The system's clock shows ``at`` from now on. The file is written in place: it is mapped."""
        instant = (at - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
        with self.clock.open("r+b" if self.clock.exists() else "wb") as file:
            file.write(instant.to_bytes(8, "little"))


@asynccontextmanager
async def played(stage: Stage, courses: Sequence[Course], begins: datetime) -> AsyncIterator[list[str]]:
    """Let everything happen in its time; gives what was refused.

    All chargers are connected until the end, and none afterwards, when the clock may go on to another year.
    """
    stage.tell(begins - timedelta(hours=1))
    api = stage.api(COMPANY)
    places = Places(api)
    await asyncio.to_thread(_furnish, api, places, courses)
    sockets = {course.name: Socket(stage.charger_url(course.name)) for course in courses}
    steps: dict[datetime, list[tuple[str, Step]]] = {}
    for course in courses:
        for step in course.steps:
            steps.setdefault(step.at, []).append((course.name, step))
    wrong: list[str] = []
    for at in sorted(steps):
        stage.tell(at)
        up = [(name, step) for name, step in steps[at] if step.link == "up"]
        await asyncio.gather(*(_connect(sockets[name], step) for name, step in up))
        for name, _ in up:
            await asyncio.to_thread(_until_known, api, name, online=True)
        await asyncio.to_thread(places.move, steps[at])
        names = list(dict.fromkeys(name for name, _ in steps[at]))
        found = await asyncio.gather(
            *(_say(sockets[name], [step for other, step in steps[at] if other == name]) for name in names)
        )
        wrong += [each for several in found for each in several]
        down = [name for name, step in steps[at] if step.link == "down"]
        await asyncio.gather(*(sockets[name].down() for name in down))
        for name in down:
            await asyncio.to_thread(_until_known, api, name, online=False)
    last = max(journey.account.now for course in courses for journey in course.journeys)
    stage.tell(last)
    for course in courses:
        for journey in course.journeys:
            journey.account.now = last
    yield [*wrong, *(refused for socket in sockets.values() for refused in socket.refused)]
    await asyncio.gather(*(socket.down() for socket in sockets.values()))
    for name in sockets:
        await asyncio.to_thread(_until_known, api, name, online=False)


class Places:
    """The locations, one for each price list."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ids: dict[int, str] = {}

    def id(self, terms: Terms) -> str:
        """The id of the location with these terms, which is opened where there is none."""
        if id(terms) not in self._ids:
            body = terms.location(f"{terms.zone} {len(self._ids)} {id(terms)}")
            self._ids[id(terms)] = str(patiently(self._api, "POST", "/locations", body)["id"])
        return self._ids[id(terms)]

    def move(self, steps: Sequence[tuple[str, Step]]) -> None:
        """Move the chargers that are moved now."""
        for name, step in steps:
            if step.terms is not None:
                patiently(self._api, "PATCH", f"/chargers/{name}", {"locationId": self.id(step.terms)})


def _furnish(api: Api, places: Places, courses: Sequence[Course]) -> None:
    for course in courses:
        for terms in (course.terms, *(step.terms for step in course.steps if step.terms is not None)):
            places.id(terms)
        plugs = [{"number": n, "type": "iec62196T2", "maxPowerW": 22000} for n in (1, 2)]
        charger = {"locationId": places.id(course.terms), "chargeBoxId": course.name, "plugs": plugs}
        patiently(api, "POST", "/chargers", charger)
        for plug in (1, 2):
            patiently(api, "POST", "/tokens", {"uid": f"{course.name}-{plug}", "status": "accepted"})


def patiently(api: Api, method: str, path: str, body: Any = None, **params: Any) -> Any:
    """The JSON answer, asked for no faster than the API allows."""
    while True:
        answer: httpx2.Response = api.client.request(method, path, json=body, params=params)
        if answer.status_code != 429:
            assert answer.is_success, f"{method} {path}: {answer.text}"
            return answer.json()
        time.sleep(float(answer.headers.get("retry-after", "1")))


def _until_known(api: Api, name: str, *, online: bool) -> None:
    """Wait until the system has noted the connection, by the clock as it is now, or its loss."""
    deadline = time.monotonic() + KNOWN_WITHIN
    while patiently(api, "GET", f"/chargers/{name}")["online"] != online:
        assert time.monotonic() < deadline, f"{name} is {'not ' * online}taken to be connected"
        time.sleep(0.02)


async def _connect(socket: Socket, step: Step) -> None:
    await socket.up()
    if step.boots:
        await socket.call("BootNotification", {"chargePointVendor": "Oracle", "chargePointModel": "One"})


async def _say(socket: Socket, steps: Sequence[Step]) -> list[str]:
    return [
        complaint
        for step in steps
        for message in step.messages
        if (complaint := await _tell(socket, message))
    ]


async def _tell(socket: Socket, message: Message) -> str:
    """Say it; a sentence where the answer is none that may be given."""
    journey, payload = message.journey, message.payload
    if journey is not None and message.action != "StartTransaction":
        payload = payload | {"transactionId": journey.number}
    answer = await socket.call(message.action, payload)
    if journey is None or message.action != "StartTransaction" or not answer:
        return ""
    number = int(answer["transactionId"])
    first, journey.number = journey.number, journey.number or number
    return "" if first in {0, number} else f"{journey.charger}: session {first} was begun again as {number}"
