"""Which configuration keys hold secrets: their values never go into the history."""

import re
import unicodedata
from typing import Any

# A key of a network, an account or a SIM card, whatever a vendor calls it; not how many keys there can be.
_SECRET = re.compile(
    r"password|passwd|passphrase|pwd|secret|credential|token\d*$|psk|simpin"
    r"|(?<!public)(?<!parameter)key\d*$"
)
_BETWEEN_WORDS = re.compile(r"[\W_]+")
# Control and format characters: zero-width blanks, soft hyphens, NUL.
_INVISIBLE = frozenset({"Cc", "Cf"})
_PIN = re.compile(r"(?<![a-z])pin(?![a-z])")
_SIGN_IN = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")


def is_secret(key: str) -> bool:
    """Whether the value of a configuration key is nobody's business."""
    words = _words(key)
    return _SECRET.search("".join(words)) is not None or _PIN.search(" ".join(words)) is not None


def _words(key: str) -> list[str]:
    """A key's letters and digits, in lower case: what it is called, however a charger writes it.

    OCPP's keys are told apart without regard to case (OCPP 1.6 §7.29, CiString). Blanks, marks and characters
    that are not shown say nothing, and letters of full width are the usual ones (Unicode NFKC).
    """
    usual = unicodedata.normalize("NFKC", key).casefold()
    seen = "".join(each for each in usual if each.isspace() or unicodedata.category(each) not in _INVISIBLE)
    return _BETWEEN_WORDS.split(seen)


def shown(key: str, value: str | None) -> str | None:
    """The value as it may be kept: nothing of a secret, and no password of an address."""
    if value is None or is_secret(key):
        return None
    return _SIGN_IN.sub(r"\1:…@", value)


def without_secrets(response: dict[str, Any]) -> dict[str, Any]:
    """The settings that a charger tells as they may be kept."""
    keys = response.get("configurationKey")
    if not isinstance(keys, list):
        return response
    return {**response, "configurationKey": [_masked(entry) for entry in keys]}


def _masked(entry: object) -> object:
    if not isinstance(entry, dict) or not isinstance(entry.get("value"), str):
        return entry
    kept = shown(str(entry.get("key", "")), entry["value"])
    return {**entry, "value": kept} if kept is not None else {k: v for k, v in entry.items() if k != "value"}
