"""Reading what is nearly JSON: the ways in which chargers' firmware breaks it, and who sent it all the same.

Only asked for a text that is not JSON, and never for a strict charger. Everything here takes time in
proportion to the length of the text, whatever is in it.
"""

import re
from typing import Any, NamedTuple

import orjson

BYTE_ORDER_MARK = "\ufeff"
# Raw control characters are no JSON inside a string: fixed-size buffers and line ends got there by mistake.
_CONTROLS: dict[int, str | None] = dict.fromkeys((*range(32), 127)) | dict.fromkeys((0x09, 0x0A, 0x0D), " ")
# A string, even one that nobody closed, or a gap: a name without a value, a comma before nothing.
_STRING_OR_GAP = re.compile(r'"(?:[^"\\]++|\\.)*+"?|(:)\s*(?=[,}\]])|,\s*(?=[}\]])', re.DOTALL)
_BEGINNING = re.compile(
    r'\s*\[\s*2\s*,\s*("(?:[^"\\]|\\.){0,255}"|-?[0-9]{1,18})\s*,(?:\s*"([A-Za-z]{1,50})"\s*,)?'
)


class Mended(NamedTuple):
    """What a text holds, and by which rules that was found."""

    value: Any
    rules: tuple[str, ...]


class Beginning(NamedTuple):
    """The beginning of an unreadable CALL; ``action`` is empty where that cannot be read either."""

    id: Any
    action: str


def mended(text: str) -> Mended | None:
    """What ``text`` probably holds; ``None`` where nobody can tell.

    A byte order mark and NUL characters go, other raw control characters go or become blanks, a name without
    a value has ``null``, and a comma with nothing behind it goes.
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


def beginning(text: str) -> Beginning | None:
    """Whose CALL an unreadable text is; ``None`` where it cannot be answered."""
    found = _BEGINNING.match(text.removeprefix(BYTE_ORDER_MARK).translate(_CONTROLS))
    if found is None:
        return None
    try:
        return Beginning(orjson.loads(found[1]), found[2] or "")
    except orjson.JSONDecodeError:
        return None


def _filled(found: re.Match[str]) -> str:
    part = found[0]
    if part.startswith('"'):
        return part
    return ":null" if found[1] else ""
