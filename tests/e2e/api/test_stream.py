"""The live stream: what happens is seen at once, and nothing is missed by those who come back."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import httpx2

from tests.e2e.api.charger import connected
from tests.e2e.running import RunningSystem

TARIFF = {"strategy": "perKwh", "price": "0.50"}


class Message(NamedTuple):
    """One server-sent event."""

    id: int | None
    event: str
    data: dict[str, Any]


@asynccontextmanager
async def following(
    system: RunningSystem, after: int | None = None, company: int = 242
) -> AsyncIterator[AsyncIterator[Message]]:
    headers = {"Authorization": f"Bearer {system.create_company(company, 'Followed')}"}
    if after is not None:
        headers["Last-Event-ID"] = str(after)
    async with (
        httpx2.AsyncClient(timeout=20) as client,
        client.stream("GET", f"{system.base_url}/api/v1/stream", headers=headers) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert (await anext(lines)).startswith("retry:")
        yield messages(lines)


async def messages(lines: AsyncIterator[str]) -> AsyncIterator[Message]:
    fields: dict[str, str] = {}
    async for line in lines:
        name, _, value = line.partition(": ")
        if line and name:
            fields[name] = value
        elif not line and "data" in fields:
            given = fields.get("id")
            yield Message(None if given is None else int(given), fields["event"], json.loads(fields["data"]))
            fields = {}


async def until(stream: AsyncIterator[Message], event: str, **wanted: Any) -> Message:
    async with asyncio.timeout(30):
        async for message in stream:
            if message.event == event and wanted.items() <= message.data.items():
                return message
    raise AssertionError("the stream ended")


async def test_a_plug_a_session_and_a_fault_are_seen_as_they_happen(system: RunningSystem) -> None:
    api = system.api()
    api.charger(api.location(TARIFF), "LIVE-1")
    api.token("LIVE")
    async with following(system) as stream, connected(system, "LIVE-1") as charger:
        await until(stream, "plug", chargeBoxId="LIVE-1", number=1)
        await charger.status("Preparing")
        await until(stream, "plug", chargeBoxId="LIVE-1", status="Preparing")
        transaction = await charger.starts("LIVE")
        seen = await until(stream, "session", id=str(transaction))
        assert seen.data["status"] == "charging"
        await charger.stops(transaction, 5_000)
        ended = await until(stream, "session", id=str(transaction), energyWh=5_000)
        assert ended.data["total"] == {"currency": "EUR", "amount": "2.50"}
        await charger.status("Faulted", "GroundFailure")
        await until(stream, "fault", chargeBoxId="LIVE-1", code="GroundFailure")


async def test_who_comes_back_misses_nothing(system: RunningSystem) -> None:
    api = system.api()
    api.charger(api.location(TARIFF), "BACK-1")
    api.token("BACK")
    async with connected(system, "BACK-1") as charger:
        async with following(system) as stream:
            await charger.status("Preparing")
            seen = await until(stream, "plug", chargeBoxId="BACK-1", status="Preparing")
        transaction = await charger.starts("BACK")
        await charger.stops(transaction, 1_000)
        await charger.status("Available")
        async with following(system, after=seen.id) as stream:
            # How much of a session that went on meanwhile is one message is up to chance; its end is one.
            ended = await until(stream, "session", id=str(transaction), energyWh=1_000)
            async with asyncio.timeout(30):
                positions = [ended.id]
                async for message in stream:
                    positions.append(message.id)
                    if message.event == "plug" and message.data["status"] == "Available":
                        break
    known = [position for position in positions if position is not None]
    assert known == sorted(known)
    assert seen.id is not None
    assert known[0] > seen.id


async def test_another_company_sees_nothing_of_it(system: RunningSystem) -> None:
    api = system.api()
    api.charger(api.location(TARIFF), "MINE-1")
    other_company = system.api(613)
    other_company.charger(other_company.location(TARIFF), "THEIRS-1")
    async with following(system, company=613) as stream, connected(system, "MINE-1") as charger:
        await charger.status("Preparing")
        other_company.post("/chargers", _charger(other_company.location(TARIFF), "THEIRS-2"))
        async with asyncio.timeout(30):
            first = await anext(stream)
    assert first.data["chargeBoxId"] == "THEIRS-2"


def _charger(location: str, charge_box_id: str) -> dict[str, Any]:
    return {"locationId": location, "chargeBoxId": charge_box_id, "plugs": [{"number": 1}]}


def test_a_position_that_is_none_is_refused(system: RunningSystem) -> None:
    client = system.api().client
    refused = client.get("/stream", headers={"Last-Event-ID": "yesterday"})
    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/problem+json"
