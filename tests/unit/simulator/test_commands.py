"""What a charger does when it is told to: every command of the Core profile and of remote trigger."""

import pytest

from tests.unit.simulator.scene import TAG, scene


async def test_it_starts_and_stops_remotely() -> None:
    async with scene() as s:
        answer = await s.listener.ask(
            "CP%201%2FA", "RemoteStartTransaction", {"idTag": "APP-1", "connectorId": 2}
        )
        assert answer == {"status": "Accepted"}
        start = await s.listener.until("StartTransaction", idTag="APP-1")
        assert start["connectorId"] == 2
        await s.listener.until("StatusNotification", status="Charging")
        again = await s.listener.ask(
            "CP%201%2FA", "RemoteStartTransaction", {"idTag": "APP-2", "connectorId": 2}
        )
        assert again == {"status": "Rejected"}
        transaction = s.charger.station.deliveries[0].transaction
        assert await s.listener.ask("CP%201%2FA", "RemoteStopTransaction", {"transactionId": 4}) == {
            "status": "Rejected"
        }
        done = await s.listener.ask("CP%201%2FA", "RemoteStopTransaction", {"transactionId": transaction})
        assert done == {"status": "Accepted"}
        stop = await s.listener.until("StopTransaction")
        assert (stop["transactionId"], stop["reason"]) == (transaction, "Remote")


@pytest.mark.parametrize(("kind", "reason"), [("Soft", "SoftReset"), ("Hard", "HardReset")])
async def test_a_reset_ends_the_session_and_boots_again(kind: str, reason: str) -> None:
    async with scene() as s:
        await s.charging()
        assert await s.listener.ask("CP%201%2FA", "Reset", {"type": kind}) == {"status": "Accepted"}
        await s.listener.until("BootNotification", 2)
        stop = await s.listener.until("StopTransaction")
        assert stop["reason"] == reason


async def test_unlocking_ends_the_session_and_frees_the_plug() -> None:
    async with scene() as s:
        await s.charging()
        assert await s.listener.ask("CP%201%2FA", "UnlockConnector", {"connectorId": 1}) == {
            "status": "Unlocked"
        }
        assert (await s.listener.until("StopTransaction"))["reason"] == "UnlockCommand"
        await s.listener.until("StatusNotification", 2, connectorId=1, status="Available")
        assert await s.listener.ask("CP%201%2FA", "UnlockConnector", {"connectorId": 9}) == {
            "status": "NotSupported"
        }


async def test_availability_waits_for_the_session_to_end() -> None:
    async with scene() as s:
        await s.charging()
        change = {"connectorId": 0, "type": "Inoperative"}
        assert await s.listener.ask("CP%201%2FA", "ChangeAvailability", change) == {"status": "Scheduled"}
        await s.listener.until("StatusNotification", connectorId=2, status="Unavailable")
        await s.listener.ask("CP%201%2FA", "UnlockConnector", {"connectorId": 1})
        await s.listener.until("StatusNotification", connectorId=1, status="Unavailable")
        back = {"connectorId": 0, "type": "Operative"}
        assert await s.listener.ask("CP%201%2FA", "ChangeAvailability", back) == {"status": "Accepted"}
        await s.listener.until("StatusNotification", 2, connectorId=1, status="Available")


@pytest.mark.parametrize(
    "message",
    [
        "BootNotification",
        "DiagnosticsStatusNotification",
        "FirmwareStatusNotification",
        "Heartbeat",
        "MeterValues",
        "StatusNotification",
    ],
)
async def test_it_says_what_is_asked_for(message: str) -> None:
    async with scene() as s:
        before = len(s.listener.all(message))
        answer = await s.listener.ask("CP%201%2FA", "TriggerMessage", {"requestedMessage": message})
        assert answer == {"status": "Accepted"}
        await s.listener.until(message, before + 1)


async def test_it_promises_nothing_of_a_plug_that_it_does_not_have() -> None:
    async with scene() as s:
        nowhere = {"requestedMessage": "MeterValues", "connectorId": 7}
        for action in ("TriggerMessage", "ExtendedTriggerMessage"):
            assert await s.listener.ask("CP%201%2FA", action, nowhere) == {"status": "Rejected"}


async def test_it_keeps_its_settings() -> None:
    async with scene() as s:

        async def change(key: str, value: str) -> str:
            answer = await s.listener.ask("CP%201%2FA", "ChangeConfiguration", {"key": key, "value": value})
            return str(answer["status"])

        assert await change("metervaluesampleinterval", "30") == "Accepted"
        assert await change("MeterValueSampleInterval", "often") == "Rejected"
        assert await change("NumberOfConnectors", "3") == "Rejected"
        assert await change("NoSuchKey", "1") == "NotSupported"
        asked = {"key": ["MeterValueSampleInterval", "NoSuchKey", "AuthorizationKey"]}
        answer = await s.listener.ask("CP%201%2FA", "GetConfiguration", asked)
        assert answer["unknownKey"] == ["NoSuchKey"]
        assert answer["configurationKey"] == [
            {"key": "MeterValueSampleInterval", "readonly": False, "value": "30"},
            {"key": "AuthorizationKey", "readonly": False},
        ]
        assert len((await s.listener.ask("CP%201%2FA", "GetConfiguration", {}))["configurationKey"]) > 10


async def test_it_forgets_cards_on_request_and_knows_no_vendor() -> None:
    async with scene() as s:
        s.charger._state.cards.add(TAG)
        assert await s.listener.ask("CP%201%2FA", "ClearCache", {}) == {"status": "Accepted"}
        assert s.charger._state.cards == set()
        assert await s.listener.ask("CP%201%2FA", "DataTransfer", {"vendorId": "x"}) == {
            "status": "UnknownVendorId"
        }
