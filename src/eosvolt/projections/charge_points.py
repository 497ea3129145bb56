"""Every charger with what it said of itself: the question of the chargers pages."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointBooted,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectorSpec,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class ChargePointRow(Row, frozen=True, kw_only=True):
    """A charger. ``since`` is when it connected or disconnected last; ``None`` before the first contact."""

    charge_point: str
    company: int
    charge_box_id: str
    location: str
    connectors: tuple[ConnectorSpec, ...]
    added_at: datetime
    has_password: bool = False
    disabled: bool = False
    removed: bool = False
    online: bool = False
    since: datetime | None = None
    protocol: str = ""
    secure: bool = False
    address: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""
    booted_at: datetime | None = None
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The charger itself."""
    return (fact.key,)


def apply(row: ChargePointRow | None, fact: Fact, key: str) -> ChargePointRow | None:
    """The charger after the fact."""
    changed = _changed(row, fact, key)
    return None if changed is None else msgspec.structs.replace(changed, version=fact.version)


def _changed(row: ChargePointRow | None, fact: Fact, key: str) -> ChargePointRow | None:
    match fact.event, row:
        case ChargePointAdded() as added, _:
            return ChargePointRow(
                charge_point=key,
                company=added.company,
                charge_box_id=added.charge_box_id,
                location=added.location,
                connectors=added.connectors,
                added_at=added.at,
                has_password=added.has_password,
            )
        case _, None:
            return None
        case ChargePointChanged() as changed, known:
            return msgspec.structs.replace(
                known,
                location=changed.location,
                connectors=changed.connectors,
                has_password=changed.has_password,
                disabled=changed.disabled,
            )
        case ChargePointRemoved(), known:
            return msgspec.structs.replace(known, removed=True, online=False)
        case ChargePointConnected() as connected, known:
            return msgspec.structs.replace(
                known,
                online=True,
                since=connected.at,
                protocol=connected.protocol,
                secure=connected.secure,
                address=connected.address,
            )
        case ChargePointDisconnected(at=at), known:
            return msgspec.structs.replace(known, online=False, since=at)
        case ChargePointBooted() as boot, known:
            return msgspec.structs.replace(
                known,
                vendor=boot.vendor,
                model=boot.model,
                serial=boot.serial,
                firmware=boot.firmware,
                booted_at=boot.at,
            )
        case _, known:
            return known


charge_points = ReadModel(
    name="charge_points",
    version=1,
    row=ChargePointRow,
    reads=tags(
        ChargePointAdded,
        ChargePointChanged,
        ChargePointRemoved,
        ChargePointConnected,
        ChargePointDisconnected,
        ChargePointBooted,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, charge_box_id", "company, location", "charge_box_id"),
)
