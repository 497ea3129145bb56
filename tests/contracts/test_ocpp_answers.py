"""Answers of chargers to our CALLs: what their schema accepts is understood, and what breaks it is judged."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.adapters.ocpp.redaction import redacted_result
from eosvolt.adapters.ocpp.v16_answers import agreed, outcome, unreadable
from eosvolt.adapters.ocpp.v16_payloads import PAYLOADS
from tests.contracts.test_ocpp_schemas import CALLS, SCHEMAS, payloads
from tests.hypothesis_profiles import share

ASKED = sorted({*CALLS} - {*PAYLOADS} | {"DataTransfer"})


@pytest.mark.parametrize("action", ASKED)
@settings(max_examples=share(40))
@given(data=st.data())
def test_what_satisfies_its_schema_is_understood(action: str, data: st.DataObject) -> None:
    document = SCHEMAS[f"{action}Response"].document
    answer = data.draw(payloads(document, document.get("definitions", {}), 0))
    assert unreadable(action, answer) == ""
    assert outcome(action, answer) == "answered"


@pytest.mark.parametrize("action", ASKED)
@settings(max_examples=share(40))
@given(data=st.data())
def test_what_cannot_be_understood_is_never_a_yes(action: str, data: st.DataObject) -> None:
    document = SCHEMAS[f"{action}Response"].document
    answer = data.draw(payloads(document, document.get("definitions", {}), 3))
    if not isinstance(answer, dict):
        return
    trouble = unreadable(action, answer)
    fine = "answered" if SCHEMAS[f"{action}Response"].valid(answer) else "repaired:answer"
    assert outcome(action, answer) == ("unparsed" if trouble else fine)
    assert not (trouble and agreed(action, answer))
    assert len(trouble) < 400


@pytest.mark.parametrize(
    ("action", "answer", "yes", "kept"),
    [
        ("Reset", {"status": "accepted"}, True, "repaired:answer"),
        ("Reset", {"status": "Accepted", "customData": {"vendorId": "V"}}, True, "repaired:answer"),
        ("Reset", {"status": "Maybe"}, False, "unparsed"),
        ("Reset", {}, False, "unparsed"),
        ("ClearChargingProfile", {"status": "unknown"}, True, "repaired:answer"),
        ("GetLocalListVersion", {"listVersion": "7"}, False, "unparsed"),
        ("GetLocalListVersion", {"listVersion": True}, False, "unparsed"),
        ("UpdateFirmware", {"status": "Accepted"}, True, "repaired:answer"),
        ("GetDiagnostics", {"fileName": "x" * 300}, True, "repaired:answer"),
        ("GetConfiguration", {"configurationKey": [{"key": "k"}]}, True, "repaired:answer"),
    ],
)
def test_an_answer_that_says_yes_or_no_is_taken_though_it_breaks_its_schema(
    action: str, answer: dict[str, Any], yes: bool, kept: str
) -> None:
    assert (agreed(action, answer), outcome(action, answer)) == (yes, kept)


def test_a_password_that_a_charger_reports_is_not_kept() -> None:
    result = {
        "configurationKey": [
            {"key": "AuthorizationKey", "readonly": False, "value": "hunter2"},
            {"key": "HeartbeatInterval", "readonly": False, "value": "300"},
        ]
    }
    kept = redacted_result(result, "as it came", "1")
    assert "hunter2" not in kept
    assert '"HeartbeatInterval","readonly":false,"value":"300"' in kept
    assert redacted_result({"status": "Accepted"}, "as it came", "1") == "as it came"
