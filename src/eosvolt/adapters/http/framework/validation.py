"""Finds all validation errors of a value, each with a sentence about its field.

msgspec parses values and stops at the first error. A refused value is validated again here, against the JSON
schema of the same type. That costs some microseconds for each part of the value and each type that it may
have, so for a large value only the first error is reported.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import jsonschema_rs
import msgspec

from eosvolt.adapters.http.framework.problems import Finding, Problem, mismatch

MOST_FINDINGS = 50
MOST_PARTS = 500
_PART_CHARACTERS = 100
KINDS = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
Kind = jsonschema_rs.ValidationErrorKind


@cache
def _validator(kind: Any) -> jsonschema_rs.Draft202012Validator:  # noqa: ANN401 - any type that msgspec reads
    return jsonschema_rs.Draft202012Validator(msgspec.json.schema(kind))


def findings(kind: Any, value: object) -> list[Finding]:  # noqa: ANN401 - any type that msgspec reads
    """All errors of a JSON value for a type, by JSON pointer.

    Empty for a valid value, and for one that is too large or too deeply nested to be validated here.
    """
    if _is_large(value):
        return []
    try:
        found = _described(_validator(kind).iter_errors(value))
    except ValueError:
        # The value is nested deeper than the library supports.
        return []
    # Only the first error of each field is reported.
    return list({finding.pointer: finding for finding in reversed(found)}.values())[::-1][:MOST_FINDINGS]


def refused(kind: Any, value: object, error: msgspec.ValidationError) -> Problem:  # noqa: ANN401 - see above
    """The 422 ``Problem`` for a value that msgspec refused with ``error``, with all errors."""
    found = findings(kind, value)
    problem = mismatch(error)
    # Only msgspec checks instants and numbers in texts.
    known = any(each.pointer.startswith(first.pointer) for first in problem.findings for each in found)
    return Problem(422, problem.detail, found if known else [*found, *problem.findings])


def _is_large(value: object) -> bool:
    """Whether the value has more than ``MOST_PARTS`` parts; long texts count as several."""
    parts, left = 0, [value]
    while left and parts <= MOST_PARTS:
        part = left.pop()
        parts += 1
        if isinstance(part, dict):
            parts += len(part)
            left += list(part.values())[:MOST_PARTS]
        elif isinstance(part, list):
            left += part[: MOST_PARTS + 1]
        elif isinstance(part, str):
            parts += len(part) // _PART_CHARACTERS
    return parts > MOST_PARTS


def _described(errors: Iterable[jsonschema_rs.ValidationError]) -> list[Finding]:
    return [finding for error in errors for finding in _findings(error)]


def _findings(error: jsonschema_rs.ValidationError) -> list[Finding]:
    place = _pointer(error.instance_path)
    match error.kind:
        case Kind.Required(property=name):
            return [Finding(f"{place}/{_step(name)}", "This is missing.")]
        case Kind.AdditionalProperties(unexpected=names):
            return [Finding(f"{place}/{_step(name)}", "There is no such field here.") for name in names]
        case Kind.AnyOf(context=branches):
            return _of_the_meant(branches, place)
        case _:
            return [Finding(place, _sentence(error))]


def _sentence(error: jsonschema_rs.ValidationError) -> str:  # noqa: C901, PLR0911 - one for each mistake
    match error.kind:
        case Kind.Type(types=wanted):
            return f"This has to be {' or '.join(KINDS.get(each, each) for each in wanted)}."
        case Kind.Enum(options=options):
            return f"This is one of {', '.join(str(each) for each in options if each)}."
        case Kind.MinLength(limit=1):
            return "This is empty."
        case Kind.MinLength(limit=limit):
            return f"This has at least {limit} characters."
        case Kind.MaxLength(limit=limit):
            return f"This has at most {limit} characters."
        case Kind.Minimum(limit=limit):
            return f"This is at least {limit}."
        case Kind.Maximum(limit=limit):
            return f"This is at most {limit}."
        case Kind.MinItems(limit=limit):
            return f"This has at least {limit} entries."
        case Kind.MaxItems(limit=limit):
            return f"This has at most {limit} entries."
        case Kind.Pattern():
            return "This is not of the form that is described for it."
        case _:
            return f"{error.message}."


def _of_the_meant(branches: Sequence[Sequence[jsonschema_rs.ValidationError]], place: str) -> list[Finding]:
    """The errors of the choice (``anyOf``) that the value matches best."""
    found = [_described(branch) for branch in branches]
    # Ignore choices of another JSON type, and those whose tag differs.
    meant = [each for each in found if all(f.pointer not in {place, f"{place}/type"} for f in each)]
    if meant:
        return min(meant, key=len)
    inside = [each for each in found if any(f.pointer == f"{place}/type" for f in each)]
    if inside:
        return [Finding(f"{place}/type", "There is no such type here.")]
    return found[0] if found else [Finding(place, "This is not allowed here.")]


def _pointer(path: Iterable[str | int]) -> str:
    return "".join(f"/{_step(str(step))}" for step in path)


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
