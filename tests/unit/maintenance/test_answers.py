"""What a charger's answers say about it."""

from typing import Any

import pytest

from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.events import (
    AvailabilityChanged,
    CertificateDelivered,
    CertificatesReported,
    ChargingProfilesCleared,
    ChargingProfileSet,
    CompositeScheduleReported,
    ConfigurationReported,
    LocalListVersionReported,
    MaintenanceEvent,
    RootCertificateDeleted,
    SettingChanged,
)
from eosvolt.domain.maintenance.profiles import in_tenths
from eosvolt.domain.maintenance.secrets import is_secret, shown, without_secrets
from eosvolt.domain.maintenance.values import InstalledCertificate, Setting
from eosvolt.domain.reactions.maintenance import after_answer
from tests.examples import CHARGE_POINT, COMPANY, after

AT = after(1)
PROFILE = {"chargingProfileId": 1, "stackLevel": 0, "chargingProfilePurpose": "TxDefaultProfile"}
HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb", "serialNumber": "0C"}
ROOTS = "CentralSystemRootCertificate"


def meaning(
    action: str, payload: dict[str, Any], response: dict[str, Any], *, accepted: bool = True
) -> list[MaintenanceEvent]:
    request = CommandRequested(
        command="c",
        company=COMPANY,
        charge_point=CHARGE_POINT,
        action=action,
        payload=payload,
        by="admin:test",
        at=after(0),
        expires_at=after(2),
    )
    envelopes = after_answer(request, accepted=accepted, response=response, at=AT)
    assert all(order.key == CHARGE_POINT for order in envelopes)
    return [order.command.event for order in envelopes if isinstance(order.command, RecordDeviceEvent)]


ANSWERS: list[tuple[str, dict[str, Any], dict[str, Any], MaintenanceEvent]] = [
    (
        "getConfiguration",
        {},
        {"configurationKey": [{"key": "A", "readonly": True, "value": "1"}, {"key": "B", "readonly": False}]},
        ConfigurationReported(at=AT, settings=(Setting("A", "1", readonly=True), Setting("B")), whole=True),
    ),
    (
        "getConfiguration",
        {"key": ["A", "X"]},
        {"configurationKey": [{"key": "A", "readonly": False, "value": "1"}], "unknownKey": ["X"]},
        ConfigurationReported(at=AT, settings=(Setting("A", "1"),), unknown=("X",)),
    ),
    (
        "changeConfiguration",
        {"key": "A", "value": "2"},
        {"status": "RebootRequired"},
        SettingChanged(at=AT, key="A", value="2", reboot_required=True),
    ),
    (
        "changeAvailability",
        {"operative": False, "reason": "Works"},
        {"status": "Scheduled"},
        AvailabilityChanged(at=AT, connector=0, operative=False, scheduled=True, reason="Works"),
    ),
    ("getLocalListVersion", {}, {"listVersion": -1}, LocalListVersionReported(at=AT, version=-1)),
    (
        "setChargingProfile",
        {"plug": 1, "chargingProfile": PROFILE},
        {"status": "Accepted"},
        ChargingProfileSet(at=AT, connector=1, profile=PROFILE),
    ),
    (
        "clearChargingProfile",
        {"plug": 1, "stackLevel": 2},
        {"status": "Unknown"},
        ChargingProfilesCleared(at=AT, connector=1, stack_level=2),
    ),
    (
        "getCompositeSchedule",
        {"plug": 1, "duration": 60},
        {"status": "Accepted", "scheduleStart": "2026-11-21T10:00:00Z", "chargingSchedule": {"duration": 60}},
        CompositeScheduleReported(at=AT, connector=1, schedule={"duration": 60}, start=after(0)),
    ),
    (
        "getCompositeSchedule",
        {"plug": 1, "duration": 60},
        {"status": "Accepted", "scheduleStart": "this morning"},
        CompositeScheduleReported(at=AT, connector=1, schedule={}),
    ),
    (
        "getInstalledCertificateIds",
        {"certificateType": ROOTS},
        {"status": "Accepted", "certificateHashData": [HASHES]},
        CertificatesReported(
            at=AT, type=ROOTS, certificates=(InstalledCertificate(ROOTS, "SHA256", "aa", "bb", "0C"),)
        ),
    ),
    (
        "deleteCertificate",
        {"certificateHashData": HASHES},
        {"status": "Accepted"},
        RootCertificateDeleted(at=AT, serial_number="0C"),
    ),
]


@pytest.mark.parametrize(("action", "payload", "response", "event"), ANSWERS)
def test_an_answer_says_what_the_charger_is_like(
    action: str, payload: dict[str, Any], response: dict[str, Any], event: MaintenanceEvent
) -> None:
    assert meaning(action, payload, response) == [event]


@pytest.mark.parametrize(("action", "payload"), [(action, payload) for action, payload, _, _ in ANSWERS])
def test_a_refusal_changes_nothing(action: str, payload: dict[str, Any]) -> None:
    assert meaning(action, payload, {"status": "Rejected"}, accepted=False) == []


