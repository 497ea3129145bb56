"""What must not be kept: passwords on their way to a charger, and those that it tells."""

from typing import Any

from eosvolt.adapters.ocpp import frames
from eosvolt.domain.maintenance.secrets import is_secret, without_secrets


def said(action: str, payload: dict[str, Any], text: str) -> str:
    """Our CALL as it may be kept: ``text``, with a password's place marked where it holds one."""
    if action == "ChangeConfiguration" and is_secret(str(payload.get("key", ""))):
        id_ = frames.parse(text)
        assert isinstance(id_, frames.Call)  # noqa: S101 - we wrote it ourselves a moment ago
        return frames.call(str(id_.id), action, {**payload, "value": "…"})
    return text


def heard(payload: dict[str, Any], text: str, id_: str) -> str:
    """A charger's answer as it may be kept: ``text``, without the passwords among the settings it tells."""
    kept = without_secrets("getConfiguration", payload)
    return text if kept == payload else frames.result(id_, kept)
