"""OCPP 1.6: frames' payloads into meaning, and answers into payloads.

A payload is judged by the official schema. In the tolerant mode one that fails gets first aid before it is
refused; of a trusted charger the schema is asked only where nothing else helps. Starts, stops and meter
values are never refused: a charger would only repeat them, and hold back all that follows.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.repair import UNREADABLE, Substitutes, repaired
from eosvolt.adapters.ocpp.schemas import SENTENCE_LENGTH, Schema, Violation, schemas
from eosvolt.adapters.ocpp.timestamps import written
from eosvolt.adapters.ocpp.v16_answers import agreed
from eosvolt.adapters.ocpp.v16_csms_requests import call_request
from eosvolt.adapters.ocpp.v16_payloads import (
    PAYLOADS,
    Payload,
    read,
)
from eosvolt.adapters.ocpp.vocabulary import Heard
from eosvolt.application.charging import StartAnswer, TokenAnswer

__all__ = [
    "ACTIONS",
    "AT_ONCE",
    "MALFORMED",
    "NEVER_LOST",
    "SUBPROTOCOL",
    "Understood",
    "agreed",
    "call_request",
    "first_aid",
    "hear",
    "pardoned",
    "parsed",
]

SUBPROTOCOL = "ocpp1.6"
VERSION = "1.6"
LONGEST_TAG = 20
# Answered before whatever waits in the inbox: a charger that hears nothing for long thinks the line is dead.
AT_ONCE = "Heartbeat"
BOOT_AGAIN_SECONDS = 60

# The error codes of OCPP-J 1.6 §4.2.3, in its spelling, by the keyword of JSON Schema that is broken.
MALFORMED = "FormationViolation"
_CODES = {
    "": MALFORMED,
    "additionalProperties": MALFORMED,
    "required": "OccurenceConstraintViolation",
    "minItems": "OccurenceConstraintViolation",
    "maxItems": "OccurenceConstraintViolation",
    "type": "TypeConstraintViolation",
    "maxLength": "TypeConstraintViolation",
}
_OTHERWISE = "PropertyConstraintViolation"

_SCHEMAS = schemas(VERSION)
_CALLS = {action: (_SCHEMAS[action].valid, shape) for action, shape in PAYLOADS.items()}
ACTIONS = frozenset(name for name in _SCHEMAS if not name.endswith("Response"))

# A transaction number that nobody was given, for a start that nobody can understand. Not 0 or -1: messages
# that name those are matched with whatever session is open, and this one must end nobody's.
NO_TRANSACTION = 2**31 - 1
_PARDONS: dict[str, dict[str, Any]] = {
    "MeterValues": {},
    "StopTransaction": {},
    "StartTransaction": {"transactionId": NO_TRANSACTION, "idTagInfo": {"status": "Invalid"}},
}
UNKNOWN_CONNECTOR = 0
# What stands for a required field of a transaction's message that is missing or cannot be read. The rest of
# the message still tells which session it is about, and a message that is dropped is money that is lost.
_SUBSTITUTES: dict[str, Substitutes] = {
    "MeterValues": Substitutes({"connectorId": UNKNOWN_CONNECTOR}, frozenset({"meterValue"})),
    "StopTransaction": Substitutes(
        {"transactionId": UNREADABLE, "meterStop": UNREADABLE, "timestamp": ""},
        frozenset({"transactionId", "meterStop", "timestamp", "idTag", "transactionData"}),
    ),
    "StartTransaction": Substitutes(
        {"connectorId": UNKNOWN_CONNECTOR, "idTag": "", "meterStart": UNREADABLE, "timestamp": ""},
        # A card alone asks no more than an Authorize does.
        frozenset({"connectorId", "meterStart", "timestamp"}),
    ),
}
# Taken as they can be read from a charger that is held to its schema too: they are money.
NEVER_LOST = frozenset({"StartTransaction", "StopTransaction"})


class Understood(NamedTuple):
    """What a payload means, and which rules of first aid it took."""

    heard: Heard
    repairs: list[str]


_NO_REPAIRS: list[str] = []


def parsed(text: str, *, strict: bool) -> frames.Message:
    """What a frame is. One that must not be refused is taken as it can be read, also where ``strict``."""
    message = frames.parse(text, strict=strict)
    kept = isinstance(message, frames.Malformed) and pardoned(message.action) is not None
    return frames.parse(text) if kept else message


def hear(
    action: str, payload: object, received_at: datetime, *, strict: bool, trusting: bool = False
) -> Understood | Violation:
    """What the charger says, or why that cannot be known.

    ``strict`` gives no first aid; ``trusting`` does not ask the schema what can be read without it.
    """
    plan = _CALLS.get(action)
    if plan is None:
        if action in ACTIONS:
            return Violation("NotSupported", f"{action} is not for us to receive.")
        return Violation("NotImplemented", "There is no such action in OCPP 1.6.")
    valid, shape = plan
    if trusting or valid(payload):
        understood = _meaning(payload, shape, received_at, _NO_REPAIRS)
        if strict or not isinstance(understood, Violation):
            return understood
        # It cannot be, even where it satisfies its schema: what can be left out of it is left out.
        better, repairs = first_aid(action, payload)
        return understood if better is None else _meaning(better, shape, received_at, repairs)
    if strict:
        return _violation(_SCHEMAS[action], payload)
    better, repairs = first_aid(action, payload)
    if better is None:
        return _violation(_SCHEMAS[action], payload)
    return _meaning(better, shape, received_at, repairs)


def first_aid(action: str, payload: object) -> tuple[dict[str, Any] | None, list[str]]:
    """The payload of a known action as it was probably meant, and the rules used; ``None``: nobody can tell.

    What stands for a field that cannot be read in a transaction's message satisfies the schema as well.
    """
    return repaired(_SCHEMAS[action].document, payload, _SUBSTITUTES.get(action))


def _violation(schema: Schema, payload: object) -> Violation:
    """What an invalid payload is refused with."""
    return schema.violation(payload, _CODES, _OTHERWISE) or Violation(MALFORMED, "It cannot be read.")


def pardoned(action: str) -> dict[str, Any] | None:
    """The least answer to a message that must not be refused though nobody understands it; else ``None``."""
    return _PARDONS.get(action)


def _meaning(
    payload: object, shape: type[Payload], received_at: datetime, repairs: list[str]
) -> Understood | Violation:
    try:
        return Understood(read(payload, shape).meaning(received_at), repairs)
    except msgspec.ValidationError as error:
        return Violation("TypeConstraintViolation", str(error)[:SENTENCE_LENGTH])


def clock(now: datetime) -> dict[str, Any]:
    """The answer to a heartbeat."""
    return {"currentTime": written(now)}


def welcome(now: datetime, heartbeat_seconds: int) -> dict[str, Any]:
    """The answer to a boot: a charger that passed the door is accepted, unless its operator holds it."""
    return {"status": "Accepted", "currentTime": written(now), "interval": heartbeat_seconds}


def wait(now: datetime) -> dict[str, Any]:
    """The answer to the boot of a charger that is held: it asks again in a while."""
    return {"status": "Pending", "currentTime": written(now), "interval": BOOT_AGAIN_SECONDS}


def authorization(answer: TokenAnswer) -> dict[str, Any]:
    """The answer about a token."""
    return {"idTagInfo": _id_tag_info(answer)}


def start(answer: StartAnswer) -> dict[str, Any]:
    """The answer to a start."""
    return {"transactionId": answer.transaction, "idTagInfo": _id_tag_info(answer.token)}


def stop(answer: TokenAnswer | None) -> dict[str, Any]:
    """The answer to a stop, about the token that stopped where one did."""
    return {} if answer is None else authorization(answer)


def signing(agreed: bool) -> dict[str, Any]:
    """The answer to a request for a certificate."""
    return {"status": "Accepted" if agreed else "Rejected"}


VENDOR_UNKNOWN: dict[str, Any] = {"status": "UnknownVendorId"}
NOTED: dict[str, Any] = {}


def _id_tag_info(answer: TokenAnswer) -> dict[str, Any]:
    info: dict[str, Any] = {"status": answer.authorization.value}
    if 0 < len(answer.group) <= LONGEST_TAG:
        info["parentIdTag"] = answer.group
    if answer.expires_at is not None:
        info["expiryDate"] = written(answer.expires_at)
    return info
