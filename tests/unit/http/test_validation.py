"""What a refusal says: all that is wrong at once, in words about the field."""

from typing import Any

import msgspec
import pytest

from eosvolt.adapters.http.api.chargers import ChargerChange, NewCharger
from eosvolt.adapters.http.api.location_types import NewLocation
from eosvolt.adapters.http.api.tokens import TokenInput
from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.framework.api_types import Items
from eosvolt.adapters.http.framework.validation import findings, refused
from eosvolt.domain.commands.catalogue import AnyCsmsRequest


def found(kind: Any, value: object) -> dict[str, str]:
    return {finding.pointer: finding.detail for finding in findings(kind, value)}


def test_everything_that_is_wrong_is_reported_at_once() -> None:
    fee = {"amount": "1", "intervalMinutes": 7}
    tariff = {"strategy": "x", "price": "a", "windows": [{"from": "9"}], "blockingFee": fee}
    wrong = {"name": "", "timeZone": 5, "currency": "eur", "x": 1, "latitude": 200, "tariff": tariff}
    assert found(NewLocation, wrong) == {
        "/vatRate": "This is missing.",
        "/name": "This is empty.",
        "/timeZone": "This has to be a text.",
        "/currency": "This is not of the form that is described for it.",
        "/latitude": "This is at most 90.",
        "/tariff/strategy": "This is one of perKwh, perMinute.",
        "/tariff/price": "This is not of the form that is described for it.",
        "/tariff/windows/0/to": "This is missing.",
        "/tariff/windows/0/price": "This is missing.",
        "/tariff/windows/0/from": "This is not of the form that is described for it.",
        "/tariff/blockingFee/intervalMinutes": "This is one of 5, 15, 30, 60.",
        "/x": "There is no such field here.",
    }


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        (AnyCsmsRequest, {"type": "nope"}, {"/type": "There is no such type here."}),
        (
            AnyCsmsRequest,
            {"type": "unlock", "plug": "x", "y": 1},
            {"/plug": "This has to be a whole number.", "/y": "There is no such field here."},
        ),
        (
            ChargerChange,
            {"password": 5, "securityProfile": 9, "disabled": "yes"},
            {
                "/password": "This has to be a text.",
                "/securityProfile": "This is at most 3.",
                "/disabled": "This has to be true or false.",
            },
        ),
        (NewCharger, [], {"": "This has to be an object."}),
    ],
)
def test_a_value_of_several_shapes_is_judged_by_the_one_that_was_meant(
    kind: Any, value: object, expected: dict[str, str]
) -> None:
    assert found(kind, value) == expected


def test_what_no_schema_knows_is_reported_beside_the_rest() -> None:
    wrong = {"uid": "", "expiresAt": "tomorrow"}
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.convert({**wrong, "uid": "A"}, TokenInput)
    pointers = {finding.pointer for finding in refused(TokenInput, wrong, error.value).findings}
    assert pointers == {"/uid", "/expiresAt"}


def test_every_list_takes_a_limit_and_a_cursor() -> None:
    """All but the search, which shows the best of each kind, and what is whole: a proof, a report, a day."""
    lists = [each for each in ENDPOINTS if getattr(each.answer, "__origin__", None) is Items]
    assert len(lists) > 15
    paged = {
        each.path
        for each in lists
        if each.query is not None
        if {field.encode_name for field in msgspec.structs.fields(each.query)} >= {"limit", "cursor"}
    }
    assert {each.path for each in lists} - paged == {
        "/search",
        "/sessions/{session}/proof",
        "/finance/balance",
        "/finance/vat",
        "/platform/companies/{company}/fee",
        "/locations/{location}/slots",
        "/driver/locations/{company}/{location}/slots",
    }


@pytest.mark.parametrize(
    "windows",
    [[{}] * 2_000, [["x" * 100] * 10] * 100, "x" * 100_000, [{"x" * n: n for n in range(1, 600)}]],
    ids=["parts", "nested", "text", "names"],
)
def test_of_a_large_value_the_first_mistake_is_reported(windows: object) -> None:
    """To look for all of them takes the longer the larger it is, and nobody else is served meanwhile."""
    wanted = {"name": 1, "tariff": {"strategy": "perKwh", "windows": windows}}
    findings = refused(NewLocation, wanted, _first_mistake(wanted)).findings
    assert [finding.pointer for finding in findings] == ["/name"]


def test_of_a_value_that_is_nested_too_deeply_the_first_mistake_is_reported() -> None:
    value: object = []
    for _ in range(400):
        value = [value]
    wanted = {"name": value}
    findings = refused(NewLocation, wanted, _first_mistake(wanted)).findings
    assert [finding.pointer for finding in findings] == ["/name"]


def _first_mistake(wanted: object) -> msgspec.ValidationError:
    with pytest.raises(msgspec.ValidationError) as refusal:
        msgspec.convert(wanted, NewLocation)
    return refusal.value
