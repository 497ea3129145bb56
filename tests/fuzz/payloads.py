"""Payloads of OCPP's schemas, and the same with one thing wrong: from a seed, and thousands a second."""

import copy
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

Document = dict[str, Any]
Json = Any

INSTANTS = (
    "2026-11-21T10:00:00Z",
    "2026-11-21T10:00:00.123Z",
    "2026-11-21T11:00:00+01:00",
    "2026-11-21 10:00:00",
    "1970-01-01T00:00:09Z",
    "9999-12-31T23:59:59Z",
    "yesterday",
)
TEXTS = ("", " ", "0", "1523600", "9.31", "-1", "1,5", "NaN", "1e9", "TAG", "ünï☃", "a\x00b", "{}", "[]")
WHOLE = (0, 1, -1, 2, 17, 255, 65_536, 2**31 - 1, 2**31, -(2**31), 10**15 - 1)
# Right by the schema, which knows no bounds; what is heard has some.
HUGE = (10**15, 2**53, 2**63 - 1, 2**63, -(2**63), 2**64 - 1)
OTHERS: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    1.5,
    1e300,
    "",
    "x",
    "1",
    [],
    {},
    [{}],
    [[]],
    {"x": 1},
)
LISTED = 3


def valid(schema: Document, rng: Random, *, definitions: Document | None = None) -> Json:
    """A value that a schema accepts: required fields always, others half of the time."""
    known = schema.get("definitions", {}) if definitions is None else definitions
    shape = _resolved(schema, known)
    match shape.get("type"):
        case "object":
            needed = shape.get("required", ())
            return {
                name: valid(field, rng, definitions=known)
                for name, field in shape.get("properties", {}).items()
                if name in needed or rng.random() < 0.5
            }
        case "array":
            count = rng.randint(shape.get("minItems", 0), shape.get("maxItems", LISTED))
            return [valid(shape["items"], rng, definitions=known) for _ in range(count)]
        case "string":
            return _text(shape, rng)
        case "integer":
            return rng.choice(WHOLE)
        case "number":
            return rng.choice((0, 6, 16.0, 13.8, 9.3, 32.1, 0.1, 11_000))
        case "boolean":
            return rng.random() < 0.5
        case kind:
            raise AssertionError(f"a schema of type {kind}")


def _text(shape: Document, rng: Random) -> str:
    if "enum" in shape:
        return str(rng.choice(shape["enum"]))
    text = rng.choice(INSTANTS if shape.get("format") == "date-time" else TEXTS)
    longest = shape.get("maxLength")
    if longest is not None and rng.random() < 0.2:
        text = "x" * longest
    return text if longest is None else text[:longest]


def _resolved(schema: Document, known: Document) -> Document:
    reference = schema.get("$ref")
    return schema if reference is None else known[reference.removeprefix("#/definitions/")]


class Place:
    """Somewhere in a payload: what holds the value, under which key, and the value's schema."""

    def __init__(self, holder: Any, key: str | int, schema: Document, *, required: bool) -> None:
        self.holder = holder
        self.key = key
        self.schema = schema
        self.required = required


def places(schema: Document, payload: Json, known: Document) -> Iterator[Place]:
    """Every value below a payload."""
    shape = _resolved(schema, known)
    if isinstance(payload, dict):
        for name, value in payload.items():
            field = _resolved(shape.get("properties", {}).get(name, {}), known)
            yield Place(payload, name, field, required=name in shape.get("required", ()))
            yield from places(field, value, known)
    elif isinstance(payload, list):
        for index, value in enumerate(payload):
            item = _resolved(shape.get("items", {}), known)
            yield Place(payload, index, item, required=False)
            yield from places(item, value, known)


def _objects(payload: Json) -> Iterator[Document]:
    if isinstance(payload, dict):
        yield payload
        for value in payload.values():
            yield from _objects(value)
    elif isinstance(payload, list):
        for value in payload:
            yield from _objects(value)


def _remove(payload: Document, found: list[Place], rng: Random) -> None:
    if wanted := [place for place in found if place.required]:
        place = rng.choice(wanted)
        del place.holder[place.key]


def _add(payload: Document, found: list[Place], rng: Random) -> None:
    name = rng.choice(("customData", "connectorID", "vendor", "x", ""))
    rng.choice(list(_objects(payload)))[name] = copy.deepcopy(rng.choice(OTHERS))


def _retype(payload: Document, found: list[Place], rng: Random) -> None:
    _put(found, rng, lambda _: rng.choice(OTHERS))


def _annul(payload: Document, found: list[Place], rng: Random) -> None:
    _put(found, rng, lambda _: None)


def _stretch(payload: Document, found: list[Place], rng: Random) -> None:
    texts = [place for place in found if place.schema.get("type") == "string"]
    _put(texts, rng, lambda place: "y" * (place.schema.get("maxLength", 600) + rng.choice((1, 5, 300))))


def _misword(payload: Document, found: list[Place], rng: Random) -> None:
    words = [place for place in found if "enum" in place.schema]
    _put(
        words,
        rng,
        lambda place: rng.choice((str(place.holder[place.key]).swapcase(), "Unheard", "", "Error")),
    )


def _nest(payload: Document, found: list[Place], rng: Random) -> None:
    _put(
        found,
        rng,
        lambda place: rng.choice(([place.holder[place.key]], {"value": place.holder[place.key]})),
    )


def _swap(payload: Document, found: list[Place], rng: Random) -> None:
    """Numbers become texts and texts numbers, as chargers' programmers do."""
    _put(
        found,
        rng,
        lambda place: _other_way(place.holder[place.key]),
    )


def _empty(payload: Document, found: list[Place], rng: Random) -> None:
    lists = [place for place in found if place.schema.get("type") == "array"]
    _put(lists, rng, lambda _: [])


def _other_way(value: Json) -> Json:
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() else len(value)
    return str(value) if isinstance(value, int | float) else value


def _put(found: list[Place], rng: Random, value: Callable[[Place], Json]) -> None:
    if found:
        place = rng.choice(found)
        place.holder[place.key] = copy.deepcopy(value(place))


SPOILERS: dict[str, Callable[[Document, list[Place], Random], None]] = {
    "a required field removed": _remove,
    "a field added": _add,
    "another type": _retype,
    "null": _annul,
    "too long": _stretch,
    "another word": _misword,
    "nested": _nest,
    "texts for numbers": _swap,
    "an empty list": _empty,
}


def spoiled(schema: Document, payload: Document, how: str, rng: Random) -> Document:
    """A copy with one thing wrong, where the payload has something that can be wrong in this way."""
    result: Document = copy.deepcopy(payload)
    SPOILERS[how](result, list(places(schema, result, schema.get("definitions", {}))), rng)
    return result
