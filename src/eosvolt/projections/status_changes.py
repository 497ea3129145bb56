"""Every change of every plug, one row each: what a screen showed at an earlier instant, and later uptime.

Together they find the few facts that made a plug what it was at any position, without reading its charger's
history.
"""

from collections.abc import Iterable
from datetime import datetime

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectorReported,
    StationReported,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class StatusChangeRow(Row, frozen=True, kw_only=True):
    """One thing that became true of a plug at ``at``.

    ``what`` is ``status``, ``station``, ``connection``, ``described`` (``value`` is empty, or ``removed``),
    or ``opened`` or ``closed`` with the session as ``value``.
    """

    id: str
    company: int
    plug: str
    what: str
    value: str
    at: datetime
    position: int


def keys(fact: Fact) -> Iterable[str]:
    """A row of its own for each plug and fact."""
    return tuple(f"{fact.key}/{number}@{fact.position}" for number in _connectors(fact))


def apply(row: StatusChangeRow | None, fact: Fact, key: str) -> StatusChangeRow | None:
    """The change; a row never changes once written."""
    match fact.event:
        case ConnectorReported(status=status, at=at):
            what, value = "status", status.value
        case StationReported(status=status, at=at):
            what, value = "station", status.value
        case ChargePointConnected(at=at):
            what, value = "connection", "online"
        case ChargePointDisconnected(at=at):
            what, value = "connection", "offline"
        case ChargePointAdded(at=at) | ChargePointChanged(at=at):
            what, value = "described", ""
        case ChargePointRemoved(at=at):
            what, value = "described", "removed"
        case TransactionOpened(session=session, at=at) | TransactionReopened(session=session, at=at):
            what, value = "opened", session
        case TransactionClosed(session=session, at=at):
            what, value = "closed", session
        case _:
            return row
    return StatusChangeRow(
        id=key,
        company=fact.why.company,
        plug=key.rpartition("@")[0],
        what=what,
        value=value,
        at=at,
        position=fact.position,
    )


def _connectors(fact: Fact) -> tuple[int, ...]:
    match fact.event:
        case (
            ConnectorReported(connector=connector)
            | TransactionOpened(connector=connector)
            | TransactionClosed(connector=connector)
            | TransactionReopened(connector=connector)
        ):
            return (connector,)
        case ChargePointAdded(connectors=specs) | ChargePointChanged(connectors=specs):
            return tuple(spec.number for spec in specs)
        case (
            StationReported(connectors=numbers)
            | ChargePointConnected(connectors=numbers)
            | ChargePointDisconnected(connectors=numbers)
            | ChargePointRemoved(connectors=numbers)
        ):
            return numbers
        case _:
            return ()


status_changes = ReadModel(
    name="status_changes",
    version=2,
    row=StatusChangeRow,
    reads=tags(
        ChargePointAdded,
        ChargePointChanged,
        ChargePointRemoved,
        ChargePointConnected,
        ChargePointDisconnected,
        ConnectorReported,
        StationReported,
        TransactionOpened,
        TransactionClosed,
        TransactionReopened,
    ),
    keys=keys,
    apply=apply,
    indexes=("plug, what, position DESC",),
)
