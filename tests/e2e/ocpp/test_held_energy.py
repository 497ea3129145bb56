"""Energy that the plug cannot have delivered is shown, and billed once an operator agrees."""

import asyncio

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.site import Site, until


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
    assert [event["note"] for event in site.events("bill-corrected")] == [note["note"]] * 2
