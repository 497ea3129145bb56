"""How long plugs were in use, in order and out of order, by local day and month: one table for any question.

``by`` says what a row is: ``clock`` a charger as it is now, ``zones`` the time zones of a company's
locations, ``day`` and ``month`` the sums of a charger at a location, ``down`` a stretch of one plug with a
cause, and ``claim`` a part of one that a session used although the charger was away. Sums are additive: a day
may have several rows, each counting other time. What is under way is in no sum until it ends.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

import msgspec
from msgspec.structs import replace

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
from eosvolt.domain.locations.events import LocationAdded, TariffChanged
from eosvolt.domain.maintenance.events import AvailabilityChanged
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.clock_advance import advanced
from eosvolt.projections.plug_clock import IN_USE, ChargerClock, PlugStretch
from eosvolt.projections.read_model import ReadModel, Row
from eosvolt.projections.time_sums import (
    NOTHING,
    TimeSum,
    plus,
    sum_of,
    total,
)
from eosvolt.projections.time_under_way import by_day

CLOCK, ZONES, DAY, MONTH, DOWN, CLAIM = "clock", "zones", "day", "month", "down", "claim"
# A day is kept open for so long: its location's clock may be a day behind the one that says what day it is.
_OPEN_FOR = timedelta(days=2)


class PlugSum(msgspec.Struct, frozen=True, array_like=True):
    """The part of one plug."""

    connector: int
    time: TimeSum


class OpenSum(msgspec.Struct, frozen=True, array_like=True):
    """The sums of a day or month that may still grow. ``day`` is the first of a month."""

    by: str
    location: str
    day: date
    plugs: tuple[PlugSum, ...]


class PlugTimeRow(Row, frozen=True, kw_only=True):
    """A row of any kind; sums are in µs, ``rated`` in W × ms (see ``TimeSum``)."""

    id: str
    company: int
    by: str
    location: str = ""
    charge_point: str = ""
    day: date | None = None
    observed: int = 0
    faulted: int = 0
    unavailable: int = 0
    offline: int = 0
    planned: int = 0
    in_use: int = 0
    occupied: int = 0
    down_in_use: int = 0
    rated: int = 0
    plugs: tuple[PlugSum, ...] = ()
    connector: int = 0
    since: datetime | None = None
    until: datetime | None = None
    cause: str = ""
    used: bool = False
    clock: ChargerClock | None = None
    sums: tuple[OpenSum, ...] = ()
    kept_from: date | None = None
    zones: dict[str, str] | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The zones of the company, and the charger that the fact is about."""
    zones = zones_key(fact.why.company)
    if isinstance(fact.event, LocationAdded | TariffChanged):
        return (zones,)
    return (zones, clock_key(fact.key))


def zones_key(company: int) -> str:
    """The key of the row with a company's time zones."""
    return f"{ZONES}:{company}"


def clock_key(charge_point: str) -> str:
    """The key of a charger's row."""
    return f"{CLOCK}:{charge_point}"


def together(rows: Mapping[str, PlugTimeRow | None], fact: Fact) -> Mapping[str, PlugTimeRow | None]:
    """The rows that the fact changes or adds."""
    zoned = zones_key(fact.why.company)
    zones_row = rows[zoned]
    zones = (zones_row.zones if zones_row else None) or {}
    if isinstance(fact.event, LocationAdded | TariffChanged):
        zones = {**zones, fact.key: fact.event.tariff.time_zone}
        return {zoned: PlugTimeRow(id=zoned, company=fact.why.company, by=ZONES, zones=zones)}
    key = clock_key(fact.key)
    company, _, charge_box_id = fact.key.partition("/")
    known = rows[key] or PlugTimeRow(
        id=key, company=int(company), by=CLOCK, charge_point=charge_box_id, clock=ChargerClock()
    )
    before = known.clock or ChargerClock()
    after, stretches = advanced(before, fact)
    row = replace(known, clock=after, location=after.location)
    if not stretches:
        return {key: row}
    location = before.location or after.location
    return _summed(row, before, location, zones.get(location, "UTC"), stretches, fact)


def apply(row: PlugTimeRow | None, fact: Fact, key: str) -> PlugTimeRow | None:
    """The row of one key after the fact, without its zones: UTC."""
    return together({zones_key(fact.why.company): None, clock_key(fact.key): None, key: row}, fact).get(
        key, row
    )


def _summed(
    row: PlugTimeRow,
    before: ChargerClock,
    location: str,
    zone: str,
    stretches: Iterable[PlugStretch],
    fact: Fact,
) -> dict[str, PlugTimeRow | None]:
    made: dict[str, PlugTimeRow | None] = {}
    added: dict[tuple[str, str, date], dict[int, TimeSum]] = {
        (each.by, each.location, each.day): {plug.connector: plug.time for plug in each.plugs}
        for each in row.sums
    }
    touched: set[tuple[str, str, date]] = set()
    latest = row.kept_from or date.min
    for number, stretch in enumerate(stretches):
        if stretch.cause:
            span = _span(row, location, stretch, f"{fact.key}@{fact.position}.{number}")
            made[span.id] = span
        for day, length in by_day(stretch.since, stretch.until, zone):
            part = sum_of(stretch, length, before.power(stretch.connector))
            if part == NOTHING:
                continue
            latest = max(latest, day - _OPEN_FOR)
            for by, first in ((DAY, day), (MONTH, day.replace(day=1))):
                place = (by, location, first)
                plugs = added.setdefault(place, {})
                plugs[stretch.connector] = plus(plugs.get(stretch.connector, NOTHING), part)
                touched.add(place)
    open_from = row.kept_from or date.min
    kept: list[OpenSum] = []
    for place, plugs in sorted(added.items()):
        sums = OpenSum(*place, tuple(PlugSum(number, plugs[number]) for number in sorted(plugs)))
        if place in touched:
            # What is older than all that is kept open was written before, and this is written beside it.
            late = sums.day < (open_from if sums.by == DAY else open_from.replace(day=1))
            written = _sum_row(row, sums, f"@{fact.position}" if late else "")
            made[written.id] = written
        if sums.day >= (latest if sums.by == DAY else latest.replace(day=1)):
            kept.append(sums)
    made[row.id] = replace(row, sums=tuple(kept), kept_from=latest)
    return made


def _span(row: PlugTimeRow, location: str, stretch: PlugStretch, name: str) -> PlugTimeRow:
    by = CLAIM if stretch.claimed else DOWN
    return PlugTimeRow(
        id=f"{by}:{name}",
        company=row.company,
        by=by,
        location=location,
        charge_point=row.charge_point,
        connector=stretch.connector,
        since=stretch.since,
        until=stretch.until,
        cause=stretch.cause,
        used=stretch.use in IN_USE,
    )


def _sum_row(row: PlugTimeRow, sums: OpenSum, beside: str) -> PlugTimeRow:
    whole = total(plug.time for plug in sums.plugs)
    return PlugTimeRow(
        id=f"{sums.by}:{sums.day.isoformat()}:{sums.location}:{row.company}/{row.charge_point}{beside}",
        company=row.company,
        by=sums.by,
        location=sums.location,
        charge_point=row.charge_point,
        day=sums.day,
        plugs=sums.plugs,
        **{name: getattr(whole, name) for name in TimeSum.__struct_fields__},
    )


plug_time = ReadModel(
    name="plug_time",
    version=1,
    row=PlugTimeRow,
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
        AvailabilityChanged,
        LocationAdded,
        TariffChanged,
    ),
    keys=keys,
    apply=apply,
    together=together,
    indexes=("company, by, day", "company, charge_point, by, day"),
)
