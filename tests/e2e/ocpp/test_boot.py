import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.e2e.ocpp.charger import Charger, charger
from tests.e2e.ocpp.command_exchange import SETTINGS, answer, outcome, request_command
from tests.e2e.ocpp.site import Site, until
from tests.e2e.ocpp.strict_charger import BOOT, ask

STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
TRIGGER_BOOT = {"type": "triggerMessage", "requestedMessage": "BootNotification"}
YES = {"status": "Accepted"}


@asynccontextmanager
async def held(site: Site) -> AsyncIterator[Charger]:
    """A charger that its operator holds, and that was told so at its boot."""
    site.add_charger()
    await holds(site, True)
    async with charger(site.url()) as cp:
        boot = await cp.call("BootNotification", **BOOT)
        assert (boot["status"], boot["interval"]) == ("Pending", 60)
        yield cp


async def holds(site: Site, hold: bool) -> None:
    change = await asyncio.to_thread(site.api().client.patch, f"/chargers/{site.box()}", json={"held": hold})
    assert (change.status_code, change.json()["held"]) == (200, hold), change.text


async def refused(cp: Charger, action: str, payload: dict[str, Any]) -> bool:
    said = await cp.exchange(action, payload)
    return bool(said[0] == 4 and said[2] == "SecurityError")


async def test_a_boot_is_accepted_and_the_statuses_that_follow_are_noted(site: Site) -> None:
    """§7.4 case 21."""
    site.add_charger()
    async with charger(site.url()) as cp:
        boot = await cp.call(
            "BootNotification", chargePointVendor="ACME", chargePointModel="AC22", firmwareVersion="1.2.3"
        )
        assert boot["status"] == "Accepted"
        assert boot["interval"] == 300
        assert boot["currentTime"].endswith("Z")
        for connector in (0, 1, 2):
            status = {"connectorId": connector, "errorCode": "NoError", "status": "Available"}
            assert await cp.call("StatusNotification", **status) == {}
        await until(site.online)
    (booted,) = site.events("charge-point-booted")
    assert (booted["vendor"], booted["model"], booted["firmware"]) == ("ACME", "AC22", "1.2.3")
    assert [event["connector"] for event in site.events("connector-reported")] == [1, 2]
    assert await site.outcomes("StatusNotification", 3) == ["answered"] * 3


async def test_what_a_vendor_says_is_answered_and_kept(site: Site) -> None:
    """§7.4 case 64, as far as chargers send it unasked."""
    site.add_charger()
    async with charger(site.url()) as cp:
        assert await cp.call("DataTransfer", vendorId="ACME", data="ping") == {"status": "UnknownVendorId"}
        assert await cp.call("FirmwareStatusNotification", status="Installed") == {}
        assert await cp.call("DiagnosticsStatusNotification", status="Idle") == {}
        event = {"type": "StartupOfTheDevice", "timestamp": "2026-11-21T10:00:00Z"}
        assert await cp.call("SecurityEventNotification", **event) == {}
        assert await cp.call("SignCertificate", csr="PEM") == {"status": "Rejected"}
    assert await site.outcomes("DataTransfer", 1) == ["answered"]


async def test_a_held_charger_is_configured_and_works_once_it_is_released(site: Site) -> None:
    """§7.4 case 22."""
    async with held(site) as cp:
        assert await ask(site, cp, {"type": "getConfiguration"}, SETTINGS) == {}
        assert (await cp.call("BootNotification", **BOOT))["status"] == "Pending"
        start = {"type": "remoteStart", "token": "TAG"}
        post = site.api().client.post
        response = await asyncio.to_thread(post, f"/chargers/{site.box()}/commands", json=start)
        assert (response.status_code, response.json()["detail"]) == (
            409,
            "The charger is held: release it first.",
        )
        await holds(site, False)
        _, id_, action, trigger = await cp.receive()
        assert (action, trigger) == ("TriggerMessage", {"requestedMessage": "BootNotification"})
        await answer(cp, id_, YES)
        boot = await cp.call("BootNotification", **BOOT)
        assert (boot["status"], boot["interval"]) == ("Accepted", 300)
        assert await cp.call("StatusNotification", **STATUS) == {}
    first, last = site.events("charge-point-booted")
    assert (first["vendor"], first["pending"]) == (BOOT["chargePointVendor"], True)
    assert last["again"]
    assert "pending" not in last
    commands = await asyncio.to_thread(site.api().get, f"/chargers/{site.box()}/commands")
    asked = next(each for each in commands["items"] if each["type"] == "triggerMessage")
    assert asked["by"].startswith("api-key:")
    assert (await outcome(site, asked["id"]))["state"] == "accepted"


