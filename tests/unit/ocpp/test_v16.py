from datetime import UTC, datetime
from typing import Any

import pytest

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.inbound_messages import AuthorizeRequest, Heartbeat, InboundMessage
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.adapters.ocpp.v16 import Parsed
from eosvolt.application.charging import StartAnswer, TokenAnswer
from eosvolt.domain.charge_points.reports import (
    Boot,
    CertificateReport,
    ConnectorStatus,
    FirmwareReport,
    MeterReport,
    Reading,
    SecurityReport,
    StartReport,
    StatusReport,
    StopReport,
    UploadReport,
    VendorReport,
)
from eosvolt.domain.commands.catalogue import UnsupportedCommand, csms_request
from eosvolt.domain.tokens.events import Authorization

NOW = datetime(2026, 11, 21, 10, 6, tzinfo=UTC)
AT = datetime(2026, 11, 21, 10, 5, tzinfo=UTC)
AT_TEXT = "2026-11-21T10:05:00Z"
SAMPLES = [{"timestamp": AT_TEXT, "sampledValue": [{"value": "7"}]}]
READING = Reading(at=AT, register_wh=7)

MEANINGS: list[tuple[str, dict[str, Any], InboundMessage]] = [
    ("Heartbeat", {}, Heartbeat()),
    ("Authorize", {"idTag": "04A1"}, AuthorizeRequest("04A1")),
    (
        "BootNotification",
        {
            "chargePointVendor": "ACME",
            "chargePointModel": "AC22",
            "chargeBoxSerialNumber": "OLD",
            "firmwareVersion": "1.2.3",
            "meterType": "M",
        },
        Boot(received_at=NOW, vendor="ACME", model="AC22", serial="OLD", firmware="1.2.3", meter_type="M"),
    ),
    (
        "StatusNotification",
        {"connectorId": 1, "errorCode": "NoError", "status": "Available", "timestamp": AT_TEXT},
        StatusReport(connector=1, status=ConnectorStatus.AVAILABLE, at=AT, received_at=NOW),
    ),
    (
        "StatusNotification",
        {
            "connectorId": 0,
            "errorCode": "GroundFailure",
            "status": "Faulted",
            "info": "i",
            "vendorId": "v",
            "vendorErrorCode": "E7",
        },
        StatusReport(
            connector=0,
            status=ConnectorStatus.FAULTED,
            at=NOW,
            received_at=NOW,
            timed=False,
            error_code="GroundFailure",
            vendor_id="v",
            vendor_error="E7",
            info="i",
        ),
    ),
    (
        "StartTransaction",
        {"connectorId": 1, "idTag": "T", "meterStart": 5, "timestamp": AT_TEXT, "reservationId": 3},
        StartReport(connector=1, token="T", at=AT, received_at=NOW, meter_start_wh=5, reservation=3),
    ),
    (
        "MeterValues",
        {"connectorId": 1, "transactionId": 9, "meterValue": SAMPLES},
        MeterReport(connector=1, received_at=NOW, readings=(READING,), transaction=9),
    ),
    (
        "StopTransaction",
        {
            "transactionId": -1,
            "meterStop": 8,
            "timestamp": AT_TEXT,
            "reason": "Remote",
            "transactionData": SAMPLES,
        },
        StopReport(
            transaction=-1, at=AT, received_at=NOW, meter_stop_wh=8, reason="Remote", readings=(READING,)
        ),
    ),
    (
        "StopTransaction",
        {"transactionId": 9, "meterStop": 8, "timestamp": "1970-01-01T00:00:00Z", "idTag": "T"},
        StopReport(transaction=9, at=NOW, received_at=NOW, meter_stop_wh=8, token="T", timed=False),
    ),
    (
        "DataTransfer",
        {"vendorId": "V", "messageId": "M", "data": "D"},
        VendorReport(vendor="V", received_at=NOW, message="M", data="D"),
    ),
    (
        "FirmwareStatusNotification",
        {"status": "Installed"},
        FirmwareReport(status="Installed", received_at=NOW),
    ),
    (
        "SignedFirmwareStatusNotification",
        {"status": "InvalidSignature", "requestId": 5},
        FirmwareReport(status="InvalidSignature", received_at=NOW, request=5, signed=True),
    ),
    (
        "DiagnosticsStatusNotification",
        {"status": "Uploaded"},
        UploadReport(status="Uploaded", received_at=NOW),
    ),
    (
        "LogStatusNotification",
        {"status": "Uploaded", "requestId": 1},
        UploadReport(status="Uploaded", received_at=NOW, request=1),
    ),
    (
        "SecurityEventNotification",
        {"type": "TamperDetectionActivated", "timestamp": AT_TEXT, "techInfo": "lid"},
        SecurityReport(type="TamperDetectionActivated", at=AT, received_at=NOW, info="lid"),
    ),
    ("SignCertificate", {"csr": "PEM"}, CertificateReport(request="PEM", received_at=NOW)),
]


