"""What must not be kept: passwords on their way to a charger."""

from typing import Any

from eosvolt.adapters.ocpp import frames

SECRET_KEYS = frozenset({"authorizationkey"})


def shown(action: str, payload: dict[str, Any], text: str) -> str:
    """The frame as it may be kept: ``text``, with a password's place marked where it holds one."""
    if action == "ChangeConfiguration" and str(payload.get("key", "")).casefold() in SECRET_KEYS:
        id_ = frames.parse(text)
        assert isinstance(id_, frames.Call)  # noqa: S101 - we wrote it ourselves a moment ago
        return frames.call(str(id_.id), action, {**payload, "value": "…"})
    return text
