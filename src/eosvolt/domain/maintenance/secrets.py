"""Which configuration keys hold secrets: their values never go into the history."""

import re
from typing import Any

# A key of a network, an account or a SIM card, whatever a vendor calls it; not how many keys there can be.
_SECRET = re.compile(
    r"password|passwd|passphrase|pwd|secret|credential|token$|psk|(?<![a-z])pin(?![a-z])|SimPin"
    r"|(?<!Public)(?<!Parameter)key$",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")


def is_secret(key: str) -> bool:
    """Whether the value of a configuration key is nobody's business."""
    return _SECRET.search(key) is not None


def shown(key: str, value: str | None) -> str | None:
    """The value as it may be kept: nothing of a secret, and no password of an address."""
    if value is None or is_secret(key):
        return None
    return _SIGN_IN.sub(r"\1:…@", value)


def without_secrets(action: str, response: dict[str, Any]) -> dict[str, Any]:
    """A charger's answer as it may be kept."""
    keys = response.get("configurationKey")
    if action != "getConfiguration" or not isinstance(keys, list):
        return response
    return {**response, "configurationKey": [_masked(entry) for entry in keys]}


def _masked(entry: object) -> object:
    if not isinstance(entry, dict) or not isinstance(entry.get("value"), str):
        return entry
    kept = shown(str(entry.get("key", "")), entry["value"])
    return {**entry, "value": kept} if kept is not None else {k: v for k, v in entry.items() if k != "value"}