async def test_what_a_held_charger_was_not_asked_for_is_refused_and_money_never_is(site: Site) -> None:
    """§7.4 case 23."""
    token = site.add_token()
    start = {"connectorId": 1, "idTag": token, "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"}
    reading = {"timestamp": "2026-11-21T10:30:00Z", "sampledValue": [{"value": "900"}]}
    async with held(site) as cp:
        assert await refused(cp, "StatusNotification", STATUS)
        assert await refused(cp, "Authorize", {"idTag": token})
        assert await refused(cp, "DataTransfer", {"vendorId": "ACME", "data": "ping"})
        assert await refused(cp, "StatusNotification", {"status": "not even in its schema"})
        assert "currentTime" in await cp.call("Heartbeat")
        started = await cp.call("StartTransaction", **start)
        assert started["idTagInfo"]["status"] == "Accepted"
        number = started["transactionId"]
        assert await cp.call("MeterValues", connectorId=1, transactionId=number, meterValue=[reading]) == {}
        stop = {"transactionId": number, "meterStop": 1000, "timestamp": "2026-11-21T11:00:00Z"}
        assert await cp.call("StopTransaction", **stop) == {}
    assert await site.outcomes("StatusNotification", 2) == ["error:SecurityError"] * 2
    assert await site.outcomes("DataTransfer", 1) == ["error:SecurityError"]
    for kind in ("connector-reported", "vendor-message-told", "oddities-counted"):
        assert site.events(kind) == []
    assert [event["energyWh"] for event in site.events("charging-ended")] == [1000]


async def test_a_held_charger_says_what_it_is_asked_to_say(site: Site) -> None:
    """§7.4 case 24."""
    async with held(site) as cp:
        asked = await request_command(site, TRIGGER_BOOT)
        await answer(cp, (await cp.receive())[1], YES)
        assert (await cp.call("BootNotification", **BOOT))["status"] == "Pending"
        assert (await outcome(site, asked))["state"] == "accepted"
        assert await refused(cp, "StatusNotification", STATUS)
        asked = await request_command(
            site, {"type": "triggerMessage", "requestedMessage": "StatusNotification"}
        )
        await answer(cp, (await cp.receive())[1], YES)
        assert await cp.call("StatusNotification", **STATUS) == {}
        assert (await outcome(site, asked))["state"] == "accepted"
        assert await refused(cp, "Authorize", {"idTag": "TAG"})
        await holds(site, False)
        await answer(cp, (await cp.receive())[1], YES)
        assert (await cp.call("BootNotification", **BOOT))["status"] == "Accepted"
        assert (await cp.call("Authorize", idTag="TAG"))["idTagInfo"]["status"] == "Invalid"
    assert len(site.events("connector-reported")) == 1


async def test_a_charger_that_is_held_while_it_works_waits_from_its_next_boot_on(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        assert (await cp.call("BootNotification", **BOOT))["status"] == "Accepted"
        await holds(site, True)
        assert await cp.call("StatusNotification", **STATUS) == {}
        assert (await cp.call("BootNotification", **BOOT))["status"] == "Pending"
        assert await refused(cp, "StatusNotification", STATUS)
    async with charger(site.url()) as cp:
        assert await refused(cp, "StatusNotification", STATUS), "it waits though it has come anew"
