"""Operations on load balancing zones: create, change, choose chargers, turn on and off, meter, remove."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

import msgspec

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
)
from eosvolt.application.operations.zone_lookups import (
    attached,
    check_fits,
    is_edition,
    key_of,
    known_zone,
    locations_of,
    recall_chargers,
    root_tree,
    tree_locations,
    with_time_zone,
)
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.application.zones import NotChoosable, charger_choice
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.zones.checks import check_fallback
from eosvolt.domain.zones.commands import (
    ChangeZone,
    CreateZone,
    DetachSubZone,
    DisableZone,
    EnableZone,
    MeterZone,
    PutZoneCharger,
    RemoveZone,
    RemoveZoneCharger,
)
from eosvolt.domain.zones.decider import Zone, ZoneState, zones
from eosvolt.domain.zones.limits import LARGEST_CURRENT_MA
from eosvolt.domain.zones.values import (
    ChargingPriority,
    MeterReading,
    PlugWiring,
    ZoneCharger,
    ZoneSettings,
)

VIEW = Permission(Action.VIEW, ProductArea.LOAD_BALANCING)
EXPORT = Permission(Action.EXPORT, ProductArea.LOAD_BALANCING)
_ADD = Permission(Action.ADD, ProductArea.LOAD_BALANCING)
_EDIT = Permission(Action.EDIT, ProductArea.LOAD_BALANCING)
_DELETE = Permission(Action.DELETE, ProductArea.LOAD_BALANCING)


WHY_NOT = {
    NotChoosable.UNKNOWN: "It is not known whether this charger supports smart charging: read its settings.",
    NotChoosable.UNSUPPORTED: "This charger does not support smart charging.",
    NotChoosable.WATTS_ONLY: "This charger takes limits in watts only.",
    NotChoosable.OTHER_ZONE: "This charger is in another zone already.",
    NotChoosable.REMOVED: "There is no such charger.",
}


class ZoneChargerInput(Input, frozen=True, kw_only=True):
    """A charger of a zone, by its charge box id. Without ``plugs`` they are wired as they are described."""

    charger: str
    plugs: tuple[PlugWiring, ...] = ()
    priority: ChargingPriority = ChargingPriority.NORMAL


class NewZoneInput(Input, frozen=True, kw_only=True):
    """A zone under an id that was never used before.

    An empty ``time_zone`` of the settings becomes that of the first charger's location, or the company's.
    """

    zone: str
    settings: ZoneSettings
    chargers: tuple[ZoneChargerInput, ...] = ()


class ZoneById(Input, frozen=True, kw_only=True):
    """The id of a zone."""

    zone: str


class ZoneChangeInput(ZoneById, frozen=True, kw_only=True):
    """``changed`` maps the present settings to the new ones; it may refuse by raising.

    ``chargers`` are all chargers from now on; ``None`` leaves them as they are.
    """

    changed: Callable[[ZoneSettings], ZoneSettings]
    chargers: tuple[ZoneChargerInput, ...] | None = None
    seen: Seen = None


class ZoneChargerPut(ZoneById, frozen=True, kw_only=True):
    """A charger to add to a zone, or other wiring or priority for one of its chargers."""

    charger: ZoneChargerInput


class ZoneChargerRemoval(ZoneById, frozen=True, kw_only=True):
    """A charger to take out of a zone, by its charge box id."""

    charger: str


class ZoneReadingInput(ZoneById, frozen=True, kw_only=True):
    """A reading of the zone's site meter."""

    reading: MeterReading


async def _at_new(context: OperationContext, wanted: NewZoneInput) -> Collection[str]:
    keys = [key_of(context, each.charger) for each in wanted.chargers]
    return {*await locations_of(context, keys), *await tree_locations(context, wanted.settings.parent)}


async def _at(context: OperationContext, wanted: ZoneById) -> Collection[str]:
    return await tree_locations(context, wanted.zone)


async def _at_changed(context: OperationContext, wanted: ZoneChangeInput) -> Collection[str]:
    keys = [key_of(context, each.charger) for each in wanted.chargers or ()]
    return {*await tree_locations(context, wanted.zone), *await locations_of(context, keys)}


async def _at_put(context: OperationContext, wanted: ZoneChargerPut) -> Collection[str]:
    added = await locations_of(context, [key_of(context, wanted.charger.charger)])
    return {*await tree_locations(context, wanted.zone), *added}


@operation_at(_ADD, _at_new)
async def create(context: OperationContext, wanted: NewZoneInput) -> Plan[str]:
    """Create a zone, which is off at first. Returns its id."""
    await context.state(zones, wanted.zone)
    settings = await with_time_zone(context, wanted.settings, [each.charger for each in wanted.chargers])
    command = CreateZone(zone=wanted.zone, company=context.company, settings=settings, at=context.at)
    envelopes = [CommandEnvelope(zones, wanted.zone, command)]
    if settings.parent:
        envelopes.append(await attached(context, wanted.zone, settings.parent))
    for each in await _all_chosen(context, wanted.zone, wanted.chargers):
        put = PutZoneCharger(charger=each, at=context.at)
        envelopes.append(CommandEnvelope(zones, wanted.zone, put))
    return Plan(envelopes, wanted.zone)


