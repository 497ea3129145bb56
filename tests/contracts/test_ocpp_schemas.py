"""The verdicts of the fast path are the package's, for all schemas of OCPP 1.6 and all kinds of payloads."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ocpp import messages
from ocpp.exceptions import OCPPError

from eosvolt.adapters.ocpp import v16
from eosvolt.adapters.ocpp.schema_repair import repaired
from eosvolt.adapters.ocpp.schemas import Violation, schemas
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from eosvolt.application.charging import StartAnswer, TokenAnswer
from eosvolt.domain.commands.catalogue import KINDS, csms_request
from eosvolt.domain.tokens.events import Authorization
from tests.hypothesis_profiles import share

SCHEMAS = schemas("1.6")
CALLS = sorted(name for name in SCHEMAS if not name.endswith("Response"))
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
# What a charger may put where something else belongs.
STRANGE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=60),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just("x" * 600),
)


def payloads(schema: dict[str, Any], definitions: dict[str, Any], strangeness: int) -> st.SearchStrategy[Any]:
    """Payloads of a schema; one part in ``strangeness`` (0: none) is something else."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].removeprefix("#/definitions/")]
    match schema.get("type"):
        case "object":
            proper = _objects(schema, definitions, strangeness)
        case "array":
            proper = st.lists(
                payloads(schema["items"], definitions, strangeness),
                min_size=schema.get("minItems", 0),
                max_size=3,
            )
        case "string" if "enum" in schema:
            proper = st.sampled_from(schema["enum"])
        case "string":
            proper = st.text(max_size=schema.get("maxLength", 30))
        case "integer":
            proper = st.integers(-(2**31), 2**31)
        case "number":
            proper = st.integers(0, 1_000).map(lambda tenths: tenths / 10)
        case "boolean":
            proper = st.booleans()
        case kind:
            raise AssertionError(f"a schema of type {kind}")
    if not strangeness:
        return proper
    return st.integers(1, strangeness).flatmap(lambda n: STRANGE if n == 1 else proper)


def _objects(schema: dict[str, Any], definitions: dict[str, Any], strangeness: int) -> st.SearchStrategy[Any]:
    fields = {
        name: payloads(shape, definitions, strangeness)
        for name, shape in schema.get("properties", {}).items()
    }
    required = {name: field for name, field in fields.items() if name in schema.get("required", ())}
    optional = {name: field for name, field in fields.items() if name not in required}
    if not strangeness:
        return st.fixed_dictionaries(required, optional=optional)
    surplus = st.dictionaries(st.sampled_from(["customData", "connectorID", "x"]), STRANGE, max_size=1)
    complete = st.fixed_dictionaries(required, optional=optional)
    partial = st.fixed_dictionaries({}, optional=fields)
    return st.integers(0, strangeness).flatmap(
        lambda n: st.tuples(partial if n == 0 else complete, surplus if n == 1 else st.just({})).map(
            lambda parts: {**parts[1], **parts[0]}
        )
    )


def package_verdict(action: str, payload: Any) -> str | None:
    """The code of the package's exception, through its public coroutine."""
    try:
        asyncio.run(messages.validate_payload(messages.Call("1", action, payload), "1.6"))
    except OCPPError as error:
        return str(error.code)
    return None


@pytest.mark.parametrize("action", CALLS)
@settings(max_examples=share(60))
@given(data=st.data())
def test_the_verdict_on_a_call_is_the_package_s(action: str, data: st.DataObject) -> None:
    document = SCHEMAS[action].document
    payload = data.draw(
        payloads(document, document.get("definitions", {}), data.draw(st.sampled_from([0, 12, 4])))
    )
    verdict = package_verdict(action, payload)
    found = SCHEMAS[action].violation(payload, {}, "broken")
    assert (found is None) is SCHEMAS[action].valid(payload)
    if not _in_decimals(action):
        assert SCHEMAS[action].valid(payload) is (verdict is None)


def _in_decimals(action: str) -> bool:
    """Whether the package reads this action's floats as decimals, so that only its own verdict counts."""
    return action in {"SetChargingProfile", "RemoteStartTransaction"}


@pytest.mark.parametrize("action", sorted(PAYLOADS))
@settings(max_examples=share(60))
@given(data=st.data())
def test_strictly_a_message_is_understood_just_where_the_package_accepts_it(
    action: str, data: st.DataObject
) -> None:
    document = SCHEMAS[action].document
    payload = data.draw(
        payloads(document, document.get("definitions", {}), data.draw(st.sampled_from([0, 12, 4])))
    )
    heard = v16.parse(action, payload, NOW, strict=True)
    assert isinstance(heard, Violation) is (package_verdict(action, payload) is not None)


