"""What must not be kept: passwords on their way to a charger, and those that it tells."""

from typing import Any

from eosvolt.adapters.ocpp import frames
from eosvolt.domain.commands.catalogue import CATALOGUE
from eosvolt.domain.maintenance.secrets import without_secrets

_SECRETS = {ocpp.action: kind.secrets for kind in CATALOGUE for ocpp in kind.ocpp16}


def said(action: str, payload: dict[str, Any], text: str) -> str:
    """Our CALL as it may be kept: ``text``, with a password's place marked where it holds one."""
    if secret := _SECRETS[action](payload):
        id_ = frames.parse(text)
        assert isinstance(id_, frames.Call)  # noqa: S101 - we wrote it ourselves a moment ago
        return frames.call(str(id_.id), action, payload | dict.fromkeys(secret, "…"))
    return text


def heard(payload: dict[str, Any], text: str, id_: str) -> str:
    """A charger's answer as it may be kept: ``text``, without the passwords among the settings it tells."""
    kept = without_secrets(payload)
    return text if kept == payload else frames.result(id_, kept)
