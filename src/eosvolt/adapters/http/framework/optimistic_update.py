"""Optimistic updates: ``ETag`` is the version that was read, ``If-Match`` makes a change depend on it."""

import re
from typing import Any, TypeVar

import msgspec

from eosvolt.adapters.http.framework.endpoint import EndpointCall
from eosvolt.adapters.http.framework.validation import refused

R = TypeVar("R")
T = TypeVar("T")
ATTEMPTS = 5

_VERSION = re.compile(r"[1-9][0-9]{0,17}")


def etag(version: int) -> str:
    """The ``ETag`` of a version."""
    return f'"{version}"'


def versioned(version: int) -> dict[str, str]:
    """The response headers for an object of this version."""
    return {"ETag": etag(version)}


def seen(call: EndpointCall[Any]) -> frozenset[int] | None:
    """The versions in the request's ``If-Match``; ``None`` if any version may be changed."""
    given = call.request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return None
    tags = (tag.strip().removeprefix("W/").strip('"') for tag in given.split(","))
    return frozenset(int(tag) for tag in tags if _VERSION.fullmatch(tag))


def patched(kind: type[T], before: msgspec.Struct, patch: msgspec.Struct) -> T:
    """The result of a JSON merge patch (RFC 7396): absent fields stay, ``null`` removes a field.

    Objects are merged, lists are replaced. Raises a 422 ``Problem`` if the result is no valid ``kind``.
    """
    document = _merged(msgspec.to_builtins(before), msgspec.to_builtins(patch))
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise refused(kind, document, error) from None


def _merged(target: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    after = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            after.pop(name, None)
        else:
            after[name] = _merged(after.get(name), value)
    return after
