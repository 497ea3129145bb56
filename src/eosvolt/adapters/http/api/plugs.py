"""A plug as the API shows it, alone or as a part of its charger."""

from datetime import datetime
from typing import Any

from eosvolt.adapters.http.shapes import View
from eosvolt.projections.connector_status import OFFLINE, ConnectorRow


class PlugView(View, frozen=True, kw_only=True):
    """A plug of a charger.

    ``status`` is an OCPP 1.6 state, or ``Offline`` while the charger is not connected. ``effectiveStatus`` is
    what its power says that it does: the same, unless the charger reports something else than it does.
    """

    number: int
    status: str
    effective_status: str
    type: str = ""
    max_power_w: int | None = None
    since: datetime | None = None
    session_id: str | None = None
    power_w: int | None = None
    error_code: str = ""
    vendor_error: str = ""
    info: str = ""


class PlacedPlugView(PlugView, frozen=True, kw_only=True):
    """A plug with where it is."""

    charge_box_id: str
    location_id: str


def plug_view(row: ConnectorRow) -> PlugView:
    """A plug for its charger's list."""
    return PlugView(**_shared(row))


def placed_plug_view(row: ConnectorRow) -> PlacedPlugView:
    """A plug for lists over several chargers."""
    return PlacedPlugView(charge_box_id=row.charge_point, location_id=row.location, **_shared(row))


def _shared(row: ConnectorRow) -> dict[str, Any]:
    offline = row.shown == OFFLINE
    return {
        "number": row.connector,
        "status": row.shown,
        "effective_status": row.shown if offline else row.effective or row.shown,
        "type": row.type,
        "max_power_w": row.max_power_w or None,
        "since": (row.offline_since or row.since) if offline else row.since,
        "session_id": row.session or None,
        "power_w": row.power_w,
        "error_code": row.error_code,
        "vendor_error": row.vendor_error,
        "info": row.info,
    }
