import pytest

from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.frames import Call, Malformed, Noise, Refusal, Result, parse
from eosvolt.adapters.ocpp.secrecy import said


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
def test_what_no_answer_can_refer_to_is_noise(text: str) -> None:
    assert isinstance(parse(text), Noise)


@pytest.mark.parametrize(
    "text", ['[2,"1",["A"],{}]', '[2,"1","",{}]', '[2,"1","A",{},1]', '[2,"1","' + "A" * 51 + '",{}]']
)
def test_a_call_with_an_id_can_be_told_what_is_wrong(text: str) -> None:
    message = parse(text)
    assert isinstance(message, Malformed)
    assert message.id == "1"


def test_what_we_write_can_be_read() -> None:
    assert parse(frames.call("7", "Reset", {"type": "Soft"}))[:3] == ("7", "Reset", {"type": "Soft"})
    assert parse(frames.result("7", {"a": 1})) == Result("7", {"a": 1})
    assert parse(frames.error("7", "InternalError", "x" * 300)) == Refusal("7", "InternalError", "x" * 255)


def test_a_password_is_not_shown_and_everything_else_is() -> None:
    payload = {"key": "authorizationKEY", "value": "secret"}
    text = frames.call("7", "ChangeConfiguration", payload)
    assert said("ChangeConfiguration", payload, text) == frames.call(
        "7", "ChangeConfiguration", payload | {"value": "…"}
    )
    other = {"key": "HeartbeatInterval", "value": "60"}
    assert said("ChangeConfiguration", other, "as it is") == "as it is"
    assert said("DataTransfer", payload, "as it is") == "as it is"
