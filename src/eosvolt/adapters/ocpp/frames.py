"""OCPP-J frames: CALL, CALLRESULT and CALLERROR (OCPP-J 1.6 §4.2). Parsing never raises."""

from typing import Any, NamedTuple

import orjson

from eosvolt.adapters.ocpp import json_repair
from eosvolt.adapters.ocpp.schema_repair import NUL, without_nuls

CALL, RESULT, ERROR = 2, 3, 4
# OCPP-J 1.6 §4.1.4 allows 36 characters; longer ids are accepted up to this length and echoed unchanged.
LONGEST_ID = 255
STRICT_ID = 36
LONGEST_ACTION = 50
DESCRIPTION_LENGTH = 255
# OCPP-J 1.6 §4.2.3 in both spellings, and those of 2.0.1.
ERROR_CODES = frozenset(
    (
        "NotImplemented",
        "NotSupported",
        "InternalError",
        "ProtocolError",
        "SecurityError",
        "FormationViolation",
        "FormatViolation",
        "PropertyConstraintViolation",
        "OccurenceConstraintViolation",
        "OccurrenceConstraintViolation",
        "TypeConstraintViolation",
        "GenericError",
        "RpcFrameworkError",
        "MessageTypeNotSupported",
    )
)


class Call(NamedTuple):
    """A CALL. ``payload`` is not validated yet; an absent one is ``{}``.

    ``text`` is the frame without NUL characters, which PostgreSQL cannot store. ``repairs`` are the rules
    that repaired its JSON.
    """

    id: Any
    action: str
    payload: Any
    text: str
    repairs: tuple[str, ...] = ()


class Result(NamedTuple):
    """A CALLRESULT for our CALL ``id``."""

    id: str
    payload: dict[str, Any]


class Refusal(NamedTuple):
    """A CALLERROR for our CALL ``id``."""

    id: str
    code: str
    description: str


class Malformed(NamedTuple):
    """A CALL that can be answered with a CALLERROR, but not read."""

    id: Any
    action: str
    reason: str


class InvalidFrame(NamedTuple):
    """A text without a usable message id, so that it cannot be answered."""

    reason: str


Message = Call | Result | Refusal | Malformed | InvalidFrame


def parse(text: str, *, strict: bool = False) -> Message:
    """Parse a frame (OCPP-J 1.6 §4.2).

    ``strict`` requires a CALL of four elements with an object as payload and a message id of at most 36
    characters. Otherwise JSON that is nearly valid is repaired.
    """
    repairs: tuple[str, ...] = ()
    try:
        frame = orjson.loads(text)
    except orjson.JSONDecodeError:
        mended = None if strict else json_repair.mended(text)
        if mended is None:
            return _unreadable(text)
        frame, repairs = mended
    if type(frame) is not list or len(frame) < 3:
        return InvalidFrame("not an OCPP message")
    if "\\u0000" in text:
        frame = without_nuls(frame)
    kind, id_ = frame[0], frame[1]
    if type(kind) is not int or not _usable(id_):
        return InvalidFrame("without a type or an id")
    if kind == CALL:
        reason = _irregular(frame) if strict else ""
        return Malformed(id_, _name(frame[2]), reason) if reason else _call(id_, frame, text, repairs)
    if kind == RESULT:
        payload = frame[2]
        return Result(str(id_), payload if isinstance(payload, dict) else {})
    if kind == ERROR:
        description = frame[3] if len(frame) > 3 else ""
        return Refusal(str(id_), str(frame[2])[:LONGEST_ACTION], str(description)[:DESCRIPTION_LENGTH])
    return InvalidFrame("of an unknown message type")


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
    # Some chargers send numbers as ids; they are echoed as numbers.
    return (type(id_) is str and len(id_) <= LONGEST_ID) or type(id_) is int


def _unreadable(text: str) -> Message:
    """A CALL that is not JSON is answered where its id can be read (OCPP-J 1.6 §4.2.3)."""
    found = json_repair.beginning(text)
    if found is None or not _usable(found.id):
        return InvalidFrame("not JSON")
    return Malformed(found.id, found.action, "The message is not JSON.")


def _irregular(frame: list[Any]) -> str:
    """What breaks OCPP-J 1.6 §4.2.1 in a CALL; empty where nothing does."""
    if type(frame[1]) is not str or not 0 < len(frame[1]) <= STRICT_ID:
        return f"A message id is a text of at most {STRICT_ID} characters."
    if len(frame) != 4:
        return "A CALL has four elements."
    return "" if type(frame[3]) is dict else "A payload is an object."


def _name(action: object) -> str:
    """The action's name; empty where it is not a usable name."""
    return action if type(action) is str and len(action) <= LONGEST_ACTION else ""


def _call(id_: object, frame: list[Any], text: str, repairs: tuple[str, ...]) -> Message:
    action = _name(frame[2])
    if not action:
        return Malformed(id_, "", "The action is no name.")
    if len(frame) > 4:
        return Malformed(id_, action, "A CALL has four elements.")
    payload = frame[3] if len(frame) == 4 else None
    kept = text.replace(NUL, "\ufffd") if repairs else text
    return Call(id_, action, {} if payload is None else payload, kept, repairs)
