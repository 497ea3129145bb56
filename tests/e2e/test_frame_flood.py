"""One charger that says far too much: its own messages are dropped and counted, nobody else's."""

import json
from functools import partial
from typing import Any

import httpx2
import pytest

from tests.e2e.api.charger import eventually
from tests.e2e.ocpp.charger import charger
from tests.e2e.running import RunningSystem

TARIFF: dict[str, Any] = {"strategy": "perKwh", "price": "0.50"}
LARGE = 200_000
MANY = 30


@pytest.fixture
def flooded(own_system: RunningSystem) -> RunningSystem:
    """A system that keeps 1 MB a day of each charger."""
    own_system.settings["EOSVOLT_FRAME_CHARGER_MB_PER_DAY"] = "1"
    own_system.start()
    for company, box in ((242, "LOUD"), (242, "QUIET"), (7, "OTHER")):
        api = own_system.api(company)
        api.charger(api.location(TARIFF), box)
    return own_system


def kept(system: RunningSystem, charge_point: str) -> tuple[int, int]:
    """How many frames of a charger are in the log, and their bytes."""
    rows = system.sql("SELECT octet_length(text) FROM ocpp_frames WHERE charge_point = %s", charge_point)
    frames, size = len(rows), sum(each for (each,) in rows)
    return frames, size


def all_kept(system: RunningSystem, charge_point: str, frames: int) -> bool:
    return kept(system, charge_point)[0] == frames


async def test_a_flood_fills_no_more_than_its_own_budget_and_is_shown(flooded: RunningSystem) -> None:
    async with charger(flooded.charger_url("LOUD")) as loud:
        for n in range(MANY):
            await loud.exchange("DataTransfer", {"vendorId": "x", "data": str(n) + "x" * LARGE})
        for n in range(MANY):
            await loud.say("no JSON " + str(n) + "x" * LARGE)
        await loud.exchange("Heartbeat", {})
    for company, box in ((242, "QUIET"), (7, "OTHER")):
        async with charger(flooded.charger_url(box, company)) as quiet:
            for _ in range(5):
                await quiet.exchange("Heartbeat", {})
        eventually(partial(all_kept, flooded, f"{company}/{box}", 10))
    frames, size = kept(flooded, "242/LOUD")
    assert size < 1_000_000
    lost = eventually(lambda: flooded.api().get("/message-log")["lost"], 30)
    assert {(each["chargeBoxId"], each["reason"]) for each in lost} == {("LOUD", "budget")}
    assert lost[0]["messages"] + frames >= 3 * MANY
    assert flooded.api().get("/message-log")["keptDays"] == 90
    assert flooded.api(7).get("/message-log")["lost"] == []
    shown = httpx2.get(f"{flooded.base_url}/metrics").text
    assert 'eosvolt_frames_dropped_total{reason="budget"}' in shown


async def test_an_unprocessed_frame_is_kept_by_its_beginning_its_size_and_its_digest(
    flooded: RunningSystem,
) -> None:
    text = "no JSON " + "x" * LARGE
    async with charger(flooded.charger_url("LOUD")) as loud:
        await loud.say(text)
        await loud.say(json.dumps([9, "1", text]))
        await loud.exchange("Heartbeat", {})
    eventually(lambda: kept(flooded, "242/LOUD")[0] == 4)
    _, size = kept(flooded, "242/LOUD")
    assert size < 10_000
    query = "SELECT text FROM ocpp_frames WHERE outcome = 'ignored' ORDER BY id LIMIT 1"
    assert f"cut: {len(text)} bytes in all, SHA-256 " in flooded.sql(query)[0][0]
