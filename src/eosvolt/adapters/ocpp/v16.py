"""OCPP 1.6: converts payloads of CALLs to reports, and results of use cases to payloads of answers.

A payload is validated with the official schema. If the connection is tolerant, an invalid payload is repaired
before it is refused. If it is lenient, the schema is used only for payloads that cannot be read otherwise.
StartTransaction, StopTransaction and MeterValues are never refused: a charger would repeat them and delay
all later messages.
"""

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from eosvolt.adapters.ocpp import frames
from eosvolt.adapters.ocpp.inbound_messages import InboundMessage
from eosvolt.adapters.ocpp.schema_repair import UNREADABLE, Substitutes, repaired
from eosvolt.adapters.ocpp.schemas import SENTENCE_LENGTH, Schema, Violation, schemas
from eosvolt.adapters.ocpp.timestamps import written
from eosvolt.adapters.ocpp.v16_answers import agreed
from eosvolt.adapters.ocpp.v16_csms_requests import call_request
from eosvolt.adapters.ocpp.v16_payloads import (
    PAYLOADS,
    Payload,
    read,
)
from eosvolt.application.charging import StartAnswer, TokenAnswer

__all__ = [
    "ACTIONS",
    "AT_ONCE",
    "MALFORMED",
    "NEVER_LOST",
    "SUBPROTOCOL",
    "Parsed",
    "agreed",
    "call_request",
    "fallback_response",
    "parse",
    "parse_frame",
    "repair_payload",
]

SUBPROTOCOL = "ocpp1.6"
VERSION = "1.6"
LONGEST_TAG = 20
# Answered before the messages in the inbox: without an answer a charger takes the connection for dead.
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

# The transaction id in the answer to an unreadable start; no session has it. It is not 0 or -1, because
# messages with these ids are matched with the open session.
NO_TRANSACTION = 2**31 - 1
_FALLBACK_RESPONSES: dict[str, dict[str, Any]] = {
    "MeterValues": {},
    "StopTransaction": {},
    "StartTransaction": {"transactionId": NO_TRANSACTION, "idTagInfo": {"status": "Invalid"}},
}
UNKNOWN_CONNECTOR = 0
# The substitutes for required fields that are missing or cannot be read. The rest of the message still
# identifies the session, and a dropped message is lost revenue.
_SUBSTITUTES: dict[str, Substitutes] = {
    "MeterValues": Substitutes({"connectorId": UNKNOWN_CONNECTOR}, frozenset({"meterValue"})),
    "StopTransaction": Substitutes(
        {"transactionId": UNREADABLE, "meterStop": UNREADABLE, "timestamp": ""},
        frozenset({"transactionId", "meterStop", "timestamp", "idTag", "transactionData"}),
    ),
    "StartTransaction": Substitutes(
        {"connectorId": UNKNOWN_CONNECTOR, "idTag": "", "meterStart": UNREADABLE, "timestamp": ""},
        # A card number alone is no more than an Authorize.
        frozenset({"connectorId", "meterStart", "timestamp"}),
    ),
}
# Repaired even where the connection is strict, because they decide the bill.
NEVER_LOST = frozenset({"StartTransaction", "StopTransaction"})


class Parsed(NamedTuple):
    """The report of a payload, and the rules that repaired it."""

    message: InboundMessage
    repairs: list[str]


_NO_REPAIRS: list[str] = []


def parse_frame(text: str, *, strict: bool) -> frames.Message:
    """Parse a frame. A message that must not be refused is repaired even where ``strict``."""
    message = frames.parse(text, strict=strict)
    kept = isinstance(message, frames.Malformed) and fallback_response(message.action) is not None
    return frames.parse(text) if kept else message


def parse(
    action: str, payload: object, received_at: datetime, *, strict: bool, lenient: bool = False
) -> Parsed | Violation:
    """Convert a CALL's payload to a report; a ``Violation`` where it cannot be read.

    ``strict``: invalid payloads are not repaired. ``lenient``: payloads are read without validation where
    possible.
    """
    plan = _CALLS.get(action)
    if plan is None:
        if action in ACTIONS:
            return Violation("NotSupported", f"{action} is not for us to receive.")
        return Violation("NotImplemented", "There is no such action in OCPP 1.6.")
    valid, shape = plan
    if lenient or valid(payload):
        parsed = _parsed(payload, shape, received_at, _NO_REPAIRS)
        if strict or not isinstance(parsed, Violation):
            return parsed
        # Invalid although the schema may accept it; optional fields are dropped.
        better, repairs = repair_payload(action, payload)
        return parsed if better is None else _parsed(better, shape, received_at, repairs)
    if strict:
        return _violation(_SCHEMAS[action], payload)
    better, repairs = repair_payload(action, payload)
    if better is None:
        return _violation(_SCHEMAS[action], payload)
    return _parsed(better, shape, received_at, repairs)


def repair_payload(action: str, payload: object) -> tuple[dict[str, Any] | None, list[str]]:
    """The repaired payload of a known action and the rules used; ``None`` where it cannot be repaired.

    Substitutes for unreadable fields of a transaction's message satisfy the schema too.
    """
    return repaired(_SCHEMAS[action].document, payload, _SUBSTITUTES.get(action))


def _violation(schema: Schema, payload: object) -> Violation:
    """The violation with which an invalid payload is refused."""
    return schema.violation(payload, _CODES, _OTHERWISE) or Violation(MALFORMED, "It cannot be read.")


def fallback_response(action: str) -> dict[str, Any] | None:
    """The answer to an unreadable message that must not be refused; ``None`` for other actions."""
    return _FALLBACK_RESPONSES.get(action)


def _parsed(
    payload: object, shape: type[Payload], received_at: datetime, repairs: list[str]
) -> Parsed | Violation:
    try:
        return Parsed(read(payload, shape).to_report(received_at), repairs)
    except msgspec.ValidationError as error:
        return Violation("TypeConstraintViolation", str(error)[:SENTENCE_LENGTH])


def clock(now: datetime) -> dict[str, Any]:
    """The payload of Heartbeat.conf (OCPP 1.6 §6.30)."""
    return {"currentTime": written(now)}


def boot_accepted(now: datetime, heartbeat_seconds: int) -> dict[str, Any]:
    """The payload of BootNotification.conf for an accepted charger (OCPP 1.6 §6.4)."""
    return {"status": "Accepted", "currentTime": written(now), "interval": heartbeat_seconds}


def boot_pending(now: datetime) -> dict[str, Any]:
    """The payload of BootNotification.conf for a pending charger, which boots again (OCPP 1.6 §4.2)."""
    return {"status": "Pending", "currentTime": written(now), "interval": BOOT_AGAIN_SECONDS}


def authorization(answer: TokenAnswer) -> dict[str, Any]:
    """The payload of Authorize.conf (OCPP 1.6 §6.2)."""
    return {"idTagInfo": _id_tag_info(answer)}


def start(answer: StartAnswer) -> dict[str, Any]:
    """The payload of StartTransaction.conf (OCPP 1.6 §6.46)."""
    return {"transactionId": answer.transaction, "idTagInfo": _id_tag_info(answer.token)}


def stop(answer: TokenAnswer | None) -> dict[str, Any]:
    """The payload of StopTransaction.conf (OCPP 1.6 §6.50); with ``idTagInfo`` where a token stopped."""
    return {} if answer is None else authorization(answer)


def signing(agreed: bool) -> dict[str, Any]:
    """The payload of SignCertificate.conf (OCPP 1.6 security whitepaper §5.18)."""
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