@pytest.mark.parametrize("action", sorted(PAYLOADS))
@settings(max_examples=share(60))
@given(data=st.data())
def test_what_was_repaired_satisfies_the_schema_but_for_long_card_numbers(
    action: str, data: st.DataObject
) -> None:
    document = SCHEMAS[action].document
    payload = data.draw(payloads(document, document.get("definitions", {}), 4))
    better, _ = repaired(document, payload)
    if better is not None:
        card = better.get("idTag")
        short = {**better, "idTag": card[:20]} if card is not None else better
        assert package_verdict(action, short) is None
        assert not isinstance(v16.parse(action, payload, NOW, strict=False), Violation)


@pytest.mark.parametrize("action", sorted(PAYLOADS))
@settings(max_examples=share(30))
@given(data=st.data())
def test_a_valid_message_is_left_alone(action: str, data: st.DataObject) -> None:
    document = SCHEMAS[action].document
    payload = data.draw(payloads(document, document.get("definitions", {}), 0))
    strict, tolerant = (v16.parse(action, payload, NOW, strict=strict) for strict in (True, False))
    assert strict == tolerant
    assert not isinstance(strict, Violation)
    assert strict.repairs == []


BLOCKED = TokenAnswer(Authorization.BLOCKED, "FLEET1", NOW)
ANSWERS = [
    ("BootNotification", v16.boot_accepted(NOW, 300)),
    ("BootNotification", v16.boot_pending(NOW)),
    ("Heartbeat", v16.clock(NOW)),
    ("Authorize", v16.authorization(BLOCKED)),
    ("Authorize", v16.authorization(TokenAnswer(Authorization.INVALID, "a group name longer than a card"))),
    ("StartTransaction", v16.start(StartAnswer(170_001, BLOCKED))),
    ("StopTransaction", v16.stop(BLOCKED)),
    ("StopTransaction", v16.stop(None)),
    ("StatusNotification", v16.NOTED),
    ("MeterValues", v16.NOTED),
    ("DataTransfer", v16.VENDOR_UNKNOWN),
    ("SignCertificate", v16.signing(True)),
    ("SignCertificate", v16.signing(False)),
    ("FirmwareStatusNotification", v16.NOTED),
    ("DiagnosticsStatusNotification", v16.NOTED),
    ("SecurityEventNotification", v16.NOTED),
    ("LogStatusNotification", v16.NOTED),
    ("SignedFirmwareStatusNotification", v16.NOTED),
    *(
        (action, v16.fallback_response(action))
        for action in ("MeterValues", "StartTransaction", "StopTransaction")
    ),
]


@pytest.mark.parametrize(("action", "payload"), ANSWERS)
def test_our_answers_satisfy_their_schemas(action: str, payload: Any) -> None:
    asyncio.run(messages.validate_payload(messages.CallResult("1", payload, action), "1.6"))


