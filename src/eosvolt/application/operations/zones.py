"""Operations on load balancing zones: create, change, choose chargers, turn on and off, meter, remove."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

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
from eosvolt.application.permissions import Action, NotThere, Permission, ProductArea
from eosvolt.application.zones import NotChoosable, charger_choice, zone_tree
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.smart_charging.commands import ChangeSmartCharging, JoinZone, LeaveZone
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.commands import (
    AttachSubZone,
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
from eosvolt.domain.zones.decider import Zone, ZoneState, check_fallback, zones
from eosvolt.domain.zones.events import (
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
)
from eosvolt.domain.zones.limits import MOST_LEVELS
from eosvolt.domain.zones.tree import ZoneTree
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
EDITIONS = (ZoneCreated, ZoneChanged, ZoneChargerAdded, ZoneChargerChanged, ZoneChargerRemoved)
_UTC = "UTC"

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


class _Put(NamedTuple):
    """A charger of a zone, and the commands that let it belong to it."""

    charger: ZoneCharger
    envelopes: Sequence[CommandEnvelope]


async def _at_new(context: OperationContext, wanted: NewZoneInput) -> Collection[str]:
    keys = [_key(context, each.charger) for each in wanted.chargers]
    return {*await _locations(context, keys), *await _tree_locations(context, wanted.settings.parent)}


async def _at(context: OperationContext, wanted: ZoneById) -> Collection[str]:
    return await _tree_locations(context, wanted.zone)


async def _at_changed(context: OperationContext, wanted: ZoneChangeInput) -> Collection[str]:
    keys = [_key(context, each.charger) for each in wanted.chargers or ()]
    return {*await _tree_locations(context, wanted.zone), *await _locations(context, keys)}


async def _at_put(context: OperationContext, wanted: ZoneChargerPut) -> Collection[str]:
    added = await _locations(context, [_key(context, wanted.charger.charger)])
    return {*await _tree_locations(context, wanted.zone), *added}


@operation_at(_ADD, _at_new)
async def create(context: OperationContext, wanted: NewZoneInput) -> Plan[str]:
    """Create a zone, which is off at first. Returns its id."""
    await context.state(zones, wanted.zone)
    settings = await _with_time_zone(context, wanted.settings, wanted.chargers)
    command = CreateZone(zone=wanted.zone, company=context.company, settings=settings, at=context.at)
    envelopes = [CommandEnvelope(zones, wanted.zone, command)]
    fallback_ma = settings.fallback_ma
    if settings.parent:
        envelopes.append(await _attached(context, wanted.zone, settings.parent))
        fallback_ma = (await _tree(context, settings.parent)).fallback_ma
    for each in _each_once(wanted.chargers):
        envelopes += (await _put(context, wanted.zone, each, fallback_ma=fallback_ma)).envelopes
    return Plan(envelopes, wanted.zone)


@operation_at(_EDIT, _at_changed)
async def change(context: OperationContext, wanted: ZoneChangeInput) -> Plan[None]:
    """Give a zone other settings, and other chargers where they are named.

    Raises ``Rejected`` where a zone that is on could not hold the fallback of all its plugs any more.
    """
    zone = await _known(context, wanted.zone)
    await context.check_seen(zones, wanted.zone, wanted.seen, _is_edition, _settings)
    settings = await _with_time_zone(context, wanted.changed(zone.settings), ())
    envelopes: list[CommandEnvelope] = []
    if settings.parent != zone.settings.parent:
        if zone.settings.parent:
            detach = DetachSubZone(child=wanted.zone, at=context.at)
            envelopes.append(CommandEnvelope(zones, zone.settings.parent, detach))
        if settings.parent:
            envelopes.append(await _attached(context, wanted.zone, settings.parent))
    tree = await _tree(context, wanted.zone)
    fallback_ma = settings.fallback_ma if tree.root == wanted.zone else tree.fallback_ma
    changed = ChangeZone(settings=settings, at=context.at)
    envelopes.append(CommandEnvelope(zones, wanted.zone, changed))
    chargers = dict(zone.chargers)
    if wanted.chargers is not None:
        keys = {_key(context, each.charger) for each in wanted.chargers}
        for key in zone.chargers:
            if key not in keys:
                envelopes += _left(context, wanted.zone, key)
                del chargers[key]
        for each in _each_once(wanted.chargers):
            put = await _put(context, wanted.zone, each, fallback_ma=fallback_ma, enabled=zone.enabled)
            envelopes += put.envelopes
            chargers[put.charger.charge_point] = put.charger
    after = msgspec.structs.replace(zone, settings=settings, chargers=chargers)
    then = ZoneTree(tree.root, {**tree.zones, wanted.zone: after})
    if zone.enabled:
        check_fallback(fallback_ma, then.largest_fallback_ma())
    if fallback_ma != tree.fallback_ma:
        envelopes += _following(context, then, following=zone.enabled, fallback_ma=fallback_ma)
    return Plan(envelopes, None)


@operation_at(_EDIT, _at_put)
async def put_charger(context: OperationContext, wanted: ZoneChargerPut) -> Plan[None]:
    """Add a charger to a zone, or wire it otherwise.

    Raises ``InvalidValue`` for one that cannot be chosen, and ``Rejected`` where the fallback of all plugs
    would not fit any more.
    """
    zone, tree = await _known(context, wanted.zone), await _tree(context, wanted.zone)
    put = await _put(context, wanted.zone, wanted.charger, fallback_ma=tree.fallback_ma, enabled=zone.enabled)
    chargers = {**zone.chargers, put.charger.charge_point: put.charger}
    after = msgspec.structs.replace(zone, chargers=chargers)
    if zone.enabled:
        then = ZoneTree(tree.root, {**tree.zones, wanted.zone: after})
        check_fallback(tree.fallback_ma, then.largest_fallback_ma())
    return Plan(put.envelopes, None)


@operation_at(_EDIT, _at)
async def remove_charger(context: OperationContext, wanted: ZoneChargerRemoval) -> Plan[None]:
    """Take a charger out of a zone; the limits that it has of the zone are withdrawn."""
    zone = await _known(context, wanted.zone)
    key = _key(context, wanted.charger)
    if key not in zone.chargers:
        raise NotThere
    return Plan(_left(context, wanted.zone, key), None)


@operation_at(_EDIT, _at)
async def enable(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Turn a zone on, with the zones that are parts of it.

    Raises ``Rejected`` for one that is part of another, or where the fallback of all plugs does not fit.
    """
    tree = await _root(context, wanted.zone)
    fits = tree.largest_fallback_ma()
    check_fallback(tree.fallback_ma, fits)
    command = EnableZone(at=context.at, fits_ma=fits)
    parts = [name for name in tree.zones if name != tree.root]
    # The parts' own fallbacks do not count.
    each = EnableZone(at=context.at, fits_ma=max(z.settings.fallback_ma for z in tree.zones.values()))
    return Plan(
        [
            CommandEnvelope(zones, tree.root, command),
            *(CommandEnvelope(zones, name, each) for name in parts),
            *_following(context, tree, following=True, fallback_ma=tree.fallback_ma),
        ],
        None,
    )


