"""A plug as the API shows it, alone or as a part of its charger."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from eosvolt.adapters.http.framework.api_types import ApiInput, View
from eosvolt.adapters.http.framework.problems import all_invalid
from eosvolt.domain.bookings.slots import Slot
from eosvolt.domain.charge_points.connector_types import CONNECTOR_TYPES
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.projections.connector_status import OFFLINE, ConnectorRow

PlugType = Annotated[
    str,
    Meta(
        max_length=40,
        description="An OCPI connector standard, e.g. iec62196T2; may be empty.",
        extra_json_schema={"enum": ["", *sorted(CONNECTOR_TYPES)]},
    ),
]


class PlugShape(ApiInput, frozen=True, kw_only=True):
    """A plug as the operator describes it."""

    number: Annotated[int, Meta(ge=1, le=1000)]
    type: PlugType = ""
    max_power_w: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


Plugs = Annotated[tuple[PlugShape, ...], Meta(min_length=1, max_length=200)]


class NextBookingView(View, frozen=True, kw_only=True):
    """The time of the booking of a plug that begins next."""

    since: datetime
    until: datetime


class PlugView(View, frozen=True, kw_only=True):
    """A plug of a charger.

    ``status`` is an OCPP 1.6 state, or ``Offline`` while the charger is not connected. ``effectiveStatus``
    follows the measured power where that contradicts the reported state. ``nextBooking`` is the booking that
    begins next, in the answer of a charger for whoever may see bookings.
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
    next_booking: NextBookingView | None = None


class PlacedPlugView(PlugView, frozen=True, kw_only=True):
    """A plug with its charger and location."""

    charge_box_id: str
    location_id: str


def plug_view(row: ConnectorRow, booked: Slot | None = None) -> PlugView:
    """A plug for its charger's list; ``booked`` is the booking that begins next."""
    upcoming = None if booked is None else NextBookingView(since=booked.since, until=booked.until)
    return PlugView(next_booking=upcoming, **_shared(row))


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


def specs(plugs: tuple[PlugShape, ...]) -> tuple[ConnectorSpec, ...]:
    """The plugs as domain values. Raises a 422 ``Problem`` for unknown types."""
    unknown = [
        (f"/plugs/{index}/type", "There is no such plug type.")
        for index, each in enumerate(plugs)
        if each.type and each.type not in CONNECTOR_TYPES
    ]
    if unknown:
        raise all_invalid(unknown)
    return tuple(ConnectorSpec(each.number, each.type, each.max_power_w) for each in plugs)