@operation_at(_EDIT, _at_changed)
async def change(context: OperationContext, wanted: ZoneChangeInput) -> Plan[None]:
    """Give a zone other settings, and other chargers where they are named.

    Raises ``Rejected`` where a zone that is on could not hold the fallback of all its plugs any more.
    """
    zone = await known_zone(context, wanted.zone)
    await context.check_seen(zones, wanted.zone, wanted.seen, is_edition, _settings)
    settings = await with_time_zone(context, wanted.changed(zone.settings), ())
    envelopes: list[CommandEnvelope] = []
    if settings.parent != zone.settings.parent:
        if zone.settings.parent:
            detach = DetachSubZone(child=wanted.zone, at=context.at)
            envelopes.append(CommandEnvelope(zones, zone.settings.parent, detach))
        if settings.parent:
            envelopes.append(await attached(context, wanted.zone, settings.parent))
    changed = ChangeZone(settings=settings, at=context.at)
    envelopes.append(CommandEnvelope(zones, wanted.zone, changed))
    chargers = dict(zone.chargers)
    if wanted.chargers is not None:
        chosen = await _all_chosen(context, wanted.zone, wanted.chargers)
        chargers = {each.charge_point: each for each in chosen}
        for key in zone.chargers:
            if key not in chargers:
                gone = RemoveZoneCharger(charge_point=key, at=context.at)
                envelopes.append(CommandEnvelope(zones, wanted.zone, gone))
        for each in chosen:
            put = PutZoneCharger(charger=each, at=context.at)
            envelopes.append(CommandEnvelope(zones, wanted.zone, put))
    await check_fits(context, msgspec.structs.replace(zone, settings=settings, chargers=chargers))
    return Plan(envelopes, None)


@operation_at(_EDIT, _at_put)
async def put_charger(context: OperationContext, wanted: ZoneChargerPut) -> Plan[None]:
    """Add a charger to a zone, or wire it otherwise; ``Rejected`` where all fallbacks fit no more."""
    zone = await known_zone(context, wanted.zone)
    charger = await _chosen(context, wanted.zone, wanted.charger)
    chargers = {**zone.chargers, charger.charge_point: charger}
    await check_fits(context, msgspec.structs.replace(zone, chargers=chargers))
    put = PutZoneCharger(charger=charger, at=context.at)
    return Plan((CommandEnvelope(zones, wanted.zone, put),), None)


@operation_at(_EDIT, _at)
async def remove_charger(context: OperationContext, wanted: ZoneChargerRemoval) -> Plan[None]:
    """Take a charger out of a zone; the limits that it has of the zone are withdrawn."""
    zone = await known_zone(context, wanted.zone)
    key = key_of(context, wanted.charger)
    if key not in zone.chargers:
        raise NotThere
    gone = RemoveZoneCharger(charge_point=key, at=context.at)
    return Plan((CommandEnvelope(zones, wanted.zone, gone),), None)


@operation_at(_EDIT, _at)
async def enable(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Turn a zone on, with the zones that are parts of it.

    Raises ``Rejected`` for one that is part of another, or where the fallback of all plugs does not fit.
    """
    tree = await root_tree(context, wanted.zone)
    fits = tree.largest_fallback_ma()
    check_fallback(tree.fallback_ma, fits)
    # The fallback of a tree is that of its root: what its parts say does not count.
    parts = EnableZone(at=context.at, fits_ma=LARGEST_CURRENT_MA)
    return Plan(
        [
            CommandEnvelope(zones, tree.root, EnableZone(at=context.at, fits_ma=fits)),
            *(CommandEnvelope(zones, name, parts) for name in tree.zones if name != tree.root),
        ],
        None,
    )


@operation_at(_EDIT, _at)
async def disable(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Turn a zone off, with the zones that are parts of it; their limits are withdrawn."""
    tree = await root_tree(context, wanted.zone)
    command = DisableZone(at=context.at)
    return Plan([CommandEnvelope(zones, name, command) for name in tree.zones], None)


@operation_at(_EDIT, _at)
async def meter(context: OperationContext, wanted: ZoneReadingInput) -> Plan[None]:
    """Take a reading of a zone's site meter; one that is older than the last changes nothing."""
    await known_zone(context, wanted.zone)
    command = MeterZone(reading=wanted.reading, received_at=context.at)
    return Plan((CommandEnvelope(zones, wanted.zone, command),), None)


@operation_at(_DELETE, _at)
async def remove(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Remove a zone that is off and has no parts; its history stays."""
    zone = await known_zone(context, wanted.zone)
    envelopes = [CommandEnvelope(zones, wanted.zone, RemoveZone(at=context.at))]
    if zone.settings.parent:
        detach = DetachSubZone(child=wanted.zone, at=context.at)
        envelopes.append(CommandEnvelope(zones, zone.settings.parent, detach))
    return Plan(envelopes, None)


async def _chosen(context: OperationContext, zone: str, wanted: ZoneChargerInput) -> ZoneCharger:
    """A charger of a zone. Raises ``InvalidValue`` for one that cannot be chosen."""
    key = key_of(context, wanted.charger)
    await context.state(charge_points, key)
    choice = await charger_choice(context.application, key, zone)
    if choice.why_not is not None:
        raise InvalidValue("chargers", f"{wanted.charger}: {WHY_NOT[choice.why_not]}")
    # A plug that is not named may draw as well: it counts as it is described.
    named = {each.plug: each for each in wanted.plugs}
    plugs = (*wanted.plugs, *(each for each in choice.plugs if each.plug not in named))
    return ZoneCharger(charge_point=key, plugs=plugs, priority=wanted.priority)


async def _all_chosen(
    context: OperationContext, zone: str, chargers: Sequence[ZoneChargerInput]
) -> Sequence[ZoneCharger]:
    """The chargers of a zone, each once; their streams are read together."""
    once = {each.charger: each for each in chargers}
    await recall_chargers(context, list(once))
    return [await _chosen(context, zone, each) for each in once.values()]


def _settings(state: ZoneState) -> object:
    return (state.settings, tuple(state.chargers.values())) if isinstance(state, Zone) else None


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    create,
    change,
    put_charger,
    remove_charger,
    enable,
    disable,
    meter,
    remove,
)
