"""Evaluates chargers' answers to our CALLs in OCPP 1.6.

Chargers answer with words in the wrong case, unknown fields and texts that are too long. An answer with a
known status is accepted nevertheless. Without one the command has failed; the message log keeps the frame.
"""

from typing import Any

from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.domain.commands.catalogue import CATALOGUE

Fields = dict[str, Any]

AGREEMENTS = frozenset(
    {"accepted", "scheduled", "unlocked", "rebootrequired", "acceptedcanceled", "acceptedwithoutsignature"}
)
RULES = {ocpp.action: kind.answer for kind in CATALOGUE for ocpp in kind.ocpp16}
ANSWERED, REPAIRED, UNPARSED = "answered", "repaired:answer", "unparsed"
LONGEST_WORD = 30

_SCHEMAS = schemas("1.6")


def agreed(action: str, response: Fields) -> bool:
    """Whether the charger accepted the CALL. An unreadable answer is a refusal."""
    if unreadable(action, response):
        return False
    rule = RULES[action]
    return not rule.status or str(response["status"]).casefold() in AGREEMENTS | rule.also_yes


def unreadable(action: str, response: Fields) -> str:
    """Why the answer cannot be evaluated, as a sentence for the operator; empty where it can."""
    rule = RULES[action]
    if not rule.status:
        missing = [name for name, kind in rule.fields.items() if type(response.get(name)) is not kind]
        return f"The charger's answer says no {missing[0]}." if missing else ""
    status = response.get("status")
    if not isinstance(status, str):
        return "The charger's answer says neither yes nor no."
    if status.casefold() not in _words(action):
        return f"The charger answered {status[:LONGEST_WORD]!r}, which is no answer to {action}."
    return ""


def outcome(action: str, response: Fields) -> str:
    """The outcome for the message log: ``answered``, ``repaired:answer`` or ``unparsed``."""
    if unreadable(action, response):
        return UNPARSED
    return ANSWERED if _SCHEMAS[f"{action}Response"].valid(response) else REPAIRED


def _words(action: str) -> frozenset[str]:
    """The possible values of an answer's status, in lower case."""
    document = _SCHEMAS[f"{action}Response"].document
    shape = document["properties"]["status"]
    if "$ref" in shape:
        shape = document["definitions"][shape["$ref"].rpartition("/")[2]]
    return frozenset(word.casefold() for word in shape["enum"])
