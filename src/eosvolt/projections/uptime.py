"""The times at which each plug was out of order, and why.

One row for each charger, because what concerns the whole of it (its connection, its own state, an operator
who takes it out of service) is told without naming plugs. A plug is observed from its first report on. Times
are the charger's own where it tells one, but never later than its message came and never before what is known
already.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from eosvolt.domain.charge_points.events import (
    ChargePointAdded,
    ChargePointChanged,
    ChargePointConnected,
    ChargePointDisconnected,
    ChargePointRemoved,
    ConnectorReported,
    StationReported,
)
from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import AvailabilityChanged
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row

# A disconnect counts from its beginning, but only when it lasts longer than this.
RECONNECT = timedelta(seconds=60)
KEPT = timedelta(days=400)
MOST_SPANS = 2_000

FAULTED, UNAVAILABLE, PLANNED, OFFLINE, UNOBSERVED = (
    "faulted",
    "unavailable",
    "planned",
    "offline",
    "unobserved",
)
OUT_OF_ORDER = {ConnectorStatus.FAULTED: FAULTED, ConnectorStatus.UNAVAILABLE: UNAVAILABLE}


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A stretch of time in which the plug was not in order. ``cause`` is never empty."""

    since: datetime
    until: datetime
    cause: str


class PlugLife(msgspec.Struct, frozen=True, omit_defaults=True):
    """The history of one plug.

    ``reported`` is what its last report means (empty: in order), ``cause`` what is true since ``since``.
    """

    connector: int
    observed_since: datetime
    since: datetime
    cause: str = ""
    reported: str = ""
    available: bool = False
    out_of_service: bool = False
    spans: tuple[Span, ...] = ()


class UptimeRow(Row, frozen=True, kw_only=True):
    """A charger and the lives of its plugs, by number."""

    charge_point: str
    company: int
    charge_box_id: str
    location: str = ""
    online: bool = False
    removed: bool = False
    reported: str = ""
    out_of_service: bool = False
    planned_plugs: tuple[int, ...] = ()
    plugs: tuple[PlugLife, ...] = ()


class ChargerCondition(Protocol):
    """What is known of a charger as a whole."""

    @property
    def removed(self) -> bool:
        """Whether it is not registered any more."""

    @property
    def reported(self) -> str:
        """What its own last report means; empty: in order."""

    @property
    def out_of_service(self) -> bool:
        """Whether an operator took all of it out of service."""

    @property
    def planned_plugs(self) -> tuple[int, ...]:
        """The plugs that an operator took out of service."""


class PlugReport(Protocol):
    """What a plug last reported."""

    @property
    def connector(self) -> int:
        """Its number."""

    @property
    def reported(self) -> str:
        """What it means; empty: in order."""

    @property
    def available(self) -> bool:
        """Whether it was Available."""


def keys(fact: Fact) -> Iterable[str]:
    """The charger itself, whose upkeep has the same key."""
    return (fact.key,)


def apply(row: UptimeRow | None, fact: Fact, key: str) -> UptimeRow | None:
    """The charger after the fact."""
    company, _, charge_box_id = key.partition("/")
    known = row or UptimeRow(charge_point=key, company=int(company), charge_box_id=charge_box_id)
    match fact.event:
        case ChargePointAdded(location=location, at=at):
            back = msgspec.structs.replace(known, location=location, removed=False)
            return _all(back, at)
        case ChargePointChanged(location=location):
            return msgspec.structs.replace(known, location=location)
        case ChargePointRemoved(at=at):
            return _all(msgspec.structs.replace(known, removed=True, online=False), at)
        case ChargePointConnected(at=at):
            return _all(msgspec.structs.replace(known, online=True), at)
        case ChargePointDisconnected(at=at):
            return _all(msgspec.structs.replace(known, online=False), at)
        case StationReported(status=status, at=at, received_at=received):
            meaning = OUT_OF_ORDER.get(status, "")
            return _all(msgspec.structs.replace(known, reported=meaning), min(at, received))
        case ConnectorReported() as report:
            return _reported(known, report)
        case AvailabilityChanged(connector=0, operative=operative, at=at):
            # The availability of the whole charger is that of each of its plugs.
            changed = msgspec.structs.replace(known, out_of_service=not operative, planned_plugs=())
            return _all(changed, at)
        case AvailabilityChanged(connector=number, operative=operative, at=at):
            others = {each for each in known.planned_plugs if each != number}
            planned = others if operative else others | {number}
            return _all(msgspec.structs.replace(known, planned_plugs=tuple(sorted(planned))), at)
        case _:
            return row


