"""Where a request is wrong is said as a JSON pointer."""

import msgspec
import pytest

from eosvolt.adapters.http.api.location_types import NewLocation
from eosvolt.adapters.http.api.sessions import SessionsQuery
from eosvolt.adapters.http.framework.problems import Finding, Problem, mismatch, respond

TARIFF = '"tariff": {"strategy": "perKwh", "price": "0.5", "windows": %s}'
REST = '"name": "x", "timeZone": "UTC", "currency": "EUR", "vatRate": "0"'


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ("{" + REST + "}", ""),
        ("{" + REST + "," + TARIFF % "[]" + ', "latitude": "north"}', "/latitude"),
        (
            "{" + REST + "," + TARIFF % '[{"from": "00:00", "to": "25:00", "price": "1"}]' + "}",
            "/tariff/windows/0/to",
        ),
        ("[]", ""),
    ],
)
def test_a_value_in_the_body_is_found_by_its_pointer(body: str, pointer: str) -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.json.decode(body, type=NewLocation)
    (finding,) = mismatch(wrong.value).findings
    assert finding.pointer == pointer
    assert "at `" not in finding.detail


def test_a_query_parameter_is_found_by_its_name() -> None:
    with pytest.raises(msgspec.ValidationError) as wrong:
        msgspec.convert({"asOf": "yesterday"}, SessionsQuery)
    assert mismatch(wrong.value, "?").findings[0].pointer == "?asOf"


def test_a_problem_is_a_document_of_its_own_type() -> None:
    response = respond(Problem(409, "It is taken.", [Finding("/a", "b")], {"Allow": "GET"}), "0123")
    assert response.status_code == 409
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["allow"] == "GET"
    assert msgspec.json.decode(bytes(response.body)) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "It is taken.",
        "errors": [{"pointer": "/a", "detail": "b"}],
        "traceId": "0123",
    }
