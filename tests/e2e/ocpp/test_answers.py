"""Every command, every answer that OCPP 1.6 and its security extension have for it, and what that means."""

from typing import Any, NamedTuple

import pytest
from ocpp.messages import Call, CallResult, validate_payload

from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from tests.e2e.ocpp.charger import charger
from tests.e2e.ocpp.command_exchange import answer, heartbeat, outcome, request_command
from tests.e2e.ocpp.site import Site

SCHEMAS = schemas("1.6")
LATER = "2099-01-01T00:00:00Z"
PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
ROOT = "CentralSystemRootCertificate"
HASHES = {
    "hashAlgorithm": "SHA256",
    "issuerNameHash": "00",
    "issuerKeyHash": "01",
    "serialNumber": "02",
}
PROFILE = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Relative",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16}],
    },
}
FIRMWARE = {
    "location": "https://files.example/f.bin",
    "retrieveDateTime": LATER,
    "signingCertificate": PEM,
    "signature": "AAAA",
}
LISTED = [{"idTag": "T", "idTagInfo": {"status": "Accepted"}}]


class Question(NamedTuple):
    """A command as a program asks for it, and the answers that agree to it or do not."""

    body: dict[str, Any]
    agreeing: list[dict[str, Any]]
    refusing: list[dict[str, Any]]


def says(*statuses: str) -> list[dict[str, Any]]:
    return [{"status": status} for status in statuses]


YES, NO = says("Accepted"), says("Rejected")
QUESTIONS = {
    "CancelReservation": Question({"type": "cancelReservation", "reservationId": 5}, YES, NO),
    "CertificateSigned": Question({"type": "certificateSigned", "certificateChain": PEM}, YES, NO),
    "ChangeAvailability": Question(
        {"type": "changeAvailability", "operative": False}, says("Accepted", "Scheduled"), NO
    ),
    "ChangeConfiguration": Question(
        {"type": "changeConfiguration", "key": "HeartbeatInterval", "value": "60"},
        says("Accepted", "RebootRequired"),
        says("Rejected", "NotSupported"),
    ),
    "ClearCache": Question({"type": "clearCache"}, YES, NO),
    "ClearChargingProfile": Question({"type": "clearChargingProfile"}, says("Accepted", "Unknown"), []),
    "DataTransfer": Question(
        {"type": "dataTransfer", "vendorId": "V", "messageId": "M", "data": "ping"},
        [*YES, {"status": "Accepted", "data": "pong"}],
        says("Rejected", "UnknownMessageId", "UnknownVendorId"),
    ),
    "DeleteCertificate": Question(
        {"type": "deleteCertificate", "certificateHashData": HASHES}, YES, says("Failed", "NotFound")
    ),
    "ExtendedTriggerMessage": Question(
        {"type": "triggerMessage", "requestedMessage": "LogStatusNotification"},
        YES,
        says("Rejected", "NotImplemented"),
    ),
    "GetCompositeSchedule": Question(
        {"type": "getCompositeSchedule", "duration": 60},
        [
            *YES,
            {
                "status": "Accepted",
                "connectorId": 0,
                "scheduleStart": LATER,
                "chargingSchedule": PROFILE["chargingSchedule"],
            },
        ],
        NO,
    ),
    "GetConfiguration": Question(
        {"type": "getConfiguration"}, [{}, {"configurationKey": [], "unknownKey": ["Nonsense"]}], []
    ),
    "GetDiagnostics": Question({"type": "getDiagnostics"}, [{}, {"fileName": "diagnostics.zip"}], []),
    "GetInstalledCertificateIds": Question(
        {"type": "getInstalledCertificateIds", "certificateType": ROOT},
        [{"status": "Accepted", "certificateHashData": [HASHES]}],
        says("NotFound"),
    ),
    "GetLocalListVersion": Question(
        {"type": "getLocalListVersion"}, [{"listVersion": version} for version in (-1, 0, 7)], []
    ),
    "GetLog": Question(
        {"type": "getLog"},
        [{"status": "Accepted", "filename": "log.zip"}, {"status": "AcceptedCanceled"}],
        NO,
    ),
    "InstallCertificate": Question(
        {"type": "installCertificate", "certificateType": ROOT, "certificate": PEM},
        YES,
        says("Failed", "Rejected"),
    ),
    "RemoteStartTransaction": Question({"type": "remoteStart", "token": "T", "plug": 1}, YES, NO),
    "RemoteStopTransaction": Question({"type": "remoteStop", "transaction": 170_001}, YES, NO),
    "ReserveNow": Question(
        {"type": "reserveNow", "token": "T", "plug": 1, "expiryDate": LATER},
        YES,
        says("Faulted", "Occupied", "Rejected", "Unavailable"),
    ),
    "Reset": Question({"type": "reset", "kind": "hard"}, YES, NO),
    "SendLocalList": Question(
        {"type": "sendLocalList", "updateType": "Full", "localAuthorizationList": LISTED},
        YES,
        says("Failed", "NotSupported", "VersionMismatch"),
    ),
    "SetChargingProfile": Question(
        {"type": "setChargingProfile", "chargingProfile": PROFILE}, YES, says("Rejected", "NotSupported")
    ),
    "SignedUpdateFirmware": Question(
        {"type": "signedUpdateFirmware", "firmware": FIRMWARE},
        says("Accepted", "AcceptedCanceled"),
        says("Rejected", "InvalidCertificate", "RevokedCertificate"),
    ),
    "TriggerMessage": Question(
        {"type": "triggerMessage", "requestedMessage": "Heartbeat"}, YES, says("Rejected", "NotImplemented")
    ),
    "UnlockConnector": Question(
        {"type": "unlock", "plug": 1}, says("Unlocked"), says("UnlockFailed", "NotSupported")
    ),
    "UpdateFirmware": Question(
        {"type": "updateFirmware", "location": "https://files.example/f.bin"}, [{}], []
    ),
}