def cause_of(row: ChargerCondition, plug: PlugReport, *, online: bool) -> str:
    """What is true of a plug by the last things told of it."""
    if row.removed:
        return UNOBSERVED
    if not online:
        return OFFLINE
    # The charger's own state speaks for a plug that has nothing to say for itself.
    status = plug.reported or (row.reported if plug.available else "")
    if status == UNAVAILABLE and (row.out_of_service or plug.connector in row.planned_plugs):
        return PLANNED
    return status


def _reported(row: UptimeRow, report: ConnectorReported) -> UptimeRow:
    known = next((plug for plug in row.plugs if plug.connector == report.connector), None)
    # The first contact is when we heard of it, whatever the charger's clock says.
    at = min(report.at, report.received_at) if known else report.received_at
    plug = msgspec.structs.replace(
        known or PlugLife(connector=report.connector, observed_since=at, since=at),
        reported=OUT_OF_ORDER.get(report.status, ""),
        available=report.status == ConnectorStatus.AVAILABLE,
    )
    # A plug that nobody described is heard through a charger that is connected.
    online = row.online or not row.plugs
    row = msgspec.structs.replace(row, online=online, location=row.location or report.location)
    others = tuple(each for each in row.plugs if each.connector != report.connector)
    moved = _moved(row, plug, cause_of(row, plug, online=online), at)
    return msgspec.structs.replace(
        row, plugs=tuple(sorted((*others, moved), key=lambda each: each.connector))
    )


def _all(row: UptimeRow, at: datetime) -> UptimeRow:
    return msgspec.structs.replace(
        row,
        plugs=tuple(_moved(row, plug, cause_of(row, plug, online=row.online), at) for plug in row.plugs),
    )


def _moved(row: UptimeRow, plug: PlugLife, cause: str, at: datetime) -> PlugLife:
    """The plug, to which something happened at ``at`` and of which ``cause`` is true from then on."""
    if cause == plug.cause:
        return plug
    at = max(at, plug.since)
    if plug.cause == OFFLINE and at - plug.since <= RECONNECT:
        # A short absence was none: what was true before and is true again goes on, with the gap in it.
        closed = _closed(plug, at, cause_of(row, plug, online=True))
    else:
        closed = _closed(plug, at, plug.cause)
    return msgspec.structs.replace(closed, since=at, cause=cause)


def _closed(plug: PlugLife, at: datetime, cause: str) -> PlugLife:
    if not cause or at <= plug.since:
        return plug
    spans = plug.spans
    if spans and spans[-1].cause == cause and spans[-1].until == plug.since:
        spans = (*spans[:-1], Span(spans[-1].since, at, cause))
    else:
        spans = (*spans, Span(plug.since, at, cause))
    observed = plug.observed_since
    if len(spans) > MOST_SPANS:
        # Nothing is claimed about the time before the kept spans.
        observed = spans[-MOST_SPANS - 1].until
        spans = spans[-MOST_SPANS:]
    if spans[0].until <= at - KEPT:
        observed = max(observed, at - KEPT)
        spans = tuple(span for span in spans if span.until > observed)
    return msgspec.structs.replace(plug, spans=spans, observed_since=observed)


uptime = ReadModel(
    name="uptime",
    version=1,
    row=UptimeRow,
    reads=tags(
        ChargePointAdded,
        ChargePointChanged,
        ChargePointRemoved,
        ChargePointConnected,
        ChargePointDisconnected,
        ConnectorReported,
        StationReported,
        AvailabilityChanged,
    ),
    keys=keys,
    apply=apply,
    indexes=("company, location", "company, charge_box_id"),
)