@pytest.mark.parametrize(("action", "payload", "meaning"), MEANINGS)
def test_each_message_has_its_meaning(action: str, payload: dict[str, Any], meaning: InboundMessage) -> None:
    for strict in (True, False):
        assert v16.parse(action, payload, NOW, strict=strict) == Parsed(meaning, [])


def test_what_was_mended_says_how() -> None:
    heard = v16.parse("Authorize", {"idTag": "T", "x": None}, NOW, strict=False)
    assert heard == Parsed(AuthorizeRequest("T"), ["unknown-field"])


def test_strictly_nothing_is_mended() -> None:
    heard = v16.parse("Authorize", {"idTag": "T", "x": None}, NOW, strict=True)
    assert isinstance(heard, Violation)
    assert heard.code == "FormationViolation"
    assert len(heard.sentence) <= 200


@pytest.mark.parametrize(
    ("action", "payload", "code"),
    [
        ("Authorize", [], "FormationViolation"),
        ("Authorize", {"idTag": "T", "x": 1}, "FormationViolation"),
        ("Authorize", {}, "OccurenceConstraintViolation"),
        ("MeterValues", {"connectorId": 1, "meterValue": []}, "OccurenceConstraintViolation"),
        ("Authorize", {"idTag": 5}, "TypeConstraintViolation"),
        ("Authorize", {"idTag": "x" * 21}, "TypeConstraintViolation"),
        ("FirmwareStatusNotification", {"status": "Dreaming"}, "PropertyConstraintViolation"),
    ],
)
def test_errors_are_spelt_as_ocpp_1_6_spells_them(action: str, payload: Any, code: str) -> None:
    """OCPP-J 1.6 §4.2.3; errata 5.1 and 5.2 keep "Formation" and "Occurence"."""
    heard = v16.parse(action, payload, NOW, strict=True)
    assert isinstance(heard, Violation)
    assert heard.code == code


@pytest.mark.parametrize(("action", "code"), [("FooBar", "NotImplemented"), ("Reset", "NotSupported")])
def test_the_unknown_is_not_implemented_and_the_known_but_not_ours_not_supported(
    action: str, code: str
) -> None:
    heard = v16.parse(action, {}, NOW, strict=False)
    assert isinstance(heard, Violation)
    assert heard.code == code


def test_only_what_a_charger_would_repeat_for_ever_has_a_fallback_response() -> None:
    fallback_response = {action for action in v16.ACTIONS if v16.fallback_response(action) is not None}
    assert fallback_response == {"StartTransaction", "StopTransaction", "MeterValues"}


def test_a_group_that_fits_no_card_is_not_named_in_an_answer() -> None:
    token = TokenAnswer(Authorization.ACCEPTED, "g" * 21, AT)
    assert v16.authorization(token) == {"idTagInfo": {"status": "Accepted", "expiryDate": AT_TEXT}}
    assert v16.start(StartAnswer(7, TokenAnswer(Authorization.BLOCKED, "G"))) == {
        "transactionId": 7,
        "idTagInfo": {"status": "Blocked", "parentIdTag": "G"},
    }