def statuses(action: str) -> set[str]:
    """The words for ``status`` that an action's answer may use."""
    document = SCHEMAS[f"{action}Response"].document
    shape = document.get("properties", {}).get("status", {})
    if "$ref" in shape:
        shape = document["definitions"][shape["$ref"].rpartition("/")[2]]
    return set(shape.get("enum", ()))


def test_no_command_and_no_word_of_an_answer_is_left_out() -> None:
    asked = {name for name in SCHEMAS if not name.endswith("Response")} - set(PAYLOADS)
    assert set(QUESTIONS) == asked | {"DataTransfer"}
    for action, question in QUESTIONS.items():
        used = {said["status"] for said in question.agreeing + question.refusing if "status" in said}
        assert used == statuses(action), action


@pytest.mark.parametrize("action", QUESTIONS)
async def test_a_command_is_valid_and_each_answer_has_its_state(site: Site, action: str) -> None:
    question = QUESTIONS[action]
    said = [(one, "accepted") for one in question.agreeing] + [(one, "rejected") for one in question.refusing]
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        for payload, state in said:
            await validate_payload(CallResult("1", payload, action), "1.6")
            command = await request_command(site, question.body)
            kind, id_, name, request = await cp.receive()
            assert (kind, name) == (2, action)
            await validate_payload(Call(id_, name, request), "1.6")
            await answer(cp, id_, payload)
            kept = await outcome(site, command)
            assert (kept["state"], kept["response"]) == (state, payload)


@pytest.mark.parametrize("action", QUESTIONS)
async def test_an_error_instead_of_an_answer_is_a_failure_with_its_reason(site: Site, action: str) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        command = await request_command(site, QUESTIONS[action].body)
        _, id_, heard, _ = await cp.receive()
        assert heard == action
        await cp.say(f'[4,"{id_}","NotSupported","not today",{{}}]')
        kept = await outcome(site, command)
        assert kept["state"] == "failed"
        assert "NotSupported not today" in kept["reason"]


async def test_an_answer_that_says_neither_yes_nor_no_is_a_failure_and_kept(site: Site) -> None:
    site.add_charger()
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        for said, state in (
            ({"status": "Perhaps"}, "failed"),
            ({}, "failed"),
            ({"status": "accepted"}, "accepted"),
        ):
            command = await request_command(site, {"type": "clearCache"})
            _, id_, _, _ = await cp.receive()
            await answer(cp, id_, said)
            assert (await outcome(site, command))["state"] == state
        assert await site.outcomes("ClearCache", 3) == ["unparsed", "unparsed", "repaired:answer"]


async def test_a_password_among_the_settings_is_kept_nowhere(site: Site) -> None:
    site.add_charger()
    settings = [{"key": "AuthorizationKey", "readonly": False, "value": "hunter2hunter2"}]
    async with charger(site.url()) as cp:
        await heartbeat(cp)
        command = await request_command(site, {"type": "getConfiguration"})
        _, id_, _, _ = await cp.receive()
        await answer(cp, id_, {"configurationKey": settings})
        kept = await outcome(site, command)
        assert "hunter2" not in str(kept)
        await site.outcomes("GetConfiguration", 1)
        assert not any("hunter2" in frame.text for frame in site.frames())
        assert site.system.sql("SELECT 1 FROM stored_events WHERE state::text LIKE %s", "%hunter2%") == []