@operation_at(_EDIT, _at)
async def disable(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Turn a zone off, with the zones that are parts of it; their limits are withdrawn."""
    tree = await _root(context, wanted.zone)
    command = DisableZone(at=context.at)
    return Plan(
        [
            *(CommandEnvelope(zones, name, command) for name in tree.zones),
            *_following(context, tree, following=False, fallback_ma=tree.fallback_ma),
        ],
        None,
    )


@operation_at(_EDIT, _at)
async def meter(context: OperationContext, wanted: ZoneReadingInput) -> Plan[None]:
    """Take a reading of a zone's site meter; one that is older than the last changes nothing."""
    await _known(context, wanted.zone)
    command = MeterZone(reading=wanted.reading, received_at=context.at)
    return Plan((CommandEnvelope(zones, wanted.zone, command),), None)


@operation_at(_DELETE, _at)
async def remove(context: OperationContext, wanted: ZoneById) -> Plan[None]:
    """Remove a zone that is off and has no parts; its history stays."""
    zone = await _known(context, wanted.zone)
    envelopes = [CommandEnvelope(zones, wanted.zone, RemoveZone(at=context.at))]
    for key in zone.chargers:
        leave = LeaveZone(zone=wanted.zone, at=context.at)
        envelopes.append(CommandEnvelope(smart_charging, key, leave))
    if zone.settings.parent:
        detach = DetachSubZone(child=wanted.zone, at=context.at)
        envelopes.append(CommandEnvelope(zones, zone.settings.parent, detach))
    return Plan(envelopes, None)


async def _put(
    context: OperationContext,
    zone: str,
    wanted: ZoneChargerInput,
    *,
    fallback_ma: int,
    enabled: bool = False,
) -> _Put:
    """What lets a charger belong to a zone. Raises ``InvalidValue`` for one that cannot be chosen."""
    key = _key(context, wanted.charger)
    await context.state(charge_points, key)
    choice = await charger_choice(context.application, key, zone)
    if choice.why_not is not None:
        raise InvalidValue("chargers", f"{wanted.charger}: {WHY_NOT[choice.why_not]}")
    plugs = wanted.plugs or tuple(choice.plugs)
    charger = ZoneCharger(charge_point=key, plugs=plugs, priority=wanted.priority)
    join = JoinZone(
        company=context.company,
        charge_point=key,
        zone=zone,
        plugs=plugs,
        fallback_ma=fallback_ma,
        at=context.at,
        following=enabled,
    )
    put = PutZoneCharger(charger=charger, at=context.at)
    envelopes = [CommandEnvelope(zones, zone, put), CommandEnvelope(smart_charging, key, join)]
    return _Put(charger, envelopes)


def _left(context: OperationContext, zone: str, key: str) -> list[CommandEnvelope]:
    gone = RemoveZoneCharger(charge_point=key, at=context.at)
    leave = LeaveZone(zone=zone, at=context.at)
    return [CommandEnvelope(zones, zone, gone), CommandEnvelope(smart_charging, key, leave)]


def _following(
    context: OperationContext, tree: ZoneTree, *, following: bool, fallback_ma: int
) -> list[CommandEnvelope]:
    return [
        CommandEnvelope(
            smart_charging,
            charger.charge_point,
            ChangeSmartCharging(zone=name, fallback_ma=fallback_ma, following=following, at=context.at),
        )
        for name, charger in tree.chargers()
    ]


async def _attached(context: OperationContext, zone: str, parent: str) -> CommandEnvelope:
    """What makes a zone a part of another one. Raises ``InvalidValue`` for one that it cannot be part of."""
    if not isinstance(await _present(context, parent), Zone):
        raise InvalidValue("parent", "There is no such zone.")
    above, own = await _tree(context, parent), await zone_tree(context.application, zone)
    chain = above.chain(parent)
    if zone in chain:
        raise InvalidValue("parent", "A zone cannot be a part of itself.")
    deepest = 1 if own is None else max(len(own.chain(name)) for name in own.zones)
    if len(chain) + deepest > MOST_LEVELS:
        raise InvalidValue("parent", f"At most {MOST_LEVELS} zones can be parts of each other.")
    if above.zones[above.root].enabled:
        raise Rejected("Turn the zone off before another one becomes a part of it.")
    return CommandEnvelope(zones, parent, AttachSubZone(child=zone, at=context.at))


async def _with_time_zone(
    context: OperationContext, settings: ZoneSettings, chargers: Sequence[ZoneChargerInput]
) -> ZoneSettings:
    if settings.time_zone:
        return settings
    for place in await _locations(context, [_key(context, each.charger) for each in chargers]):
        location = await context.state(locations, place)
        if isinstance(location, Location):
            return msgspec.structs.replace(settings, time_zone=location.tariff.time_zone)
    company = await context.state(companies, str(context.company))
    fiscal = company.preferences.fiscal_time_zone if isinstance(company, Company) else ""
    return msgspec.structs.replace(settings, time_zone=fiscal or _UTC)


async def _tree_locations(context: OperationContext, zone: str) -> Collection[str]:
    """Where the chargers of a zone's tree stand; nowhere for a zone that is not there."""
    if not zone or await _present(context, zone) is None:
        return ()
    tree = await _tree(context, zone)
    return await _locations(context, [charger.charge_point for _, charger in tree.chargers()])


async def _locations(context: OperationContext, keys: Sequence[str]) -> Collection[str]:
    found = [known(await context.state(charge_points, key)) for key in keys]
    return list(dict.fromkeys(each.location for each in found if each is not None))


async def _root(context: OperationContext, zone: str) -> ZoneTree:
    await _known(context, zone)
    tree = await _tree(context, zone)
    if tree.root != zone:
        raise Rejected("This zone is a part of another one: turn that one on or off.")
    return tree


async def _tree(context: OperationContext, zone: str) -> ZoneTree:
    tree = await zone_tree(context.application, zone)
    if tree is None:
        raise NotThere
    return tree


async def _present(context: OperationContext, zone: str) -> Zone | None:
    state = await context.state(zones, zone)
    return state if isinstance(state, Zone) and not state.removed else None


async def _known(context: OperationContext, zone: str) -> Zone:
    state = await _present(context, zone)
    if state is None:
        raise NotThere
    return state


def _each_once(chargers: Sequence[ZoneChargerInput]) -> Sequence[ZoneChargerInput]:
    return list({each.charger: each for each in chargers}.values())


def _key(context: OperationContext, charger: str) -> str:
    return f"{context.company}/{charger}"


def _is_edition(event: object) -> bool:
    return isinstance(event, EDITIONS)


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
