"""Two hundred drivers want one slot at once, through two web processes: one gets it."""

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from tests.e2e.companies import create_in_this_process
from tests.e2e.persistent_charger import FLAT
from tests.e2e.running import RunningSystem

DRIVERS = 200
PROCESSES = ("worker", "web", "web")
FEE = {"sameDay": "2.50", "future": "2.50"}


@pytest.fixture
def web(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RunningSystem]]:
    """Two web processes, and a worker that keeps what they show, on one database."""
    with contextlib.ExitStack() as parts:
        systems = [RunningSystem(database, tmp_path_factory.mktemp(role), role) for role in PROCESSES]
        for system in systems:
            # As on one machine: what one process signs the others know.
            system.settings["EOSVOLT_DATA_DIR"] = str(systems[0].folder / "data")
            create_in_this_process(system)
            parts.callback(system.close)
            system.start()
        yield systems[1:]


async def _at_once(systems: list[RunningSystem], requests: list[tuple[str, Any]]) -> list[httpx2.Response]:
    """The answers to POSTs that are sent at once, in turn to one process and the other."""
    async with contextlib.AsyncExitStack() as parts:
        clients = [
            await parts.enter_async_context(
                httpx2.AsyncClient(
                    base_url=f"{system.base_url}/api/v1",
                    headers=systems[0].api().client.headers,
                    timeout=120,
                    limits=httpx2.Limits(max_connections=len(requests)),
                )
            )
            for system in systems
        ]
        sent = [
            client.post(path, json=body)
            for client, (path, body) in zip(itertools.cycle(clients), requests, strict=False)
        ]
        return list(await asyncio.gather(*sent))


async def test_of_many_drivers_who_want_one_slot_through_two_web_processes_one_gets_it(
    web: list[RunningSystem],
) -> None:
    api = web[0].api()
    location = api.location(FLAT)
    api.charger(location, "RACE")
    api.client.put(f"/locations/{location}/booking", json={"enabled": True, "fee": FEE}).raise_for_status()
    tokens = [f"RACE-{number}" for number in range(DRIVERS)]
    issued = await _at_once(web, [("/tokens", {"uid": each, "status": "accepted"}) for each in tokens])
    assert {each.status_code for each in issued} == {201}
    day = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    slots = api.get(f"/locations/{location}/slots", date=day, chargeBoxId="RACE", plug=1)["items"]
    wanted = {"locationId": location, "start": slots[5]["start"], "chargeBoxId": "RACE", "plug": 1}

    answers = await _at_once(web, [("/bookings", wanted | {"token": each}) for each in tokens])
    assert Counter(each.status_code for each in answers) == {201: 1, 409: DRIVERS - 1}
    # Whoever was too late has the slots that are left.
    for each in answers:
        if each.status_code == 409:
            refused = each.json()
            assert refused["detail"] == "This time is taken: choose another slot."
            assert [slot["start"] for slot in refused["slots"]] == [slot["start"] for slot in slots]
            assert [slot["start"] for slot in refused["slots"] if not slot["free"]] == [wanted["start"]]
    (made,) = [each.json() for each in answers if each.status_code == 201]
    listed = [api.get("/bookings", state=state)["items"] for state in ("booked", "held")]
    assert [[each["id"] for each in items] for items in listed] == [[made["id"]], []]

    # It is cancelled by many at once, without refund: the fee is owed once.
    cancelling = (f"/bookings/{made['id']}/cancel", {"refund": False})
    assert {each.status_code for each in await _at_once(web, [cancelling] * 20)} == {200}
    (entry,) = api.get("/finance/transactions")["items"]
    assert (entry["kind"], entry["gross"]["amount"]) == ("bookingFee", "2.50")
    counted = web[0].sql("SELECT count(*) FROM stored_events WHERE topic = 'booking-made'")
    assert counted == [(1,)]
    assert web[0].verify()["same"]
