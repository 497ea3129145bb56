"""Events of a charger, folded into its uptime."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from eosvolt.domain.charge_points.events import (
    ChargePointConnected,
    ChargePointDisconnected,
    ConnectorReported,
    StationReported,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Event, Fact, Provenance
from eosvolt.domain.maintenance.events import AvailabilityChanged
from eosvolt.projections.uptime import UptimeRow, apply

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
BOX = "242/CP-1"


def at(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)


def connected(minutes: float) -> Event:
    return ChargePointConnected(
        at=at(minutes), protocol="ocpp1.6", secure=False, authenticated=False, connectors=(1, 2)
    )


def disconnected(minutes: float) -> Event:
    return ChargePointDisconnected(
        at=at(minutes), reason="closed", silent_at=at(minutes + 5), connectors=(1, 2)
    )


def plug(minutes: float, status: str, connector: int = 1, received: float | None = None) -> Event:
    return ConnectorReported(
        location="L",
        connector=connector,
        status=ConnectorStatus(status),
        at=at(minutes),
        received_at=at(minutes if received is None else received),
    )


def station(minutes: float, status: str) -> Event:
    return StationReported(
        status=ConnectorStatus(status), at=at(minutes), received_at=at(minutes), connectors=(1, 2)
    )


def service(minutes: float, *, operative: bool, connector: int = 0) -> Event:
    return AvailabilityChanged(at=at(minutes), connector=connector, operative=operative)


def folded(events: Iterable[Event]) -> UptimeRow:
    """The row after all of them."""
    row: UptimeRow | None = None
    for position, event in enumerate(events, 1):
        fact = Fact(position, f"charge-point:{BOX}", position, event, NOON, Provenance(242, "charger:CP-1"))
        row = apply(row, fact, BOX)
    assert row is not None
    return row
