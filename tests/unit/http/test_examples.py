"""Every operation of the API has an example, and every example is what the API takes or gives."""

from typing import Any

import jsonschema_rs
import msgspec
import pytest

from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.framework.endpoint import Endpoint
from eosvolt.adapters.http.framework.openapi import document
from eosvolt.adapters.http.framework.openapi_examples import example

DOCUMENT: dict[str, Any] = document(ENDPOINTS, "/api/v1")


def _described(each: Endpoint) -> dict[str, Any]:
    described: dict[str, Any] = DOCUMENT["paths"][each.path][each.method.lower()]
    return described


def _valid(content: dict[str, Any]) -> None:
    schema = {**content["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.validate(schema, content["example"])


@pytest.mark.parametrize("each", [each for each in ENDPOINTS if each.body], ids=lambda each: each.name)
def test_the_example_of_a_body_is_taken(each: Endpoint) -> None:
    for content in _described(each)["requestBody"]["content"].values():
        _valid(content)
        body = content["example"] if each.before is None else each.before(content["example"])
        each.decoder.decode(msgspec.json.encode(body))


@pytest.mark.parametrize("each", [each for each in ENDPOINTS if each.answer], ids=lambda each: each.name)
def test_the_example_of_an_answer_is_what_is_answered(each: Endpoint) -> None:
    (content,) = _described(each)["responses"][str(each.status)]["content"].values()
    _valid(content)


def test_an_example_says_something_where_the_shape_lets_it() -> None:
    (location,) = [each for each in ENDPOINTS if each.name == "add_location"]
    body = _described(location)["requestBody"]["content"]["application/json"]["example"]
    assert body["currency"] == "EUR"
    assert body["tariff"]["price"] == "0.59"


def test_a_shape_of_which_nothing_is_known_is_found_when_the_document_is_made() -> None:
    with pytest.raises(LookupError):
        example({"type": "string", "pattern": "^[0-9]{40}$"}, {})
