"""The power of zones over time: what chargers drew and might draw, and what their zone might use.

``by`` says what a row is: ``now`` a charger of a zone as it is, ``minute`` and ``quarter`` the last that was
known in a minute or a quarter of an hour of recorded time, of a charger or, without one, of the zone. What is
in no row is as in the one before. Minutes are kept for a day and quarters of an hour for 35 days: a later one
takes the place of the one before it, so that the table does not grow with time.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import msgspec

from eosvolt.domain.charge_points.events import ChargePointDisconnected, TransactionClosed
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ChargingEnded, EnergyMetered
from eosvolt.domain.vocabulary import tags
from eosvolt.domain.zones.capacity import VOLTS
from eosvolt.domain.zones.events import ZoneDecided, ZoneDisabled, ZoneRemoved
from eosvolt.domain.zones.values import Lines, ZoneRoom
from eosvolt.projections.charger_limits import LimitsRow, charger_limits
from eosvolt.projections.charger_limits import apply as limits_after
from eosvolt.projections.read_model import ReadModel, Row

change = msgspec.structs.replace
NOW, MINUTE, QUARTER = "now", "minute", "quarter"
SECONDS = {MINUTE: 60, QUARTER: 900}
KEPT = {MINUTE: 24 * 60, QUARTER: 35 * 24 * 4}


class PlugPower(msgspec.Struct, frozen=True, array_like=True):
    """What a plug draws; ``None`` where it is not known."""

    plug: int
    power_w: int | None


class ZonePowerRow(Row, frozen=True, kw_only=True):
    """A row of any kind. ``since`` begins the minute or the quarter of an hour.

    Of a charger: ``power_w`` is what it draws (``None``: not known), ``may_draw_w`` the most that it may draw
    by its limits, ``None`` while its zone is off. Of a zone: ``usable_w`` is what its chargers may use,
    ``None`` while it is off, ``rest_w`` what the building takes.
    """

    id: str
    company: int
    by: str
    zone: str
    charger: str = ""
    since: datetime | None = None
    power_w: int | None = None
    may_draw_w: int | None = None
    usable_w: int | None = None
    rest_w: int | None = None
    limits: LimitsRow | None = None
    plugs: tuple[PlugPower, ...] = ()


def watts(lines_ma: Lines) -> int:
    """The power of three lines at these currents."""
    return sum(lines_ma) * VOLTS // 1000


def keys(fact: Fact) -> Iterable[str]:
    """The charger, or the minute and the quarter of an hour of each zone."""
    match fact.event:
        case ZoneDecided(rooms=rooms):
            return tuple(_slot_key(room.zone, by, fact.recorded_at) for room in rooms for by in SECONDS)
        case ZoneDisabled() | ZoneRemoved():
            return tuple(_slot_key(fact.key, by, fact.recorded_at) for by in SECONDS)
        case EnergyMetered(plug=plug):
            return (plug.rpartition("/")[0],)
        case ChargingEnded(place=place):
            return (place.plug.rpartition("/")[0],)
        case _:
            return (fact.key,)


def together(rows: Mapping[str, ZonePowerRow | None], fact: Fact) -> Mapping[str, ZonePowerRow | None]:
    """The charger after the fact, with its minute and quarter of an hour; or those of the zones."""
    match fact.event:
        case ZoneDecided(rooms=rooms):
            return _of_zones(fact, rooms)
        case ZoneDisabled() | ZoneRemoved():
            row = ZonePowerRow(id="", company=fact.why.company, by="", zone=fact.key)
            return _slots(row, fact.key, fact.recorded_at)
        case _:
            ((key, before),) = rows.items()
            return _of_charger(before, fact, key)


def _of_zones(fact: Fact, rooms: Iterable[ZoneRoom]) -> Mapping[str, ZonePowerRow]:
    found: dict[str, ZonePowerRow] = {}
    for room in rooms:
        row = ZonePowerRow(
            id="",
            company=fact.why.company,
            by="",
            zone=room.zone,
            usable_w=watts(room.usable_ma),
            rest_w=watts(room.rest_ma),
        )
        found |= _slots(row, room.zone, fact.recorded_at)
    return found


def _of_charger(before: ZonePowerRow | None, fact: Fact, key: str) -> Mapping[str, ZonePowerRow | None]:
    known = None if before is None else before.limits
    limits = limits_after(known, fact, key) if fact.stream.startswith("smart-charging:") else known
    if limits is None or (before is None and not limits.zone):
        return {}
    if before is None:
        before = ZonePowerRow(
            id=key, company=limits.company, by=NOW, zone=limits.zone, charger=limits.charge_box_id
        )
    plugs = _metered(before.plugs, fact)
    # What it drew since it left is nothing of the zone's.
    left = not limits.zone
    powers = [each.power_w for each in plugs if each.power_w is not None]
    after = change(
        before,
        zone=limits.zone or before.zone,
        limits=limits,
        plugs=plugs,
        power_w=sum(powers) if powers and not left else None,
        may_draw_w=limits.may_draw_w if limits.following and not left else None,
    )
    now: dict[str, ZonePowerRow | None] = {key: None if left else after}
    if before.limits is not None and (before.power_w, before.may_draw_w) == (after.power_w, after.may_draw_w):
        return now
    return now | _slots(change(after, limits=None, plugs=()), key, fact.recorded_at)


def _metered(plugs: tuple[PlugPower, ...], fact: Fact) -> tuple[PlugPower, ...]:
    match fact.event:
        case EnergyMetered(plug=plug, readings=readings, late=False) if readings[-1].power_w is not None:
            return _with(plugs, PlugPower(int(plug.rpartition("/")[2]), readings[-1].power_w))
        case ChargingEnded(place=place):
            return _with(plugs, PlugPower(place.connector, 0))
        case TransactionClosed(connector=connector):
            return _with(plugs, PlugPower(connector, 0))
        case ChargePointDisconnected():
            return tuple(PlugPower(each.plug, None) for each in plugs)
        case _:
            return plugs


def _with(plugs: tuple[PlugPower, ...], power: PlugPower) -> tuple[PlugPower, ...]:
    others = (each for each in plugs if each.plug != power.plug)
    return tuple(sorted((*others, power), key=lambda each: each.plug))


def _slots(row: ZonePowerRow, whose: str, at: datetime) -> dict[str, ZonePowerRow]:
    """The row as that of the minute and of the quarter of an hour that ``at`` is in."""
    found = {}
    for by, seconds in SECONDS.items():
        begins = int(at.timestamp()) // seconds * seconds
        key = _slot_key(whose, by, at)
        found[key] = change(row, id=key, by=by, since=datetime.fromtimestamp(begins, UTC))
    return found


def _slot_key(whose: str, by: str, at: datetime) -> str:
    return f"{whose}@{by}{int(at.timestamp()) // SECONDS[by] % KEPT[by]}"


def _never(row: ZonePowerRow | None, _fact: Fact, _key: str) -> ZonePowerRow | None:
    return row


zone_power = ReadModel(
    name="zone_power",
    version=1,
    row=ZonePowerRow,
    reads=charger_limits.reads
    | tags(
        ZoneDecided,
        ZoneDisabled,
        ZoneRemoved,
        EnergyMetered,
        ChargingEnded,
        TransactionClosed,
        ChargePointDisconnected,
    ),
    keys=keys,
    apply=_never,
    indexes=("company, zone, since",),
    together=together,
)
