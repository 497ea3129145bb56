"""OCPP's own names for the fields of commands, understood beside ours.

Whoever writes a program with the specification beside it may say ``connectorId`` where we say ``plug``.
"""

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
    """The body under our names. A field under both is left as it is, and refused for the one too many."""
    renamed = {
        NAMES[name] if name in NAMES and NAMES[name] not in body else name: value
        for name, value in body.items()
    }
    operative = _AVAILABILITY.get(str(renamed.get("availability")), UNSET)
    if operative is not UNSET and "operative" not in renamed:
        del renamed["availability"]
        renamed["operative"] = operative
    return renamed
