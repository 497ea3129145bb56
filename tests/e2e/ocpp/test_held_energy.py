"""Energy that the plug cannot have delivered is shown, and billed once an operator agrees."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx2

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, until
from tests.e2e.running import OWNER_PASSWORD


async def test_held_back_energy_is_billed_with_an_operators_note(site: Site) -> None:
    site.add_charger()
    start = {
        "connectorId": 1,
        "idTag": site.add_token(),
        "meterStart": 0,
        "timestamp": "2026-11-21T09:00:00Z",
    }
    async with charger(site.url()) as cp:
        number = int((await cp.call("StartTransaction", **start))["transactionId"])
        stop = {"meterStop": 300_000, "timestamp": "2026-11-21T10:00:00Z"}
        await cp.call("StopTransaction", transactionId=number, **stop)
        await until(lambda: "endedAt" in site.api().client.get(f"/sessions/{number}").json())
    held = site.api().get(f"/sessions/{number}")
    assert held["energyWh"] + held["heldBackWh"] == 300_000
    assert held["heldBackWh"] > 0
    assert "heldBack" in held["flags"]
    client = site.api().client
    assert client.post(f"/sessions/{number}/held-energy", json={"note": ""}).status_code == 422
    assert site.api(243).client.post(f"/sessions/{number}/held-energy", json={"note": "x"}).status_code == 404
    note = {"note": "Measured by the grid's meter as well."}
    for wh, refused in ((0, 422), (-1, 422), ("1", 422), (held["heldBackWh"] + 1, 409)):
        body = note | {"wh": wh}
        assert client.post(f"/sessions/{number}/held-energy", json=body).status_code == refused
    part = await asyncio.to_thread(
        site.api().post, f"/sessions/{number}/held-energy", note | {"wh": 1_000}, 200
    )
    assert part["energyWh"] == held["energyWh"] + 1_000
    assert part["heldBackWh"] == held["heldBackWh"] - 1_000
    billed = await asyncio.to_thread(site.api().post, f"/sessions/{number}/held-energy", note, 200)
    assert billed["energyWh"] == 300_000
    assert "heldBackWh" not in billed
    assert client.post(f"/sessions/{number}/held-energy", json=note).status_code == 409
    corrected = await asyncio.to_thread(site.api().every, "/events", type="bill-corrected")
    here = [each["data"] for each in corrected if each["stream"] == f"session:{number}"]
    assert [each["note"] for each in here] == [note["note"]] * 2


async def test_a_page_shows_what_is_held_back_while_charging_and_bills_a_part_of_it(site: Site) -> None:
    site.add_charger()
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)

    def at(minutes: int) -> str:
        return (began + timedelta(minutes=minutes)).isoformat()

    card = site.add_token()
    async with charger(site.url()) as cp:
        started = await cp.call("StartTransaction", connectorId=1, idTag=card, meterStart=0, timestamp=at(0))
        number = int(started["transactionId"])
        for minutes in (10, 20, 30, 40):
            sample = {"timestamp": at(minutes), "sampledValue": [{"value": str(1000 * minutes)}]}
            await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[sample])
        await until(lambda: "heldBackWh" in site.api().client.get(f"/sessions/{number}").json())
        address = site.system.base_url
        with httpx2.Client(base_url=address, headers={"Origin": address}) as pages:
            owner = {"email": "owner@242.example", "password": OWNER_PASSWORD}
            assert (await asyncio.to_thread(pages.post, "/sign-in", data=owner)).status_code == 303
            page = f"/sessions/{number}"
            charging = (await asyncio.to_thread(pages.get, page)).text
            assert 'id="held-back"' in charging
            assert "held-energy" not in charging
            await cp.call("StopTransaction", transactionId=number, meterStop=60_000, timestamp=at(60))
            await until(lambda: "endedAt" in site.api().client.get(f"/sessions/{number}").json())
            before = site.api().get(f"/sessions/{number}")
            for wrong in ("12.5", "all", "999999"):
                form = {"note": "The plug has 60 kW.", "wh": wrong}
                await asyncio.to_thread(pages.post, f"{page}/held-energy", data=form)
                assert site.api().get(f"/sessions/{number}")["energyWh"] == before["energyWh"]
            form = {"note": "The plug has 60 kW.", "wh": "5000"}
            await asyncio.to_thread(pages.post, f"{page}/held-energy", data=form)
    after = site.api().get(f"/sessions/{number}")
    assert after["energyWh"] == before["energyWh"] + 5_000
    assert after["heldBackWh"] == before["heldBackWh"] - 5_000
