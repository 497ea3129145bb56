"""Repairs payloads that break their schema in the ways that chargers in the field do.

The schema decides the repair. Nulls, empty optional fields and unknown fields are dropped; numbers and texts
are converted into each other; texts that are too long are cut; enumerations are matched without regard to
case. A list loses the items that cannot be repaired: a meter sample with an unknown measurand is dropped, the
others are kept. Card numbers are never cut, because a part of one is another card's number.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from eosvolt.adapters.ocpp.metering import TOO_LARGE, number, whole

NUL = "\x00"
NEVER_CUT = frozenset({"idTag"})
# A longer text is not a card number.
LONGEST_CARD = 255
# The values of required fields whose word is unknown, and of required fields that are missing.
UNKNOWN_WORDS = {"errorCode": "OtherError", "reason": "Other"}
ABSENT_FIELDS = {"errorCode": "NoError", "timestamp": ""}
# Optional fields without which the value would be misread: where one is unreadable the value is dropped too.
SIGNIFICANT_FIELDS = frozenset({"measurand", "unit", "phase", "format"})
OTHER_SPELLINGS = {"amp": "A", "amps": "A", "ampere": "A", "%": "Percent", "volt": "V", "volts": "V"}


# Replaces a register or an id that cannot be read, where the message is usable without it.
UNREADABLE = -1

Document = dict[str, Any]


class Substitutes(NamedTuple):
    """The substitutes for unreadable fields of a message.

    ``values`` replace required fields that are missing or cannot be read. At least one of the ``significant``
    fields has to be readable; otherwise the message has no content.
    """

    values: Mapping[str, object]
    significant: frozenset[str]


class _Unrepairable:
    """The type of the marker for values that cannot be repaired."""


UNREPAIRABLE: Final = _Unrepairable()


def repaired(
    schema: Document, payload: object, substitutes: Substitutes | None = None
) -> tuple[Document | None, list[str]]:
    """The repaired payload and the rules used; ``None`` where it cannot be repaired."""
    used: list[str] = []
    absent: set[str] = set()
    if substitutes and isinstance(payload, dict):
        payload, absent = _substituted(schema, payload, substitutes.values, used)
    value = _value("", schema, payload, schema.get("definitions", {}), used)
    if not isinstance(value, dict) or (substitutes and not (value.keys() - absent) & substitutes.significant):
        return None, sorted(set(used))
    return value, sorted(set(used))


def _substituted(
    schema: Document, payload: Document, values: Mapping[str, object], used: list[str]
) -> tuple[Document, set[str]]:
    """The payload with substitutes for missing and unreadable fields, and the names of these fields."""
    result = dict(payload)
    absent: set[str] = set()
    for field, substitute in values.items():
        given = payload.get(field)
        if given is None:
            used.append("missing")
        elif _value(field, schema["properties"][field], given, {}, []) is UNREPAIRABLE:
            used.append("unreadable-field")
        else:
            continue
        result[field] = substitute
        absent.add(field)
    return result, absent


def without_nuls(value: object) -> object:
    """The value without NUL characters in its texts, which PostgreSQL cannot store."""
    if isinstance(value, str):
        return value.replace(NUL, "")
    if isinstance(value, dict):
        return {without_nuls(name): without_nuls(field) for name, field in value.items()}
    if isinstance(value, list):
        return [without_nuls(item) for item in value]
    return value


def _value(name: str, schema: Document, value: object, known: Document, used: list[str]) -> object:
    reference = schema.get("$ref")
    if reference is not None:
        schema = known[reference.removeprefix("#/definitions/")]
    match schema.get("type"):
        case "object":
            return _object(schema, value, known, used)
        case "array":
            return _array(name, schema, value, known, used)
        case "string":
            return _text(name, schema, value, used)
        case "integer" | "number" as kind:
            return _number(kind, value, used)
        case _:
            return value


def _object(schema: Document, value: object, known: Document, used: list[str]) -> object:
    if not isinstance(value, dict):
        return UNREPAIRABLE
    properties = schema.get("properties", {})
    required = schema.get("required", ())
    result: Document = {}
    for field, given in value.items():
        shape = properties.get(field, {})
        needless = _needless(shape, given, optional=field not in required)
        if needless:
            used.append(needless)
            continue
        better = _value(field, shape, given, known, used)
        if better is UNREPAIRABLE:
            if field in required or field in SIGNIFICANT_FIELDS:
                return UNREPAIRABLE
            used.append("unreadable-field")
            continue
        result[field] = better
    for field in required:
        if field not in result:
            if field not in ABSENT_FIELDS:
                return UNREPAIRABLE
            used.append("missing")
            result[field] = ABSENT_FIELDS[field]
    return result


def _needless(shape: Document, given: object, *, optional: bool) -> str:
    """The rule that drops a field; empty where it is kept."""
    if not shape:
        return "unknown-field"
    if given is None:
        return "null"
    return "empty" if given == "" and optional and ("enum" in shape or "format" in shape) else ""


def _array(name: str, schema: Document, value: object, known: Document, used: list[str]) -> object:
    if isinstance(value, dict):
        used.append("single-item")
        value = [value]
    if not isinstance(value, list):
        return UNREPAIRABLE
    items = [_value(name, schema["items"], item, known, used) for item in value]
    result = [item for item in items if item is not UNREPAIRABLE]
    if len(result) < len(items):
        used.append("dropped-item")
    return result if len(result) >= schema.get("minItems", 0) else UNREPAIRABLE


def _text(name: str, schema: Document, value: object, used: list[str]) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        used.append("type")
        value = str(value)
    if not isinstance(value, str):
        return UNREPAIRABLE
    words = schema.get("enum")
    if words is not None and value not in words:
        return _word(name, words, value, used)
    longest = schema.get("maxLength")
    if name in NEVER_CUT:
        return value if len(value) <= LONGEST_CARD else UNREPAIRABLE
    if longest is not None and len(value) > longest:
        used.append("too-long")
        return value[:longest]
    return value


def _word(name: str, words: list[str], value: str, used: list[str]) -> object:
    used.append("word")
    meant = value.strip().casefold()
    meant = OTHER_SPELLINGS.get(meant, meant).casefold() if name == "unit" else meant
    for word in words:
        if word.casefold() == meant:
            return word
    return UNKNOWN_WORDS.get(name, UNREPAIRABLE)


def _number(kind: str, value: object, used: list[str]) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return UNREPAIRABLE
    if isinstance(value, int):
        return value if -TOO_LARGE < value < TOO_LARGE else UNREPAIRABLE
    if kind == "number" and isinstance(value, float):
        return value
    used.append("type")
    exact = number(str(value))
    if exact is None:
        return UNREPAIRABLE
    return whole(Decimal(exact)) if kind == "integer" else float(exact)
