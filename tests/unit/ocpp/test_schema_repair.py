from typing import Any

import pytest

from eosvolt.adapters.ocpp.schema_repair import repaired, without_nuls
from eosvolt.adapters.ocpp.schemas import schemas

SCHEMAS = schemas("1.6")
BOOT = {"chargePointVendor": "ACME", "chargePointModel": "AC22"}
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
START = {"connectorId": 1, "idTag": "TAG", "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"}
STOP = {"transactionId": 1, "meterStop": 0, "timestamp": "2026-11-21T10:00:00Z"}


@pytest.mark.parametrize(
    ("action", "given", "meant", "rules"),
    [
        ("Authorize", {"idTag": "T", "connectorId": 1}, {"idTag": "T"}, ["unknown-field"]),
        ("Authorize", {"idTag": 12345}, {"idTag": "12345"}, ["type"]),
        ("Authorize", {"idTag": "T" * 22}, {"idTag": "T" * 22}, []),
        ("BootNotification", BOOT | {"iccid": None}, BOOT, ["null"]),
        (
            "BootNotification",
            BOOT | {"chargePointSerialNumber": "S" * 33},
            BOOT | {"chargePointSerialNumber": "S" * 25},
            ["too-long"],
        ),
        ("StatusNotification", STATUS | {"status": "available"}, STATUS, ["word"]),
        (
            "StatusNotification",
            STATUS | {"errorCode": "Error"},
            STATUS | {"errorCode": "OtherError"},
            ["word"],
        ),
        ("StatusNotification", {"connectorId": 1, "status": "Available"}, STATUS, ["missing"]),
        ("StatusNotification", STATUS | {"timestamp": ""}, STATUS, ["empty"]),
        ("StatusNotification", STATUS | {"info": "i" * 60}, STATUS | {"info": "i" * 50}, ["too-long"]),
        (
            "StartTransaction",
            START | {"connectorId": "1", "meterStart": "17.5"},
            START | {"meterStart": 18},
            ["type"],
        ),
        ("StartTransaction", START | {"reservationId": None}, START, ["null"]),
        ("StartTransaction", START | {"timestamp": None}, START | {"timestamp": ""}, ["missing", "null"]),
        ("StopTransaction", STOP | {"reason": "Bored"}, STOP | {"reason": "Other"}, ["word"]),
        ("StopTransaction", STOP | {"transactionData": "none"}, STOP, ["unreadable-field"]),
        ("StopTransaction", STOP | {"meterStop": 0.0}, STOP, ["type"]),
    ],
)
def test_a_message_is_taken_as_it_was_probably_meant(
    action: str, given: dict[str, Any], meant: dict[str, Any], rules: list[str]
) -> None:
    assert repaired(SCHEMAS[action].document, given) == (meant, rules)


@pytest.mark.parametrize(
    ("action", "given"),
    [
        ("StatusNotification", STATUS | {"status": "Sleeping"}),
        ("StatusNotification", STATUS | {"connectorId": "one"}),
        ("StatusNotification", STATUS | {"connectorId": True}),
        ("StartTransaction", {"idTag": "TAG"}),
        ("StartTransaction", START | {"meterStart": "1e400"}),
        ("BootNotification", {}),
        ("MeterValues", {"connectorId": 1, "meterValue": []}),
        ("MeterValues", [1]),
        ("Authorize", None),
    ],
)
def test_unknown_values_are_not_invented(action: str, given: object) -> None:
    assert repaired(SCHEMAS[action].document, given)[0] is None


def meter_values(*samples: dict[str, Any]) -> dict[str, Any]:
    return {
        "connectorId": 1,
        "meterValue": [{"timestamp": "2026-11-21T10:00:00Z", "sampledValue": list(samples)}],
    }


@pytest.mark.parametrize(
    "sample",
    [
        {"value": "50", "measurand": "Frequency", "unit": "Hz"},
        {"value": "9", "measurand": "Request.Energy"},
        {"value": "9", "phase": "L4"},
        {"value": None},
        {"measurand": "Voltage"},
        "nonsense",
    ],
)
def test_a_sample_that_cannot_be_helped_goes_alone(sample: Any) -> None:
    good = {"value": "3000"}
    assert repaired(SCHEMAS["MeterValues"].document, meter_values(sample, good))[0] == meter_values(good)


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ({"value": 3000}, {"value": "3000"}),
        ({"value": "3", "unit": "kwh"}, {"value": "3", "unit": "kWh"}),
        ({"value": "3", "unit": "Amp"}, {"value": "3", "unit": "A"}),
        ({"value": "3", "unit": "%"}, {"value": "3", "unit": "Percent"}),
        ({"value": "3", "context": "Whenever"}, {"value": "3"}),
        ({"value": "3", "location": "Garage"}, {"value": "3"}),
        ({"value": "3", "measurand": "VOLTAGE"}, {"value": "3", "measurand": "Voltage"}),
    ],
)
def test_a_sample_is_mended_where_its_meaning_is_clear(given: dict[str, Any], meant: dict[str, Any]) -> None:
    broken = {"value": "1", "x": 1}
    expected = meter_values(meant, {"value": "1"})
    assert repaired(SCHEMAS["MeterValues"].document, meter_values(given, broken))[0] == expected


def test_a_lone_item_may_stand_for_its_list() -> None:
    lone = {"connectorId": 1, "meterValue": meter_values({"value": "1"})["meterValue"][0]}
    assert repaired(SCHEMAS["MeterValues"].document, lone) == (meter_values({"value": "1"}), ["single-item"])


def test_definitions_are_followed() -> None:
    given = {"status": "UPLOADED", "requestId": "7"}
    assert repaired(SCHEMAS["LogStatusNotification"].document, given)[0] == {
        "status": "Uploaded",
        "requestId": 7,
    }


def test_nul_characters_disappear_at_any_depth() -> None:
    assert without_nuls(["a\x00", {"b\x00": ["\x00c", 1, None]}]) == ["a", {"b": ["c", 1, None]}]
