"""What a charger's answers to our CALLs mean in OCPP 1.6.

Chargers answer with words in the wrong case, fields too many and texts too long. As long as the answer says
yes or no it is taken as that; where nobody can tell, the command has failed, and the frame is kept.
"""

from typing import Any

from eosvolt.adapters.ocpp.schemas import schemas
from eosvolt.domain.commands.catalogue import CATALOGUE

Fields = dict[str, Any]

AGREEMENTS = frozenset(
    {"accepted", "scheduled", "unlocked", "rebootrequired", "acceptedcanceled", "acceptedwithoutsignature"}
)
RULES = {ocpp.action: kind.answer for kind in CATALOGUE for ocpp in kind.ocpp16}
UNDERSTOOD, MENDED, UNPARSED = "answered", "repaired:answer", "unparsed"
LONGEST_WORD = 30

_SCHEMAS = schemas("1.6")


def agreed(action: str, response: Fields) -> bool:
    """Whether the charger's answer to ``action`` is a yes; one that cannot be read is none."""
    if unreadable(action, response):
        return False
    rule = RULES[action]
    return not rule.status or str(response["status"]).casefold() in AGREEMENTS | rule.also_yes


def unreadable(action: str, response: Fields) -> str:
    """Why nobody can tell what the answer means, as a sentence; empty where it is clear."""
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
    """What became of the frame: ``answered``, ``repaired:answer`` or ``unparsed``."""
    if unreadable(action, response):
        return UNPARSED
    return UNDERSTOOD if _SCHEMAS[f"{action}Response"].valid(response) else MENDED


def _words(action: str) -> frozenset[str]:
    """What the status of an answer can be, in lower case."""
    document = _SCHEMAS[f"{action}Response"].document
    shape = document["properties"]["status"]
    if "$ref" in shape:
        shape = document["definitions"][shape["$ref"].rpartition("/")[2]]
    return frozenset(word.casefold() for word in shape["enum"])
