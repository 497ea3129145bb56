"""What operators ask for and what is known afterwards, with chargers that are held to the schema strictly."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.command_exchange import answer, outcome, request_command
from tests.e2e.ocpp.site import Site, until
from tests.e2e.ocpp.strict_charger import BOOT, ask, known, strict

NOW = "2026-11-21T10:00:00Z"
ROOT = "ManufacturerRootCertificate"
HASHES = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "00",
    "issuerKeyHash": "01",
    "serialNumber": "02",
}


async def test_settings_are_read_and_remembered(site: Site) -> None:
    """TC_019_1 and TC_019_2."""
    async with strict(site) as cp:
        every = [
            {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
            {"key": "NumberOfConnectors", "readonly": True, "value": "2"},
        ]
        assert await ask(site, cp, {"type": "getConfiguration"}, {"configurationKey": every}) == {}
        one = {"type": "getConfiguration", "key": ["HeartbeatInterval", "Nonsense"]}
        request = await ask(
            site, cp, one, {"configurationKey": [{**every[0], "value": "60"}], "unknownKey": ["Nonsense"]}
        )
        assert request == {"key": ["HeartbeatInterval", "Nonsense"]}

        def all_reported() -> bool:
            view = known(site, "configuration")
            values = {one["key"]: one["value"] for one in view["settings"]}
            wanted = {"HeartbeatInterval": "60", "NumberOfConnectors": "2"}
            return (values, view["unknown"]) == (wanted, ["Nonsense"])

        await until(all_reported)


@pytest.mark.parametrize(
    ("status", "value", "restart"),
    [("Accepted", "60", False), ("RebootRequired", "60", True), ("Rejected", "300", False)],
)
async def test_a_setting_is_what_the_charger_agreed_to(
    site: Site, status: str, value: str, restart: bool
) -> None:
    """TC_021."""
    async with strict(site) as cp:
        before = [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]
        await ask(site, cp, {"type": "getConfiguration"}, {"configurationKey": before})
        change = {"type": "changeConfiguration", "key": "HeartbeatInterval", "value": "60"}
        request = await ask(site, cp, change, {"status": status})
        assert request == {"key": "HeartbeatInterval", "value": "60"}

        def changed() -> bool:
            (setting,) = known(site, "configuration")["settings"]
            return (setting["value"], setting.get("rebootRequired", False)) == (value, restart)

        await until(changed)


@pytest.mark.parametrize("kind", ["Soft", "Hard"])
async def test_a_reset_charger_comes_back_and_boots(site: Site, kind: str) -> None:
    """TC_013 and TC_014."""
    async with strict(site) as cp:
        assert await ask(site, cp, {"type": "reset", "kind": kind}, {"status": "Accepted"}) == {"type": kind}
    async with charger(site.url()) as cp:
        boot = await cp.call("BootNotification", **{**BOOT, "firmwareVersion": "1.1"})
        assert boot["status"] == "Accepted"
        await until(lambda: known(site, "firmware")["version"] == "1.1")


TRIGGERED: Sequence[tuple[str, str, dict[str, Any]]] = [
    ("TriggerMessage", "BootNotification", BOOT),
    ("TriggerMessage", "DiagnosticsStatusNotification", {"status": "Idle"}),
    ("TriggerMessage", "FirmwareStatusNotification", {"status": "Idle"}),
    ("TriggerMessage", "Heartbeat", {}),
    (
        "TriggerMessage",
        "MeterValues",
        {"connectorId": 1, "meterValue": [{"timestamp": NOW, "sampledValue": [{"value": "1"}]}]},
    ),
    (
        "TriggerMessage",
        "StatusNotification",
        {"connectorId": 1, "errorCode": "NoError", "status": "Available"},
    ),
    ("ExtendedTriggerMessage", "LogStatusNotification", {"status": "Idle"}),
]


@pytest.mark.parametrize(("action", "message", "payload"), TRIGGERED)
async def test_a_triggered_message_is_requested_and_received(
    site: Site, action: str, message: str, payload: dict[str, Any]
) -> None:
    """TC_054."""
    async with strict(site) as cp:
        command = await request_command(site, {"type": "triggerMessage", "requestedMessage": message})
        _, id_, heard, request = await cp.receive()
        assert (heard, request) == (action, {"requestedMessage": message})
        await answer(cp, id_, status="Accepted")
        await cp.call(message, **payload)
        assert (await outcome(site, command))["state"] == "accepted"


@pytest.mark.parametrize("status", ["Accepted", "Scheduled"])
async def test_what_is_out_of_service_is_known_with_its_reason(site: Site, status: str) -> None:
    async with strict(site) as cp:
        body = {"type": "changeAvailability", "operative": False, "plug": 1, "reason": "New cable"}
        request = await ask(site, cp, body, {"status": status})
        assert request == {"connectorId": 1, "type": "Inoperative"}

        def noted() -> bool:
            found = [
                (one["plug"], one["operative"], one.get("scheduled", False), one["reason"])
                for one in known(site, "availability")["items"]
            ]
            return found == [(1, False, status == "Scheduled", "New cable")]

        await until(noted)


async def test_a_refused_change_of_service_changes_nothing(site: Site) -> None:
    async with strict(site) as cp:
        body = {"type": "changeAvailability", "availability": "Inoperative", "connectorId": 2}
        request = await ask(site, cp, body, {"status": "Rejected"})
        assert request == {"connectorId": 2, "type": "Inoperative"}
        assert known(site, "availability")["items"] == []


PLAIN = "FirmwareStatusNotification"
SIGNED = "SignedFirmwareStatusNotification"
WHOLE_WAY = [
    "DownloadScheduled",
    "Downloading",
    "DownloadPaused",
    "Downloading",
    "Downloaded",
    "SignatureVerified",
    "InstallScheduled",
    "Installing",
    "InstallRebooting",
    "Installed",
    "Idle",
]
CHAINS = [
    (PLAIN, ["Downloading", "Downloaded", "Installing", "Installed", "Idle"]),
    (PLAIN, ["Downloading", "DownloadFailed"]),
    (PLAIN, ["Downloading", "Downloaded", "Installing", "InstallationFailed"]),
    (SIGNED, WHOLE_WAY),
    (SIGNED, ["Downloading", "DownloadFailed"]),
    (SIGNED, ["Downloading", "Downloaded", "InvalidSignature"]),
    (SIGNED, ["Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallVerificationFailed"]),
    (SIGNED, ["Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallationFailed"]),
]


@pytest.mark.parametrize(("action", "chain"), CHAINS, ids=lambda value: str(value)[-40:])
async def test_an_installation_is_followed_to_its_end(site: Site, action: str, chain: list[str]) -> None:
    """TC_044_1 to TC_044_3, and signed firmware (TC_080, TC_081); each message comes twice."""
    more: dict[str, Any] = {"requestId": 7} if action == SIGNED else {}
    async with strict(site) as cp:
        for status in chain:
            assert await cp.call(action, status=status, **more) == {}
            assert await cp.call(action, status=status, **more) == {}

        def followed() -> bool:
            progress = known(site, "firmware")["progress"]
            return [one["status"] for one in reversed(progress)] == chain

        await until(followed)
        requests = {one.get("request") for one in known(site, "firmware")["progress"]}
        assert requests == {more.get("requestId")}


async def test_roots_are_known_after_installation_listing_and_deletion(site: Site) -> None:
    """TC_075_1, TC_075_2 and TC_076."""
    async with strict(site) as cp:
        pem = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
        install = {"type": "installCertificate", "certificateType": ROOT, "certificate": pem}
        assert await ask(site, cp, install, {"status": "Accepted"}) == {
            "certificateType": ROOT,
            "certificate": pem,
        }
        await until(lambda: len(known(site, "certificates")["roots"]) == 1)
        listing = {"type": "getInstalledCertificateIds", "certificateType": ROOT}
        await ask(site, cp, listing, {"status": "Accepted", "certificateHashData": [HASHES]})
        await until(lambda: known(site, "certificates")["trusted"] == [{"type": ROOT, **HASHES}])
        delete = {"type": "deleteCertificate", "certificateHashData": HASHES}
        assert await ask(site, cp, delete, {"status": "Accepted"}) == {"certificateHashData": HASHES}
        await ask(site, cp, listing, {"status": "NotFound"})
        await until(lambda: known(site, "certificates")["trusted"] == [])


async def test_a_security_event_is_kept_once_although_it_comes_twice(site: Site) -> None:
    """TC_079 tells of an invalid certificate in this way."""
    event = {"type": "TamperDetectionActivated", "timestamp": NOW, "techInfo": "cover"}
    async with strict(site) as cp:
        assert await cp.call("SecurityEventNotification", **event) == {}
        assert await cp.call("SecurityEventNotification", **event) == {}
        await until(lambda: known(site, "security-events")["items"] != [])
        (kept,) = known(site, "security-events")["items"]
        assert (kept["type"], kept["at"], kept["info"]) == ("TamperDetectionActivated", NOW, "cover")


async def test_an_unknown_vendor_gets_its_status_and_a_flood_of_its_messages_is_one_event(site: Site) -> None:
    """TC_064; evcc #15890: several of them every second."""
    async with strict(site) as cp:
        for number in range(20):
            said = await cp.call("DataTransfer", vendorId="EN+", messageId="flood", data=str(number))
            assert said == {"status": "UnknownVendorId"}
        assert await cp.call("DataTransfer", vendorId="EN+", messageId="other") == {
            "status": "UnknownVendorId"
        }
        await site.outcomes("DataTransfer", 21)
        messages = await asyncio.to_thread(site.events, "vendor-message-told")
        assert [(one["message"], one.get("data", "")) for one in messages] == [
            ("flood", "0"),
            ("other", ""),
        ]


async def test_a_strict_charger_s_news_that_no_schema_knows_is_refused_and_kept(site: Site) -> None:
    async with strict(site) as cp:
        answer_ = await cp.exchange("FirmwareStatusNotification", {"status": "Dreaming"})
        assert (answer_[0], answer_[2]) == (4, "PropertyConstraintViolation")
        assert await cp.call("FirmwareStatusNotification", status="Installed") == {}
        await until(lambda: len(known(site, "firmware")["progress"]) == 1)
