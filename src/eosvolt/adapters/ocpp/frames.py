"""OCPP-J frames: JSON arrays that are calls, results and errors. Nothing here fails on what chargers send."""

from typing import Any, NamedTuple

import orjson

from eosvolt.adapters.ocpp.repair import without_nuls

CALL, RESULT, ERROR = 2, 3, 4
# The specification says 36; longer ones are echoed as they came, up to where it is nonsense.
LONGEST_ID = 255
LONGEST_ACTION = 50
DESCRIPTION_LENGTH = 255


class Call(NamedTuple):
    """A request. ``payload`` is what came, an absent one as ``{}``; it is not yet judged."""

    id: Any
    action: str
    payload: Any
    text: str


class Result(NamedTuple):
    """An answer to our CALL ``id``."""

    id: str
    payload: dict[str, Any]


class Refusal(NamedTuple):
    """A CALLERROR to our CALL ``id``."""

    id: str
    code: str
    description: str


class Malformed(NamedTuple):
    """A CALL that can be answered, but not read."""

    id: Any
    action: str
    reason: str


class Noise(NamedTuple):
    """Something that no answer can refer to."""

    reason: str


Message = Call | Result | Refusal | Malformed | Noise


def parse(text: str) -> Message:
    """What a frame is."""
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        return Noise("not JSON")
    if type(frame) is not list or len(frame) < 3:
        return Noise("not an OCPP message")
    if "\\u0000" in text:
        frame = without_nuls(frame)
    kind, id_ = frame[0], frame[1]
    if type(kind) is not int or not _usable(id_):
        return Noise("without a type or an id")
    if kind == CALL:
        return _call(id_, frame, text)
    if kind == RESULT:
        payload = frame[2]
        return Result(str(id_), payload if isinstance(payload, dict) else {})
    if kind == ERROR:
        description = frame[3] if len(frame) > 3 else ""
        return Refusal(str(id_), str(frame[2])[:LONGEST_ACTION], str(description)[:DESCRIPTION_LENGTH])
    return Noise("of an unknown message type")


def call(id_: str, action: str, payload: dict[str, Any]) -> str:
    """The text of a CALL."""
    return orjson.dumps([CALL, id_, action, payload]).decode()


def result(id_: object, payload: dict[str, Any]) -> str:
    """The text of a CALLRESULT."""
    return orjson.dumps([RESULT, id_, payload]).decode()


def error(id_: object, code: str, description: str) -> str:
    """The text of a CALLERROR. Its details stay empty: chargers have small buffers."""
    return orjson.dumps([ERROR, id_, code, description[:DESCRIPTION_LENGTH], {}]).decode()


def _usable(id_: object) -> bool:
    # Numbers as ids occur and are echoed as numbers.
    return (type(id_) is str and len(id_) <= LONGEST_ID) or type(id_) is int


def _call(id_: object, frame: list[Any], text: str) -> Message:
    action = frame[2]
    if type(action) is not str or not action or len(action) > LONGEST_ACTION:
        return Malformed(id_, "", "The action is no name.")
    if len(frame) > 4:
        return Malformed(id_, action, "A CALL has four elements.")
    payload = frame[3] if len(frame) == 4 else None
    return Call(id_, action, {} if payload is None else payload, text)