@pytest.mark.parametrize(
    ("action", "status", "yes"),
    [
        ("RemoteStartTransaction", "Accepted", True),
        ("RemoteStartTransaction", "Rejected", False),
        ("UnlockConnector", "Unlocked", True),
        ("UnlockConnector", "UnlockFailed", False),
        ("ChangeAvailability", "Scheduled", True),
        ("ChangeConfiguration", "RebootRequired", True),
        ("ChangeConfiguration", "NotSupported", False),
        ("DataTransfer", "UnknownVendorId", False),
        ("GetConfiguration", None, True),
        ("GetDiagnostics", None, True),
        ("UpdateFirmware", None, True),
        ("GetLocalListVersion", None, False),
        ("SignedUpdateFirmware", "AcceptedCanceled", True),
        ("SignedUpdateFirmware", "InvalidCertificate", False),
        ("GetLog", "AcceptedCanceled", True),
        ("SendLocalList", "VersionMismatch", False),
        ("ReserveNow", "Occupied", False),
        ("ClearChargingProfile", "Unknown", True),
        ("SetChargingProfile", "NotSupported", False),
        ("DeleteCertificate", "NotFound", False),
        ("Reset", None, False),
    ],
)
def test_an_answer_is_a_yes_or_a_no(action: str, status: str | None, yes: bool) -> None:
    assert v16.agreed(action, {} if status is None else {"status": status}) is yes


def test_a_remote_stop_may_name_its_session_beside_its_transaction() -> None:
    spoken = v16.call_request(csms_request("remoteStop", {"sessionId": "170001", "transaction": 7}))
    assert spoken[:2] == ("RemoteStopTransaction", {"transactionId": 7})


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("fly", {}),
        ("unlock", {"plug": 0}),
        ("remoteStop", {"transaction": "170001"}),
        ("remoteStart", {"token": ""}),
        ("clearCache", {"really": True}),
        ("changeConfiguration", {"key": "K", "value": "v" * 501}),
    ],
)
def test_a_command_with_the_wrong_fields_cannot_be_encoded(action: str, payload: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedCommand, match=action):
        csms_request(action, payload)


@pytest.mark.parametrize(
    ("action", "payload", "sentence"),
    [
        ("remoteStop", {"sessionId": "170001"}, "which transaction"),
        ("getDiagnostics", {}, "where the file"),
        ("getLog", {"requestId": 1}, "where the file"),
        ("getLog", {"log": {"remoteLocation": "https://here/1"}}, "no number"),
        ("updateFirmware", {"location": "https://here/1"}, "time"),
        ("sendLocalList", {}, "version"),
        ("rotatePassword", {}, "AuthorizationKey"),
        ("triggerMessage", {"requestedMessage": "DiagnosticsStatusNotification", "extended": True}, "Log"),
    ],
)
def test_what_the_system_has_not_completed_cannot_be_encoded(
    action: str, payload: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnsupportedCommand, match=sentence):
        v16.call_request(csms_request(action, payload))


@pytest.mark.parametrize(
    ("limit", "sent"), [(9.24, 9.2), (13.8, 13.8), (0.1 + 0.2, 0.3), (6, 6.0), (0, 0.0), (21.49999, 21.4)]
)
def test_a_limit_is_sent_in_tenths_and_never_above_itself(limit: float, sent: float) -> None:
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Relative",
        "chargingSchedule": schedule,
    }
    spoken = v16.call_request(csms_request("setChargingProfile", {"plug": 1, "chargingProfile": profile}))
    (period,) = spoken.payload["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"]
    assert period == {"startPeriod": 0, "limit": sent}


def test_only_the_security_extension_can_ask_for_its_own_messages() -> None:
    for message, action in [
        ("Heartbeat", "TriggerMessage"),
        ("SignChargePointCertificate", "ExtendedTriggerMessage"),
        ("LogStatusNotification", "ExtendedTriggerMessage"),
    ]:
        assert (
            v16.call_request(csms_request("triggerMessage", {"requestedMessage": message})).action == action
        )
