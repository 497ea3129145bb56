"""Several gateways on one database: chargers that move between them, and gateways that are gone."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from ocpp.v16 import call
from websockets.asyncio.client import ClientConnection, connect

from tests.e2e.ocpp.charger import OCPP16
from tests.e2e.ocpp.station import Station
from tests.e2e.running import RunningSystem

TARIFF = {"strategy": "perKwh", "price": "0.50"}
CHARGERS, MOVES = 8, 5
PATIENCE_S = 30.0


class Cell(NamedTuple):
    """One database with a process for web, background work and two gateways."""

    system: RunningSystem
    gateways: tuple[RunningSystem, RunningSystem]

    def boxes(self, count: int) -> list[str]:
        """New chargers."""
        api = self.system.api()
        place, begun = api.location(TARIFF), len(api.every("/chargers"))
        boxes = [f"MOVES-{number}" for number in range(begun, begun + count)]
        for box in boxes:
            api.charger(place, box, plugs=1)
        return boxes

    def events(self, kind: str, box: str) -> list[dict[str, Any]]:
        found = self.system.api().every("/events", stream=f"charge-point:242/{box}")
        return [each for each in found if each["type"] == kind]

    def online(self) -> set[str]:
        return {each["chargeBoxId"] for each in self.system.api().every("/chargers") if each["online"]}


@pytest.fixture
def cell(own_system: RunningSystem, tmp_path: Path) -> Iterator[Cell]:
    own_system.start()
    gateways = []
    try:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            gateways.append(RunningSystem(own_system.database, tmp_path / name, "gateway"))
            gateways[-1].settings["EOSVOLT_DATA_DIR"] = str(own_system.folder / "data")
            gateways[-1].start()
        yield Cell(own_system, (gateways[0], gateways[1]))
    finally:
        for each in gateways:
            each.close()


class Roaming:
    """A charger that connects wherever it is sent; older sockets stay open until it is told to end them."""

    def __init__(self, box: str) -> None:
        self.box = box
        self.station: Station | None = None
        self.sockets: list[ClientConnection] = []
        self._reading: list[asyncio.Task[None]] = []

    async def connects(self, gateway: RunningSystem) -> None:
        socket = await connect(gateway.charger_url(self.box), subprotocols=[OCPP16])
        self.sockets.append(socket)
        self.station = Station(self.box, socket, response_timeout=30)
        self._reading.append(asyncio.create_task(self.station.start()))
        await self.station.ask(call.BootNotification("AC22", "ACME"))
        await self.station.status("Available")

    async def ends_older(self) -> None:
        """The sockets that it had before end, as when a router forgets them."""
        older, self.sockets = self.sockets[:-1], self.sockets[-1:]
        for socket in older:
            await socket.close()

    async def leaves(self) -> None:
        for socket in self.sockets:
            await socket.close()
        for reading in self._reading:
            reading.cancel()
        await asyncio.gather(*self._reading, return_exceptions=True)

    @property
    def obeyed(self) -> int:
        """How often it was asked to clear its cache; the system asks it for other things by itself."""
        assert self.station is not None
        return [action for action, _ in self.station.obeyed].count("ClearCache")


@asynccontextmanager
async def roaming(boxes: list[str]) -> AsyncIterator[list[Roaming]]:
    chargers = [Roaming(box) for box in boxes]
    async with AsyncExitStack() as stack:
        for each in chargers:
            stack.push_async_callback(each.leaves)
        yield chargers


async def started(charger: Roaming, token: str) -> int:
    """The number of the session that it starts, 0 where the token is refused."""
    assert charger.station is not None
    answer = await charger.station.begin(token, datetime.now(UTC).isoformat())
    accepted = answer.id_tag_info["status"] == "Accepted"
    return int(answer.transaction_id) if accepted else 0


async def until(true: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    deadline = asyncio.get_running_loop().time() + seconds
    while not await asyncio.to_thread(true):
        assert asyncio.get_running_loop().time() < deadline, "it never came"
        await asyncio.sleep(0.1)


async def command_arrives(cell: Cell, charger: Roaming) -> None:
    before = charger.obeyed
    asked = {"type": "clearCache"}
    api = cell.system.api()
    await asyncio.to_thread(api.post, f"/chargers/{charger.box}/commands", asked, 202)
    await until(lambda: charger.obeyed == before + 1)


async def test_a_charger_that_moves_is_online_where_it_is_and_hears_its_commands(cell: Cell) -> None:
    draw = random.Random(20_261_201)
    async with roaming(cell.boxes(CHARGERS)) as chargers:

        async def moves(charger: Roaming) -> None:
            await charger.connects(cell.gateways[0])
            for _ in range(MOVES):
                await asyncio.sleep(draw.random())
                await charger.connects(draw.choice(cell.gateways))
                await asyncio.sleep(draw.random())
                await charger.ends_older()
                await command_arrives(cell, charger)

        async with asyncio.TaskGroup() as group:
            for each in chargers:
                group.create_task(moves(each))
        assert cell.online() == {each.box for each in chargers}
        for each in chargers:
            assert cell.events("charge-point-disconnected", each.box) == []
            await each.leaves()
    await until(lambda: not cell.online())


@pytest.mark.parametrize("killed", [0, 1])
async def test_a_killed_gateway_takes_only_its_own_chargers_with_it(cell: Cell, killed: int) -> None:
    boxes = cell.boxes(2 * CHARGERS)
    async with roaming(boxes) as chargers:
        for number, each in enumerate(chargers):
            await each.connects(cell.gateways[number % 2])
        await until(lambda: cell.online() == set(boxes))
        lost, left = boxes[killed::2], boxes[1 - killed :: 2]
        cell.gateways[killed].kill()
        await until(lambda: cell.online() == set(left))
        for box in left:
            assert cell.events("charge-point-disconnected", box) == []
        gone = [cell.events("charge-point-disconnected", box) for box in lost]
        assert [len(each) for each in gone] == [1] * CHARGERS
        # They left at the last beat, all at once.
        assert len({each["data"]["at"] for (each,) in gone}) == 1
        # One that comes back to the other gateway is there again.
        again = chargers[boxes.index(lost[0])]
        await again.connects(cell.gateways[1 - killed])
        await command_arrives(cell, again)
        assert lost[0] in await asyncio.to_thread(cell.online)


async def test_a_token_that_another_gateway_released_is_free(cell: Cell) -> None:
    boxes = cell.boxes(2)
    cell.system.api().token("ROAMS")
    one, two = cell.gateways
    async with roaming(boxes) as (charger, other):
        await charger.connects(one)
        await other.connects(one)
        number = await started(charger, "ROAMS")
        await charger.connects(two)
        assert charger.station is not None
        await charger.station.end(number, datetime.now(UTC).isoformat(), 500)
        # A gateway takes commands and what others wrote in one order.
        await command_arrives(cell, other)
        assert await started(other, "ROAMS")


async def test_chargers_of_a_gateway_that_was_taken_for_gone_are_connected_again(cell: Cell) -> None:
    (box,) = cell.boxes(1)
    async with roaming([box]) as (charger,):
        await charger.connects(cell.gateways[0])
        await until(lambda: cell.online() == {box})
        # Its connections to the database end, as at a failover that it sleeps through.
        os.kill(cell.gateways[0].pid, signal.SIGSTOP)
        cell.system.sql(
            "SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid"
            " WHERE l.locktype = 'advisory' AND a.application_name = 'eosvolt heartbeat'"
        )
        await until(lambda: not cell.online())
        os.kill(cell.gateways[0].pid, signal.SIGCONT)
        await until(lambda: cell.online() == {box})
        await command_arrives(cell, charger)