PROFILE = {
    "chargingProfileId": 1,
    "stackLevel": 0,
    "chargingProfilePurpose": "TxProfile",
    "chargingProfileKind": "Recurring",
    "recurrencyKind": "Daily",
    "transactionId": 170_001,
    "validFrom": "2026-11-21T10:00:00Z",
    "validTo": "2026-11-22T10:00:00.5+01:00",
    "chargingSchedule": {
        "chargingRateUnit": "A",
        "duration": 180,
        "startSchedule": "2026-11-21T10:00:00Z",
        "minChargingRate": 6.05,
        "chargingSchedulePeriod": [
            {"startPeriod": 0, "limit": 9.24, "numberPhases": 3},
            {"startPeriod": 60, "limit": 0.1 + 0.2},
        ],
    },
}
AT = "2026-11-21T10:00:00Z"
FIRMWARE = {
    "location": "https://files.example/f.bin",
    "retrieveDateTime": AT,
    "installDateTime": AT,
    "signingCertificate": "PEM",
    "signature": "c2ln",
}
HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "a", "issuerKeyHash": "b", "serialNumber": "1"}
LISTED = [{"idTag": "A", "idTagInfo": {"status": "Accepted", "parentIdTag": "G"}}, {"idTag": "B"}]
ROOT = "CentralSystemRootCertificate"
COMMANDS: list[tuple[str, dict[str, Any]]] = [
    ("remoteStart", {"token": "TAG"}),
    ("remoteStart", {"token": "TAG", "plug": 1, "chargingProfile": PROFILE}),
    ("remoteStop", {"transaction": 170_001}),
    ("reset", {"kind": "hard"}),
    ("reset", {"kind": "Soft"}),
    ("unlock", {"plug": 1}),
    ("changeAvailability", {"operative": True}),
    ("changeAvailability", {"operative": False, "plug": 2, "reason": "Cable replaced"}),
    ("triggerMessage", {"requestedMessage": "Heartbeat"}),
    ("triggerMessage", {"requestedMessage": "StatusNotification", "plug": 1}),
    ("triggerMessage", {"requestedMessage": "StatusNotification", "plug": 1, "extended": True}),
    ("triggerMessage", {"requestedMessage": "SignChargePointCertificate"}),
    ("getConfiguration", {}),
    ("getConfiguration", {"key": ["a", "b"]}),
    ("changeConfiguration", {"key": "HeartbeatInterval", "value": "60"}),
    ("clearCache", {}),
    ("dataTransfer", {"vendorId": "V"}),
    ("dataTransfer", {"vendorId": "V", "messageId": "M", "data": ""}),
    ("getDiagnostics", {"location": "https://here.example/uploads/1"}),
    (
        "getDiagnostics",
        {"location": "ftp://f.example/", "startTime": AT, "stopTime": AT, "retries": 2, "retryInterval": 9},
    ),
    ("getLog", {"requestId": 1, "log": {"remoteLocation": "https://here.example/uploads/1"}}),
    (
        "getLog",
        {
            "logType": "SecurityLog",
            "requestId": 1,
            "retries": 1,
            "log": {"remoteLocation": "https://h.example/1", "oldestTimestamp": AT, "latestTimestamp": AT},
        },
    ),
    ("updateFirmware", {"location": "https://files.example/f.bin", "retrieveDate": AT, "retries": 1}),
    ("signedUpdateFirmware", {"requestId": 1, "firmware": FIRMWARE}),
    ("getLocalListVersion", {}),
    ("sendLocalList", {"listVersion": 1, "updateType": "Full"}),
    ("sendLocalList", {"listVersion": 2, "updateType": "Differential", "localAuthorizationList": LISTED}),
    ("reserveNow", {"token": "T", "expiryDate": AT, "reservationId": 1}),
    ("reserveNow", {"token": "T", "expiryDate": AT, "reservationId": 1, "plug": 2, "groupToken": "G"}),
    ("cancelReservation", {"reservationId": 1}),
    ("setChargingProfile", {"chargingProfile": PROFILE, "plug": 1}),
    ("clearChargingProfile", {}),
    (
        "clearChargingProfile",
        {"id": 1, "plug": 0, "chargingProfilePurpose": "TxDefaultProfile", "stackLevel": 0},
    ),
    ("getCompositeSchedule", {"duration": 3600}),
    ("getCompositeSchedule", {"duration": 3600, "plug": 1, "chargingRateUnit": "W"}),
    ("installCertificate", {"certificateType": ROOT, "certificate": "PEM"}),
    ("deleteCertificate", {"certificateHashData": HASHES}),
    ("getInstalledCertificateIds", {"certificateType": ROOT}),
    ("certificateSigned", {"certificateChain": "PEM"}),
]


@pytest.mark.parametrize(("action", "payload"), COMMANDS)
def test_our_calls_satisfy_their_schemas(action: str, payload: dict[str, Any]) -> None:
    spoken = v16.call_request(csms_request(action, payload))
    assert package_verdict(spoken.action, spoken.payload) is None


def test_every_command_but_the_password_s_is_said_and_every_action_of_the_system_is_used() -> None:
    assert set(KINDS) - {action for action, _ in COMMANDS} == {"rotatePassword"}
    used = {v16.call_request(csms_request(action, payload)).action for action, payload in COMMANDS}
    assert used | set(PAYLOADS) == set(CALLS)


@given(limit=st.floats(0, 10_000_000))
def test_every_limit_is_a_multiple_of_a_tenth_and_never_raised(limit: float) -> None:
    schedule = {"chargingRateUnit": "W", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": limit}]}
    spoken = v16.call_request(
        csms_request("setChargingProfile", {"chargingProfile": {**PROFILE, "chargingSchedule": schedule}})
    )
    assert package_verdict(spoken.action, spoken.payload) is None
    (period,) = spoken.payload["csChargingProfiles"]["chargingSchedule"]["chargingSchedulePeriod"]
    assert limit - 0.1 < period["limit"] <= limit
