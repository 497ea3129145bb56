"""The rules of a zone: its settings make sense, it is off while it is made and while its tree changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.zones.capacity import line_ma
from eosvolt.domain.zones.checks import check_fallback, check_settings, check_wiring
from eosvolt.domain.zones.commands import (
    AttachSubZone,
    ChangeZone,
    CreateZone,
    DecideZone,
    DetachSubZone,
    DisableZone,
    EnableZone,
    MeterZone,
    PutZoneCharger,
    RemoveZone,
    RemoveZoneCharger,
    ZoneCommand,
)
from eosvolt.domain.zones.events import (
    SubZoneAttached,
    SubZoneDetached,
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
    ZoneDecided,
    ZoneDisabled,
    ZoneEnabled,
    ZoneEvent,
    ZoneMetered,
    ZoneRemoved,
)
from eosvolt.domain.zones.limits import LARGEST_CURRENT_MA, LARGEST_POWER_W, MOST_CHARGERS
from eosvolt.domain.zones.values import (
    LimitReason,
    MeterReading,
    PlugDecision,
    ZoneCharger,
    ZoneSettings,
)

# A reading that differs from the last one kept by less is kept only so much later.
NEGLIGIBLE_PERCENT, KEPT_EVERY = 1, timedelta(seconds=20)
# Readings may come early by so much of a meter whose clock is fast.
_FUTURE = timedelta(seconds=60)

# What is said of each plug: whose decisions are to be told apart.
Said = tuple[tuple[str, int, str, LimitReason], ...]


class NoZone(msgspec.Struct, frozen=True):
    """There is none of this id."""


class Zone(msgspec.Struct, frozen=True):
    """A zone. ``chargers`` are its own, by their keys; ``children`` the zones that are parts of it.

    ``reading`` is the last of its meter. ``decisions`` counts those that it keeps as the root of a tree, and
    ``said`` is what the last one said of its plugs.
    """

    zone: str
    company: int
    settings: ZoneSettings
    enabled: bool = False
    chargers: dict[str, ZoneCharger] = {}
    children: tuple[str, ...] = ()
    reading: MeterReading | None = None
    decisions: int = 0
    decided_at: datetime | None = None
    said: Said = ()
    removed: bool = False


ZoneState = NoZone | Zone


def decide(command: ZoneCommand, zone: ZoneState) -> Sequence[ZoneEvent]:
    """What happens. Raises ``Rejected`` for what breaks a rule."""
    match command, zone:
        case CreateZone(), NoZone():
            check_settings(command.settings)
            return [
                ZoneCreated(
                    zone=command.zone, company=command.company, settings=command.settings, at=command.at
                )
            ]
        case CreateZone(), _:
            return []
        case _, NoZone() | Zone(removed=True):
            return []
        case _, Zone():
            return _decide_known(command, zone)


def _decide_known(command: ZoneCommand, zone: Zone) -> Sequence[ZoneEvent]:
    match command:
        case CreateZone():
            return []
        case ChangeZone():
            return _changed(command, zone)
        case PutZoneCharger():
            return _put(command, zone)
        case RemoveZoneCharger(charge_point=key, at=at):
            gone = ZoneChargerRemoved(zone=zone.zone, charge_point=key, at=at)
            return [gone] if key in zone.chargers else []
        case AttachSubZone(child=child, at=at):
            if child in zone.children:
                return []
            _check_off(zone)
            return [SubZoneAttached(zone=zone.zone, child=child, at=at)]
        case DetachSubZone(child=child, at=at):
            return [SubZoneDetached(zone=zone.zone, child=child, at=at)] if child in zone.children else []
        case EnableZone(at=at, fits_ma=fits_ma):
            if zone.enabled:
                return []
            check_fallback(zone.settings.fallback_ma, fits_ma)
            return [ZoneEnabled(zone=zone.zone, at=at)]
        case DisableZone(at=at):
            return [ZoneDisabled(zone=zone.zone, at=at)] if zone.enabled else []
        case MeterZone(reading=reading, received_at=received_at):
            return _metered(reading, received_at, zone)
        case DecideZone():
            return _decided(command, zone)
        case RemoveZone(at=at):
            if zone.enabled:
                raise Rejected("Turn the zone off before you remove it.")
            if zone.children:
                raise Rejected("Other zones are parts of this one: remove them first.")
            return [ZoneRemoved(zone=zone.zone, at=at)]
        case _:
            assert_never(command)


def _changed(command: ChangeZone, zone: Zone) -> Sequence[ZoneEvent]:
    if command.settings == zone.settings:
        return []
    check_settings(command.settings)
    if command.settings.parent != zone.settings.parent:
        _check_off(zone)
        if command.settings.parent == zone.zone:
            raise Rejected("A zone cannot be a part of itself.")
    return [ZoneChanged(zone=zone.zone, settings=command.settings, at=command.at)]


def _put(command: PutZoneCharger, zone: Zone) -> Sequence[ZoneEvent]:
    charger = command.charger
    known = zone.chargers.get(charger.charge_point)
    if known == charger:
        return []
    for plug in charger.plugs:
        check_wiring(plug)
    if len({plug.plug for plug in charger.plugs}) != len(charger.plugs):
        raise Rejected("A plug is described twice.")
    if known is not None:
        return [ZoneChargerChanged(zone=zone.zone, charger=charger, at=command.at)]
    if len(zone.chargers) >= MOST_CHARGERS:
        raise Rejected(f"A zone has at most {MOST_CHARGERS} chargers.")
    return [ZoneChargerAdded(zone=zone.zone, charger=charger, at=command.at)]


def _metered(reading: MeterReading, received_at: datetime, zone: Zone) -> Sequence[ZoneEvent]:
    if reading.at > received_at + _FUTURE:
        raise Rejected("This reading is in the future.")
    if abs(reading.power_w) > LARGEST_POWER_W or any(
        abs(each) > LARGEST_CURRENT_MA for each in reading.current_ma or ()
    ):
        raise Rejected("No grid connection has so much.")
    if zone.reading is not None and not _matters(reading, zone.reading, zone.settings):
        return []
    return [ZoneMetered(zone=zone.zone, reading=reading, received_at=received_at)]


def _matters(reading: MeterReading, last: MeterReading, settings: ZoneSettings) -> bool:
    """Whether a reading is kept: it is newer, and says something else or comes some time later.

    Meters tell every second what hardly differs; the history keeps what changes a decision.
    """
    if reading.at <= last.at:
        return False
    if reading.at - last.at >= KEPT_EVERY or (reading.current_ma is None) != (last.current_ma is None):
        return True
    negligible_w = settings.capacity_w * NEGLIGIBLE_PERCENT // 100
    negligible_ma = line_ma(negligible_w)
    lines = zip(reading.current_ma or (), last.current_ma or (), strict=True)
    return abs(reading.power_w - last.power_w) > negligible_w or any(
        abs(now - before) > negligible_ma for now, before in lines
    )


def _decided(command: DecideZone, zone: Zone) -> Sequence[ZoneEvent]:
    """Keep a decision that was made by the present state; of one made by an older state nothing is kept."""
    if command.after != zone.decisions or not zone.enabled:
        return []
    return [
        ZoneDecided(
            zone=zone.zone,
            at=command.at,
            number=zone.decisions + 1,
            rooms=command.rooms,
            plugs=command.plugs,
            reserved=command.reserved,
            fallbacks=command.fallbacks,
        )
    ]


def _check_off(zone: Zone) -> None:
    if zone.enabled:
        raise Rejected("Turn the zone off before it becomes a part of another one.")


def said_of(plugs: Sequence[PlugDecision], reserved: Sequence[PlugDecision]) -> Said:
    """What a decision says of each plug that waits or cannot be limited."""
    waiting = [each for each in plugs if each.waiting]
    return tuple(
        sorted((each.charge_point, each.plug, each.session, each.reason) for each in (*waiting, *reserved))
    )


def evolve(zone: ZoneState, event: ZoneEvent) -> ZoneState:
    """The zone after ``event``."""
    if isinstance(event, ZoneCreated):
        return Zone(zone=event.zone, company=event.company, settings=event.settings)
    if isinstance(zone, NoZone):
        return zone
    change = msgspec.structs.replace
    match event:
        case ZoneChanged(settings=settings):
            return change(zone, settings=settings)
        case ZoneChargerAdded(charger=charger) | ZoneChargerChanged(charger=charger):
            return change(zone, chargers={**zone.chargers, charger.charge_point: charger})
        case ZoneChargerRemoved(charge_point=key):
            return change(zone, chargers={k: v for k, v in zone.chargers.items() if k != key})
        case SubZoneAttached(child=child):
            return change(zone, children=(*zone.children, child))
        case SubZoneDetached(child=child):
            return change(zone, children=tuple(each for each in zone.children if each != child))
        case ZoneEnabled():
            return change(zone, enabled=True, said=())
        case ZoneDisabled():
            return change(zone, enabled=False, said=())
        case ZoneMetered(reading=reading):
            return change(zone, reading=reading)
        case ZoneDecided():
            said = said_of(event.plugs, event.reserved)
            return change(zone, decisions=event.number, decided_at=event.at, said=said)
        case ZoneRemoved():
            return change(zone, removed=True)
        case _:
            assert_never(event)


zones: Decider[ZoneCommand, ZoneState, ZoneEvent] = Decider("zone", NoZone(), decide, evolve)
