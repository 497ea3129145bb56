"""Parses a request's body: JSON of the endpoint's type, without invisible characters, or bytes.

Parsing never blocks the event loop for long: for a long body only the first error is reported, bodies of
changes are limited in size, and many texts are checked in a thread.
"""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Any

import msgspec
from starlette.requests import Request

from eosvolt.adapters.http.framework.endpoint import Endpoint
from eosvolt.adapters.http.framework.plain_text import invisible_characters
from eosvolt.adapters.http.framework.problems import INVALID, Finding, Problem, mismatch
from eosvolt.adapters.http.framework.validation import refused

LONG_BODY = 128 * 1024
_ENCODER = msgspec.json.Encoder()


async def read_body(
    served: Endpoint, decoder: msgspec.json.Decoder[Any], body: bytes, request: Request
) -> object:
    """The body as the type of ``decoder``.

    Raises a 400, 413, 415 or 422 ``Problem`` with all errors.
    """
    kind = _media_type(request)
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise Problem(415, "The body has to be application/json.")
    try:
        decoded = _decoded(served, decoder, body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(400, f"The body is not JSON: {error}.") from None
    looking = partial(_all_invisible, decoded)
    # Checking thousands of texts would block the event loop.
    if findings := looking() if len(body) < LONG_BODY else await asyncio.to_thread(looking):
        raise Problem(422, INVALID, findings)
    return decoded


def read_content(served: Endpoint, body: bytes, request: Request) -> bytes:
    """The body in bytes. Raises a 415 ``Problem`` for another media type than those of the endpoint."""
    if _media_type(request) not in served.takes:
        raise Problem(415, f"The body has to be {' or '.join(served.takes)}.")
    return body


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().casefold()


def _decoded(served: Endpoint, decoder: msgspec.json.Decoder[Any], body: bytes) -> object:
    """Decode. Raises the decoder's error for invalid JSON, and a 422 ``Problem`` for the wrong type."""
    if served.before is not None:
        if len(body) > LONG_BODY:
            raise Problem(413, "The body is too large.")
        if isinstance(given := msgspec.json.decode(body), dict):
            body = _ENCODER.encode(served.before(given))
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        if len(body) > LONG_BODY:
            raise mismatch(error) from None
        # After the wrong type the rest of the body may still be invalid JSON.
        raise refused(served.body, msgspec.json.decode(body), error) from None


def _all_invisible(decoded: object) -> list[Finding]:
    return list(_invisible_characters(msgspec.to_builtins(decoded), "", ""))


def _invisible_characters(value: object, pointer: str, field: str) -> Iterator[Finding]:
    """The findings of invisible characters. ``field`` is the name of the innermost field."""
    if isinstance(value, str):
        if wrong := invisible_characters(value, field):
            yield Finding(pointer, wrong)
    elif isinstance(value, dict):
        for name, each in value.items():
            if wrong := invisible_characters(str(name), ""):
                yield Finding(f"{pointer}/{name!r}", wrong)
            yield from _invisible_characters(each, f"{pointer}/{name}", str(name))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _invisible_characters(each, f"{pointer}/{index}", field)
