"""Repairs JSON that is nearly valid, in the ways in which chargers' firmware breaks it.

Used only for texts that are not valid JSON, and never where the connection is strict. The time is
proportional to the length of the text.
"""

import re
from typing import Any, NamedTuple

import orjson

BYTE_ORDER_MARK = "\ufeff"
# JSON allows no raw control characters in strings; fixed-size buffers and line ends put them there.
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(32), 127)) | dict.fromkeys((0x09, 0x0A, 0x0D), " ")
# A string, even an unterminated one, or a gap: a name without a value, or a trailing comma.
_STRING_OR_GAP = re.compile(r'"(?:[^"\\]++|\\.)*+"?|(:)\s*(?=[,}\]])|,\s*(?=[}\]])', re.DOTALL)
_BEGINNING = re.compile(
    r'\s*\[\s*2\s*,\s*("(?:[^"\\]|\\.){0,255}"|-?[0-9]{1,18})\s*,(?:\s*"([A-Za-z]{1,50})"\s*,)?'
)


class Mended(NamedTuple):
    """The repaired JSON value, and the rules that repaired it."""

    value: Any
    rules: tuple[str, ...]


class CallHeader(NamedTuple):
    """Message id and action of a CALL that is not JSON; ``action`` is empty where it cannot be read."""

    id: Any
    action: str


def mended(text: str) -> Mended | None:
    """Repair ``text``; ``None`` where that is not possible.

    A byte order mark, NUL characters and trailing commas are removed. Other raw control characters are
    removed or replaced by blanks. A name without a value gets ``null``.
    """
    rules = []
    clean = text.removeprefix(BYTE_ORDER_MARK)
    if len(clean) < len(text):
        rules.append("byte-order-mark")
    printable = clean.translate(_CONTROLS)
    if printable != clean:
        rules.append("control-characters")
    try:
        return Mended(orjson.loads(printable), tuple(rules))
    except orjson.JSONDecodeError:
        pass
    try:
        return Mended(orjson.loads(_STRING_OR_GAP.sub(_filled, printable)), (*rules, "missing-value"))
    except orjson.JSONDecodeError:
        return None


def beginning(text: str) -> CallHeader | None:
    """Find the message id of a CALL that is not JSON; ``None`` where it cannot be answered."""
    found = _BEGINNING.match(text.removeprefix(BYTE_ORDER_MARK).translate(_CONTROLS))
    if found is None:
        return None
    try:
        return CallHeader(orjson.loads(found[1]), found[2] or "")
    except orjson.JSONDecodeError:
        return None


def _filled(found: re.Match[str]) -> str:
    part = found[0]
    if part.startswith('"'):
        return part
    return ":null" if found[1] else ""
