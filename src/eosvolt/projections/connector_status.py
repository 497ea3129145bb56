"""What every plug does now: the question of the dashboard's plug status and of the chargers page.

A disconnected charger never shows its last state as if it were true: ``shown`` is then ``Offline``.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectorReported,
    ConnectorSpec,
    StationReported,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered, SessionReading
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.effective_status import AS_REPORTED, Effect, seen
from eosvolt.projections.read_model import ReadModel, Row

OFFLINE = "Offline"


class ConnectorRow(Row, frozen=True, kw_only=True):
    """A plug. ``status`` is the last report (empty before the first), ``since`` its time at the charger.

    ``effective`` is what its power says that it does, where that is something else; ``quiet_since`` and
    ``flowing`` are what this is concluded from.
    """

    plug: str
    company: int
    location: str
    charge_point: str
    connector: int
    type: str = ""
    max_power_w: int = 0
    status: str = ""
    shown: str = OFFLINE
    since: datetime | None = None
    online: bool = False
    offline_since: datetime | None = None
    station_status: str = ""
    error_code: str = ""
    vendor_error: str = ""
    info: str = ""
    session: str = ""
    power_w: int | None = None
    effective: str = ""
    quiet_since: datetime | None = None
    flowing: int = 0


class PlugsInState(NamedTuple):
    """The plugs of a location that are shown in one state: how many, and of which chargers.

    ``power_w`` is the sum of those whose power is known, ``measured`` their number.
    """

    location: str
    state: str
    plugs: int
    measured: int
    power_w: int
    chargers: tuple[str, ...]


def in_states(rows: Iterable[ConnectorRow]) -> list[PlugsInState]:
    """How many plugs of each location are in each state."""
    by_state: dict[tuple[str, str], list[ConnectorRow]] = defaultdict(list)
    for row in rows:
        by_state[row.location, row.shown].append(row)
    return [
        PlugsInState(
            location,
            state,
            plugs=len(plugs),
            measured=sum(plug.power_w is not None for plug in plugs),
            power_w=sum(plug.power_w or 0 for plug in plugs),
            chargers=tuple(sorted({plug.charge_point for plug in plugs})),
        )
        for (location, state), plugs in sorted(by_state.items())
    ]


def keys(fact: Fact) -> Iterable[str]:
    """The plugs that a fact is about: ``company/charge box id/connector``."""
    match fact.event:
        case EnergyMetered(plug=plug):
            return (plug,)
        case ChargingEnded(place=place):
            return (place.plug,)
        case (
            ConnectorReported(connector=connector)
            | TransactionOpened(connector=connector)
            | TransactionClosed(connector=connector)
            | TransactionReopened(connector=connector)
        ):
            return (f"{fact.key}/{connector}",)
        case ChargePointAdded(connectors=specs) | ChargePointChanged(connectors=specs):
            return tuple(f"{fact.key}/{spec.number}" for spec in specs)
        case (
            ChargePointConnected(connectors=numbers)
            | ChargePointDisconnected(connectors=numbers)
            | ChargePointRemoved(connectors=numbers)
            | StationReported(connectors=numbers)
        ):
            return tuple(f"{fact.key}/{number}" for number in numbers)
        case _:
            return ()


def apply(row: ConnectorRow | None, fact: Fact, key: str) -> ConnectorRow | None:
    """The plug after the fact."""
    match fact.event:
        case (
            ChargePointAdded(connectors=specs, location=location)
            | ChargePointChanged(connectors=specs, location=location)
        ):
            known = row or _unseen(key, location)
            spec = next(s for s in specs if key == f"{fact.key}/{s.number}")
            return _described(known, location, spec)
        case ChargePointRemoved():
            return None
        case ConnectorReported() as report:
            known = row or _unseen(key, report.location)
            if known.status != report.status:
                known = _affected(known, AS_REPORTED)
            # A plug that nobody described is heard through a charger that is connected.
            return _shown(
                msgspec.structs.replace(
                    known,
                    online=known.online or row is None,
                    status=report.status.value,
                    since=known.since if known.status == report.status else report.at,
                    error_code=report.error_code,
                    vendor_error=report.vendor_error,
                    info=report.info,
                )
            )
    return None if row is None else _moved(row, fact)


def _moved(row: ConnectorRow, fact: Fact) -> ConnectorRow:
    match fact.event:
        case ChargePointConnected():
            return _shown(msgspec.structs.replace(row, online=True, offline_since=None))
        case ChargePointDisconnected(at=at):
            return _shown(msgspec.structs.replace(row, online=False, offline_since=at, power_w=None))
        case StationReported(status=status):
            return _shown(msgspec.structs.replace(row, station_status=status.value))
        case TransactionOpened(session=session) | TransactionReopened(session=session):
            return msgspec.structs.replace(row, session=session)
        case TransactionClosed(session=session) if row.session == session:
            return _affected(msgspec.structs.replace(row, session="", power_w=None), AS_REPORTED)
        case EnergyMetered(readings=readings, late=False):
            return _metered(row, readings)
        case ChargingEnded():
            return _affected(msgspec.structs.replace(row, power_w=None), AS_REPORTED)
        case _:
            return row


def _metered(row: ConnectorRow, readings: tuple[SessionReading, ...]) -> ConnectorRow:
    effect = before = Effect(row.effective, row.quiet_since, row.flowing)
    for reading in readings:
        effect = seen(row.status, effect, reading)
    power = readings[-1].power_w
    if power is not None and power != row.power_w:
        row = msgspec.structs.replace(row, power_w=power)
    return row if effect == before else _affected(row, effect)


def _affected(row: ConnectorRow, effect: Effect) -> ConnectorRow:
    return msgspec.structs.replace(
        row, effective=effect.status, quiet_since=effect.quiet_since, flowing=effect.flowing
    )


def _unseen(key: str, location: str) -> ConnectorRow:
    charge_point, _, connector = key.rpartition("/")
    company, _, charge_box_id = charge_point.partition("/")
    return ConnectorRow(
        plug=key,
        company=int(company),
        location=location,
        charge_point=charge_box_id,
        connector=int(connector),
    )


def _described(row: ConnectorRow, location: str, spec: ConnectorSpec) -> ConnectorRow:
    return msgspec.structs.replace(row, location=location, type=spec.type, max_power_w=spec.max_power_w)


def _shown(row: ConnectorRow) -> ConnectorRow:
    if not row.online or not row.status:
        return msgspec.structs.replace(row, shown=OFFLINE)
    whole = row.station_status
    if (
        whole in (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)
        and row.status == ConnectorStatus.AVAILABLE
    ):
        return msgspec.structs.replace(row, shown=whole)
    return msgspec.structs.replace(row, shown=row.status)


connector_status = ReadModel(
    name="connector_status",
    version=3,
    row=ConnectorRow,
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
        EnergyMetered,
        ChargingEnded,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, location", "company, charge_point", "company, shown"),
)
