import pytest

from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.frames import Call, InvalidFrame, Malformed, Refusal, Result, parse
from eosvolt.adapters.ocpp.redaction import redacted_call


def test_a_call_is_its_parts() -> None:
    text = '[2,"1","Heartbeat",{"a":[1]}]'
    assert parse(text) == Call("1", "Heartbeat", {"a": [1]}, text)


def test_answers_are_their_parts() -> None:
    assert parse('[3,"1",{"status":"Accepted"}]') == Result("1", {"status": "Accepted"})
    assert parse('[3,"1",null]') == Result("1", {})
    assert parse('[4,"1","GenericError","sorry",{}]') == Refusal("1", "GenericError", "sorry")
    assert parse('[4,"1","GenericError"]') == Refusal("1", "GenericError", "")


@pytest.mark.parametrize(
    "text", ["", "x", "{}", "[]", '[2,"1"]', '[2,null,"A",{}]', '[9,"1","A",{}]', '["2","1","A",{}]']
)
def test_what_no_answer_can_refer_to_is_an_invalid_frame(text: str) -> None:
    assert isinstance(parse(text), InvalidFrame)


@pytest.mark.parametrize(
    "text", ['[2,"1",["A"],{}]', '[2,"1","",{}]', '[2,"1","A",{},1]', '[2,"1","' + "A" * 51 + '",{}]']
)
def test_a_call_with_an_id_gets_an_error(text: str) -> None:
    message = parse(text)
    assert isinstance(message, Malformed)
    assert message.id == "1"


BOOT = '[2,"1","BootNotification",{"chargePointVendor":"Wallbe","chargePointModel":"Pro"%s}]'


@pytest.mark.parametrize(
    ("text", "payload", "repairs"),
    [
        ("\ufeff" + BOOT % "", {}, ("byte-order-mark",)),
        (BOOT % "" + "\x00", {}, ("control-characters",)),
        (BOOT % "" + "\r\n", {}, ()),
        ("\x02" + BOOT % "" + "\x03\x04", {}, ("control-characters",)),
        (BOOT % ',"iccid":"8949\x00\x00"', {"iccid": "8949"}, ("control-characters",)),
        (BOOT % ',"iccid":"8949\x1b"', {"iccid": "8949"}, ("control-characters",)),
        (BOOT % ',"iccid":"89\t49"', {"iccid": "89 49"}, ("control-characters",)),
        ("\ufeff" + BOOT % ',"imsi":"1\x00"', {"imsi": "1"}, ("byte-order-mark", "control-characters")),
        (BOOT % ',"iccid":', {"iccid": None}, ("missing-value",)),
        (BOOT % ',"iccid": ,"imsi":"1"', {"iccid": None, "imsi": "1"}, ("missing-value",)),
        (BOOT % ',"iccid":"a:, \\"}",', {"iccid": 'a:, "}'}, ("missing-value",)),
    ],
)
def test_what_is_nearly_json_is_read_as_it_was_meant(
    text: str, payload: dict[str, object], repairs: tuple[str, ...]
) -> None:
    """Field cases evcc #3685, lbbrhzn #2032: bytes of C buffers, and values that the firmware lacks."""
    call = parse(text)
    assert isinstance(call, Call)
    assert call.payload == {"chargePointVendor": "Wallbe", "chargePointModel": "Pro"} | payload
    assert call.repairs == repairs
    assert "\x00" not in call.text


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ('[2,"1","Heartbeat",{', "Heartbeat"),
        ('[2,"1","MeterValues",{"connectorId":1,"transactionId":x}]', "MeterValues"),
        ('[2,"1","MeterValues",{"connectorId":NaN}]', "MeterValues"),
        ('\ufeff [2, "1" , "Heartbeat" , {"a":"\x00', "Heartbeat"),
        ('[2,"1",', ""),
        ('[2,"1",["Heartbeat"],{"a":}', ""),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_a_call_that_is_not_json_can_be_answered_where_its_id_can_be_read(
    text: str, action: str, *, strict: bool
) -> None:
    message = parse(text, strict=strict)
    assert isinstance(message, Malformed)
    assert (message.id, message.action) == ("1", action)


@pytest.mark.parametrize(
    "text",
    ['[3,"1",{', '[2,"1', '[2,,"Heartbeat",{}]', "[2,null,", '{"a":}', "\x00", '[2,"' + "x" * 256 + '",'],
)
def test_what_is_not_json_and_names_no_call_is_an_invalid_frame(text: str) -> None:
    assert isinstance(parse(text), InvalidFrame)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[2,5,"Heartbeat",{}]', "A message id is a text of at most 36 characters."),
        ('[2,"' + "x" * 37 + '","Heartbeat",{}]', "A message id is a text of at most 36 characters."),
        ('[2,"","Heartbeat",{}]', "A message id is a text of at most 36 characters."),
        ('[2,"1","Heartbeat"]', "A CALL has four elements."),
        ('[2,"1","Heartbeat",{},{}]', "A CALL has four elements."),
        ('[2,"1","Heartbeat",null]', "A payload is an object."),
        ('[2,"1","Heartbeat",[]]', "A payload is an object."),
        ("\ufeff" + '[2,"1","Heartbeat",{}]', "The message is not JSON."),
        ('[2,"1","BootNotification",{"iccid":"8949\x00"}]', "The message is not JSON."),
    ],
)
def test_a_strict_frame_is_as_the_specification_has_it(text: str, reason: str) -> None:
    message = parse(text, strict=True)
    assert isinstance(message, Malformed)
    assert message.reason == reason
    assert isinstance(parse(text), Call | Malformed)


def test_a_message_id_of_36_characters_is_strict_enough() -> None:
    assert isinstance(parse('[2,"' + "x" * 36 + '","Heartbeat",{}]', strict=True), Call)


def test_what_we_write_can_be_read() -> None:
    assert parse(frames.call("7", "Reset", {"type": "Soft"}))[:3] == ("7", "Reset", {"type": "Soft"})
    assert parse(frames.result("7", {"a": 1})) == Result("7", {"a": 1})
    assert parse(frames.error("7", "InternalError", "x" * 300)) == Refusal("7", "InternalError", "x" * 255)


def test_a_password_is_not_shown_and_everything_else_is() -> None:
    payload = {"key": "authorizationKEY", "value": "secret"}
    text = frames.call("7", "ChangeConfiguration", payload)
    assert redacted_call("ChangeConfiguration", payload, text) == frames.call(
        "7", "ChangeConfiguration", payload | {"value": "…"}
    )
    other = {"key": "HeartbeatInterval", "value": "60"}
    assert redacted_call("ChangeConfiguration", other, "as it is") == "as it is"
    assert redacted_call("DataTransfer", payload, "as it is") == "as it is"
