"""Removes secrets from frames before the message log keeps them."""

from typing import Any

from eosvolt.adapters.ocpp import frames
from eosvolt.domain.commands.catalogue import CATALOGUE
from eosvolt.domain.maintenance.secrets import without_secrets

_SECRETS = {ocpp.action: kind.secrets for kind in CATALOGUE for ocpp in kind.ocpp16}


def redacted_call(action: str, payload: dict[str, Any], text: str) -> str:
    """The text of our CALL with its secret fields replaced by ``…``."""
    if secret := _SECRETS[action](payload):
        id_ = frames.parse(text)
        assert isinstance(id_, frames.Call)  # noqa: S101 - the text was built by ``frames.call``
        return frames.call(str(id_.id), action, payload | dict.fromkeys(secret, "…"))
    return text


def redacted_result(payload: dict[str, Any], text: str, id_: str) -> str:
    """The text of a charger's CALLRESULT without the values of secret configuration keys."""
    kept = without_secrets(payload)
    return text if kept == payload else frames.result(id_, kept)
