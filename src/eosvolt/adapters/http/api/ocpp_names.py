"""OCPP's names for the fields of commands, accepted beside ours: ``connectorId`` for ``plug``."""

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET

NAMES = {
    "connectorId": "plug",
    "csChargingProfiles": "chargingProfile",
    "idTag": "token",
    "parentIdTag": "groupToken",
    "resetType": "kind",
    "transactionId": "transaction",
}
_AVAILABILITY = {"Operative": True, "Inoperative": False}


def own_names(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with our names. A field under both names stays, so that validation refuses it."""
    renamed = {
        NAMES[name] if name in NAMES and NAMES[name] not in body else name: value
        for name, value in body.items()
    }
    operative = _AVAILABILITY.get(str(renamed.get("availability")), UNSET)
    if operative is not UNSET and "operative" not in renamed:
        del renamed["availability"]
        renamed["operative"] = operative
    return renamed