def test_no_certificates_of_a_kind_is_an_answer_too() -> None:
    reported = meaning(
        "getInstalledCertificateIds", {"certificateType": ROOTS}, {"status": "NotFound"}, accepted=False
    )
    assert reported == [CertificatesReported(at=AT, type=ROOTS, certificates=())]


@pytest.mark.parametrize("accepted", [True, False])
def test_what_became_of_a_certificate_is_known_by_its_fingerprint(accepted: bool) -> None:
    chain = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n"
    (event,) = meaning("certificateSigned", {"certificateChain": chain * 2}, {}, accepted=accepted)
    fingerprint = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert event == CertificateDelivered(at=AT, fingerprint=fingerprint, accepted=accepted)


@pytest.mark.parametrize(
    ("action", "payload", "response"),
    [
        ("getConfiguration", {}, {"configurationKey": [{"value": "1"}, "x", 3], "unknownKey": 5}),
        ("getLocalListVersion", {}, {"listVersion": "many"}),
        ("getLocalListVersion", {}, {"listVersion": 10**30}),
        ("getLocalListVersion", {}, {}),
        ("getCompositeSchedule", {}, {"status": "Accepted", "chargingSchedule": [1]}),
        ("getInstalledCertificateIds", {"certificateType": ROOTS}, {"certificateHashData": [{}]}),
        ("getInstalledCertificateIds", {"certificateType": ROOTS}, {"certificateHashData": ["x"]}),
        ("sendLocalList", {}, {"status": "Accepted"}),
    ],
)
def test_of_an_answer_that_cannot_be_read_nothing_follows(
    action: str, payload: dict[str, Any], response: dict[str, Any]
) -> None:
    assert meaning(action, payload, response) == []


@pytest.mark.parametrize(
    "key", ["AuthorizationKey", "WiFiPassword", "ApnPasswd", "SIM-PIN", "VendorApiKey", "MqttSecret", "PSK"]
)
def test_a_key_that_names_a_secret_is_one(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize(
    "name", ["AuthorizationKey", "WiFiPassword", "SIM PIN", "BearerToken", "Card-PIN-code"]
)
@pytest.mark.parametrize(
    "written",
    [
        "{} ",
        "  {}",
        "\t{}\r\n",
        "{}\N{NO-BREAK SPACE}",
        "{}\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}",
        "{}\0",
        "{}.",
        '"{}"',
        "{}[1]",
        "{}2",
    ],
)
def test_a_secret_is_one_whatever_its_key_is_written_with(name: str, written: str) -> None:
    for spelt in (name, name.upper(), name.lower()):
        assert is_secret(written.format(spelt))


@pytest.mark.parametrize(
    "key",
    [
        "Authorization Key",
        "authorization_key",
        "Authorization\N{NO-BREAK SPACE}Key",
        "Authorization\N{SOFT HYPHEN}Key",
        "Authorization\N{ZERO WIDTH SPACE}Ke\N{ZERO WIDTH JOINER}y",
        "\N{FULLWIDTH LATIN CAPITAL LETTER K}ey",
        "Pass Word",
        "Card\tPIN",
        "P\N{ZERO WIDTH SPACE}IN",
    ],
)
def test_what_stands_between_letters_makes_no_other_key(key: str) -> None:
    assert is_secret(key)


@pytest.mark.parametrize(
    "key",
    [
        "GetConfigurationMaxKeys",
        "HeartbeatInterval",
        "PingInterval",
        "MeterPublicKey",
        "StopTxnSampledData",
        "Meter Public Key ",
    ],
)
def test_a_key_that_names_no_secret_is_none(key: str) -> None:
    assert not is_secret(key)


def test_no_secret_is_left_in_what_is_kept() -> None:
    said = {
        "configurationKey": [
            {"key": "AuthorizationKey", "readonly": False, "value": "deadbeef"},
            {"key": "authorizationkey\N{NO-BREAK SPACE} ", "readonly": False, "value": "deadbeef"},
            {"key": "LogTarget", "readonly": False, "value": "ftp://user:hunter2@example.com/logs"},
        ]
    }
    (event,) = meaning("getConfiguration", {}, said)
    kept = without_secrets(said)
    for text in (repr(event), repr(kept)):
        assert "deadbeef" not in text
        assert "hunter2" not in text
    assert shown("LogTarget", "ftp://user:hunter2@example.com/logs") == "ftp://user:…@example.com/logs"


def test_limits_are_recorded_as_they_are_reported() -> None:
    """9.24 A is told, and kept, as 9.2 A; 16 stays 16."""
    periods = [{"startPeriod": 0, "limit": 9.24}, {"startPeriod": 60, "limit": 16}]
    profile = {**PROFILE, "chargingSchedule": {"chargingSchedulePeriod": periods, "minChargingRate": 6.19}}
    schedule = in_tenths(profile)["chargingSchedule"]
    assert [period["limit"] for period in schedule["chargingSchedulePeriod"]] == [9.2, 16.0]
    assert schedule["minChargingRate"] == 6.1
