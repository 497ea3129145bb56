"""Validates payloads with the official JSON schemas of OCPP, by compiled validators.

The schemas are those of the ``ocpp`` package, and the results agree with the package's. As there, formats are
not checked: chargers send timestamps without a zone, which ``timestamps.py`` reads.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple, cast

import jsonschema_rs
import orjson

SENTENCE_LENGTH = 200


class Violation(NamedTuple):
    """Why a payload is refused: an OCPP error code and a short sentence."""

    code: str
    sentence: str


class Schema:
    """One message's schema, as a document for repairs and compiled for validation."""

    __slots__ = ("_validator", "document", "valid")

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._validator = jsonschema_rs.Draft4Validator(document, validate_formats=False)
        self.valid = self._validator.is_valid

    def ordered(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The payload with its fields in the order of the schema, which is that of OCPP 1.6 §6."""
        return cast("dict[str, Any]", _ordered(self.document, payload, self.document.get("definitions", {})))

    def violation(self, payload: object, codes: Mapping[str, str], otherwise: str) -> Violation | None:
        """The first violation of the schema; ``None`` where the payload is valid.

        ``codes`` maps keywords of JSON Schema to error codes of OCPP-J; the key ``""`` is for a payload that
        is not an object. All other keywords get the code ``otherwise``.
        """
        for error in self._validator.iter_errors(payload):
            place = "/".join(map(str, error.instance_path))
            keyword = error.kind.name if place or error.kind.name != "type" else ""
            sentence = f"{place}: {error.message}" if place else error.message
            return Violation(codes.get(keyword, otherwise), sentence[:SENTENCE_LENGTH])
        return None


@cache
def schemas(version: str) -> dict[str, Schema]:
    """All schemas of a protocol version (``1.6``) by message name, answers as ``…Response``."""
    folder = resources.files("ocpp").joinpath("v" + version.replace(".", ""), "schemas")
    return {
        entry.name.removesuffix(".json"): Schema(orjson.loads(entry.read_text("utf-8-sig")))
        for entry in folder.iterdir()
        if entry.name.endswith(".json")
    }


def _ordered(schema: dict[str, Any], value: object, known: dict[str, Any]) -> object:
    if "$ref" in schema:
        schema = known[schema["$ref"].removeprefix("#/definitions/")]
    if isinstance(value, list):
        return [_ordered(schema.get("items", {}), item, known) for item in value]
    if not isinstance(value, dict):
        return value
    shapes: dict[str, Any] = schema.get("properties", {})
    first = [name for name in shapes if name in value]
    return {
        name: _ordered(shapes.get(name, {}), value[name], known) for name in dict.fromkeys((*first, *value))
    }
