"""Messages that break the specification and are understood. The comments name the chargers that send them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from eosvolt.adapters.ocpp import frames, v16
from eosvolt.adapters.ocpp.connection import Connection
from eosvolt.adapters.ocpp.schemas import Violation
from eosvolt.adapters.ocpp.timestamps import instant
from eosvolt.domain.charge_points.reports import MeterReport, StartReport, StatusReport, StopReport

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
BOOT = {"chargePointVendor": "ACME", "chargePointModel": "AC22"}
STATUS = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}


def understood(action: str, payload: dict[str, Any]) -> v16.Parsed:
    heard = v16.parse(action, payload, NOW, strict=False)
    assert not isinstance(heard, Violation), heard
    return heard


def sampled(*samples: dict[str, Any]) -> dict[str, Any]:
    value = {"timestamp": "2026-11-21T09:59:00Z", "sampledValue": list(samples)}
    return {"connectorId": 1, "meterValue": [value]}


@pytest.mark.parametrize(
    ("action", "payload", "rules"),
    [
        # Schneider: lbbrhzn #213, mobilityhouse/ocpp #273.
        ("BootNotification", BOOT | {"chargePointSerialNumber": "S" * 33}, ["too-long"]),
        # ocpp-go #359.
        ("BootNotification", BOOT | {"chargePointModel": "M" * 23}, ["too-long"]),
        # lbbrhzn #987.
        ("StatusNotification", STATUS | {"info": "i" * 80}, ["too-long"]),
        # Legrand: lbbrhzn #1248.
        ("StatusNotification", STATUS | {"errorCode": "Error"}, ["word"]),
        # evcc #14579.
        ("Authorize", {"idTag": "TAG", "connectorId": 1}, ["unknown-field"]),
        # mobilityhouse/ocpp #54.
        (
            "MeterValues",
            sampled({"value": "1"}, {"value": "1", "measurand": "Request.Energy"}),
            ["dropped-item", "word"],
        ),
        # Alfen: lbbrhzn #361.
        ("MeterValues", sampled({"value": "1", "context": "Sample.Whenever"}), ["unreadable-field", "word"]),
        # lbbrhzn #1576, errata 3.84.
        (
            "MeterValues",
            sampled({"value": "1"}, {"value": "50", "measurand": "Frequency", "unit": "Hz"}),
            ["dropped-item", "word"],
        ),
        ("MeterValues", sampled({"value": 1}), ["type"]),
        ("StatusNotification", STATUS | {"info": None, "vendorId": None}, ["null"]),
        (
            "StopTransaction",
            {"transactionId": "7", "meterStop": "1000", "timestamp": "2026-11-21T10:00:00Z"},
            ["type"],
        ),
    ],
)
def test_what_chargers_in_the_field_send_is_understood_and_says_what_it_took(
    action: str, payload: dict[str, Any], rules: list[str]
) -> None:
    repairs = understood(action, payload).repairs
    assert repairs == rules
    assert isinstance(v16.parse(action, payload, NOW, strict=True), Violation)


STOP = {"transactionId": 7, "meterStop": 1000, "timestamp": "2026-11-21T10:00:00Z"}


@pytest.mark.parametrize("id_", [2**63 - 1, 2**31, -7, None, "", "none", True, [], {}, 10**30])
def test_a_stop_with_an_impossible_id_is_treated_as_one_without_an_id(id_: object) -> None:
    # ocpp-go #188, steve #740, lbbrhzn #45, mobilityhouse #617, OCPP.Core #29.
    heard = understood("StopTransaction", STOP | {"transactionId": id_}).message
    assert isinstance(heard, StopReport)
    assert (heard.transaction, heard.meter_stop_wh) == (-1, 1000)


def test_a_stop_without_a_field_that_it_needs_is_a_stop_all_the_same() -> None:
    for field in STOP:
        heard = understood("StopTransaction", {name: STOP[name] for name in STOP if name != field}).message
        assert isinstance(heard, StopReport)
        assert heard.meter_stop_wh == (None if field == "meterStop" else 1000)
        assert heard.timed == (field != "timestamp")


@pytest.mark.parametrize("unreadable", [None, True, [], {}, "1e400", 10**30])
def test_a_stop_with_an_unreadable_field_keeps_the_other_fields(unreadable: object) -> None:
    heard = understood("StopTransaction", STOP | {"meterStop": unreadable}).message
    assert isinstance(heard, StopReport)
    assert (heard.transaction, heard.meter_stop_wh, heard.timed) == (7, None, True)
    heard = understood("StopTransaction", STOP | {"timestamp": unreadable}).message
    assert isinstance(heard, StopReport)
    assert (heard.transaction, heard.meter_stop_wh, heard.timed) == (7, 1000, False)


START = {"connectorId": 2, "idTag": "TAG", "meterStart": 1000, "timestamp": "2026-11-21T09:00:00Z"}


@pytest.mark.parametrize("field", START)
def test_a_start_without_a_field_that_it_needs_is_a_start_all_the_same(field: str) -> None:
    heard = understood("StartTransaction", START | {field: None}).message
    assert isinstance(heard, StartReport)
    assert (heard.connector, heard.token, heard.meter_start_wh, heard.timed) == (
        0 if field == "connectorId" else 2,
        "" if field == "idTag" else "TAG",
        0 if field == "meterStart" else 1000,
        field != "timestamp",
    )
    assert heard.metered == (field != "meterStart")


@pytest.mark.parametrize("written", [True, [], {}])
def test_a_start_with_an_unreadable_time_began_on_receipt(written: object) -> None:
    heard = understood("StartTransaction", START | {"timestamp": written}).message
    assert isinstance(heard, StartReport)
    assert (heard.at, heard.timed) == (NOW, False)


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("StopTransaction", {}),
        ("StopTransaction", {"transactionId": "?"}),
        ("StopTransaction", {"transactionId": None, "meterStop": "none", "reason": "Local"}),
        ("StartTransaction", {}),
        ("StartTransaction", {"connectorId": None, "reservationId": 3}),
        ("StartTransaction", {"idTag": "TAG"}),
    ],
)
def test_a_message_of_which_nothing_can_be_read_ends_and_begins_nothing(
    action: str, payload: dict[str, Any]
) -> None:
    assert isinstance(v16.parse(action, payload, NOW, strict=False), Violation)


@pytest.mark.parametrize("action", ["StartTransaction", "StopTransaction", "MeterValues"])
def test_what_must_not_be_refused_is_not_refused_for_its_frame_either(action: str) -> None:
    for text in (f'[2,"1","{action}",[1]]', f'[2,17,"{action}",{{}}]', f'[2,"1","{action}"]'):
        assert isinstance(v16.parse_frame(text, strict=True), frames.Call)
    assert isinstance(v16.parse_frame('[2,17,"Heartbeat",{}]', strict=True), frames.Malformed)


def test_a_card_alone_identifies_the_session_that_ends() -> None:
    heard = understood("StopTransaction", {"idTag": "TAG"}).message
    assert isinstance(heard, StopReport)
    assert (heard.transaction, heard.meter_stop_wh, heard.timed, heard.token) == (-1, None, False, "TAG")


@pytest.mark.parametrize(
    ("id_", "expected"), [(2**63 - 1, None), (2**31, -1), (-7, -1), (None, None), ("none", None)]
)
def test_samples_with_an_impossible_id_belong_to_their_plug(id_: object, expected: int | None) -> None:
    heard = understood("MeterValues", sampled({"value": "5"}) | {"transactionId": id_}).message
    assert isinstance(heard, MeterReport)
    assert heard.transaction == expected


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-21T10:00:00",  # Growatt THOR: evcc #10399.
        "2026-11-21T12:00:00+02",  # monta emulator #5.
        "2026-11-21T12:00:00+0200",
        "2026-11-21 10:00:00Z",
        "2026-11-21T10:00:00,000Z",
        "2026-11-21T10:00:00.0000000Z",
    ],
)
def test_an_instant_is_understood_in_every_spelling(written: str) -> None:
    assert instant(written, NOW + timedelta(hours=1)).at == NOW


@pytest.mark.parametrize("written", ["1970-01-01T00:00:12Z", "2000-01-01T00:00:00Z", "2036-02-07T06:28:15Z"])
def test_a_clock_that_was_never_set_is_ignored(written: str) -> None:
    # MicroOcpp #311 and PR 354.
    heard = understood("StatusNotification", STATUS | {"timestamp": written}).message
    assert isinstance(heard, StatusReport)
    assert (heard.at, heard.timed) == (NOW, False)


def test_energy_of_three_phases_without_a_total_is_their_sum() -> None:
    # lbbrhzn PR 1925.
    heard = understood(
        "MeterValues", sampled(*({"value": "1000", "phase": p} for p in ("L1", "L2", "L3")))
    ).message
    assert isinstance(heard, MeterReport)
    assert heard.readings[0].register_wh == 3000


def test_what_a_charger_knows_by_another_name_keeps_its_place_when_a_call_is_given_up() -> None:
    # bmw-wallbox-ha PR 17: a call that was given up shifted all answers by one.
    connection = Connection("c")
    first = connection.ask("Reset", {}, 0, 1.0, 0.0)
    assert connection.next_ask(0.0) is first
    assert connection.overdue(2.0) == [first]
    second = connection.ask("ClearCache", {}, 0, 30.0, 2.0)
    assert connection.next_ask(2.0) is second
    assert connection.settle(first.id) is None
    assert connection.settle(second.id) is second


def test_an_answer_after_a_minute_is_known_as_what_it_answers() -> None:
    # evcc #26837: a charger that answers after 60 s.
    connection = Connection("c")
    ask = connection.ask("GetConfiguration", {}, 0, 30.0, 0.0)
    connection.next_ask(0.0)
    connection.overdue(31.0)
    assert connection.settle(ask.id) is None
    assert connection.late(ask.id, 60.0) is ask


def test_the_same_frame_again_gets_the_same_answer_and_another_under_its_id_does_not() -> None:
    # MicroOcpp #50, SteVe #1305.
    connection = Connection("c")
    text = '[2,"1","StatusNotification",{"connectorId":1}]'
    call = frames.parse(text)
    assert isinstance(call, frames.Call)
    assert connection.recall(call, 0.0) is None
    connection.remember(call, '[3,"1",{}]', 0.0)
    assert connection.recall(call, 1.0) == '[3,"1",{}]'
    other = frames.parse(text.replace("1}", "2}"))
    assert isinstance(other, frames.Call)
    assert connection.recall(other, 1.0) is None


@pytest.mark.parametrize(
    ("action", "payload", "kept"),
    [
        ("BootNotification", BOOT | {"chargePointVendor": "V" * 200}, 200),
        ("BootNotification", BOOT | {"meterType": None, "nonsense": {"deep": [1]}}, 4),
    ],
)
def test_of_a_trusted_charger_what_can_be_read_is_taken_as_it_is(
    action: str, payload: dict[str, Any], kept: int
) -> None:
    heard = v16.parse(action, payload, NOW, strict=False, lenient=True)
    assert not isinstance(heard, Violation)
    assert len(heard.message.vendor) == kept  # type: ignore[union-attr] # a boot


def test_even_a_trusted_charger_names_nothing_that_no_index_could_hold() -> None:
    start = {"connectorId": 1, "meterStart": 0, "timestamp": "2026-11-21T10:00:00Z"}
    endless = "x" * 100_000
    heard = v16.parse("StartTransaction", start | {"idTag": endless}, NOW, strict=False, lenient=True)
    assert not isinstance(heard, Violation)
    assert heard.message.token == ""  # type: ignore[union-attr] # a start
    heard = v16.parse("StatusNotification", STATUS | {"errorCode": endless}, NOW, strict=False, lenient=True)
    assert not isinstance(heard, Violation)
    assert heard.message.error_code == "OtherError"  # type: ignore[union-attr] # a status
