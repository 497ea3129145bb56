"""What follows from what happens to zones: which chargers follow them, and the limits of a decision."""

from collections.abc import Iterable, Iterator

from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.reaction import Need, ReactionContext
from eosvolt.domain.smart_charging.commands import (
    AskFallback,
    AskLimit,
    ChangeSmartCharging,
    JoinZone,
    LeaveZone,
)
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.decider import Zone, zones
from eosvolt.domain.zones.events import (
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneDecided,
    ZoneDisabled,
    ZoneEnabled,
    ZoneRemoved,
)

Switched = ZoneEnabled | ZoneDisabled


def needs_zones_above(
    _event: ZoneChargerAdded | ZoneChargerChanged | Switched, context: ReactionContext
) -> Iterable[Need]:
    """The zones that this one is part of: the root says what the fallback is."""
    zone: Zone = context.after
    while zone.settings.parent:
        yield Need(zones, zone.settings.parent)
        above = context.other(zones, zone.settings.parent)
        if not isinstance(above, Zone):
            return
        zone = above


def join(event: ZoneChargerAdded | ZoneChargerChanged, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger belongs to the zone, or is wired otherwise. Refused while it is in another zone."""
    zone: Zone = context.after
    joining = JoinZone(
        company=zone.company,
        charge_point=event.charger.charge_point,
        zone=zone.zone,
        plugs=event.charger.plugs,
        fallback_ma=_root_of(zone, context).settings.fallback_ma,
        at=event.at,
        following=zone.enabled,
    )
    return [CommandEnvelope(smart_charging, event.charger.charge_point, joining)]


def leave(event: ZoneChargerRemoved, _context: ReactionContext) -> list[CommandEnvelope]:
    """The charger belongs to the zone no more."""
    leaving = LeaveZone(zone=event.zone, at=event.at)
    return [CommandEnvelope(smart_charging, event.charge_point, leaving)]


def leave_all(event: ZoneRemoved, context: ReactionContext) -> list[CommandEnvelope]:
    """Its chargers belong to no zone."""
    zone: Zone = context.after
    leaving = LeaveZone(zone=event.zone, at=event.at)
    return [CommandEnvelope(smart_charging, key, leaving) for key in zone.chargers]


def switch(event: Switched, context: ReactionContext) -> list[CommandEnvelope]:
    """Its chargers follow it, or follow it no more."""
    zone: Zone = context.after
    changed = ChangeSmartCharging(
        zone=event.zone,
        fallback_ma=_root_of(zone, context).settings.fallback_ma,
        following=isinstance(event, ZoneEnabled),
        at=event.at,
    )
    return [CommandEnvelope(smart_charging, key, changed) for key in zone.chargers]


def needs_zones_below(_event: ZoneChanged, context: ReactionContext) -> Iterable[Need]:
    """All zones that are parts of this one."""
    yield from (Need(zones, zone) for zone in _below(context.after, context))


def change_fallback(event: ZoneChanged, context: ReactionContext) -> list[CommandEnvelope]:
    """All chargers of a tree that is on get the fallback that its root says now."""
    root: Zone = context.after
    before: Zone = context.before
    fallback_ma = root.settings.fallback_ma
    if root.settings.parent or not root.enabled or before.settings.fallback_ma == fallback_ma:
        return []
    found = [root, *(context.other(zones, name) for name in _below(root, context))]
    return [
        CommandEnvelope(
            smart_charging,
            key,
            ChangeSmartCharging(zone=zone.zone, fallback_ma=fallback_ma, following=True, at=event.at),
        )
        for zone in found
        if isinstance(zone, Zone)
        for key in zone.chargers
    ]


def ask_limits(event: ZoneDecided, _context: ReactionContext) -> list[CommandEnvelope]:
    """The limits that were decided are asked for. Their commands are numbered by the decision."""
    envelopes = [
        CommandEnvelope(smart_charging, key, AskFallback(command=_command(event, number), at=event.at))
        for number, key in enumerate(event.fallbacks)
    ]
    changed = (each for each in event.plugs if each.changed and each.limit_ma is not None)
    for number, each in enumerate(changed, len(event.fallbacks)):
        ask = AskLimit(
            zone=each.zone,
            plug=each.plug,
            session=each.session,
            transaction=each.transaction,
            limit_ma=each.limit_ma or 0,
            command=_command(event, number),
            at=event.at,
        )
        envelopes.append(CommandEnvelope(smart_charging, each.charge_point, ask))
    return envelopes


def _command(event: ZoneDecided, number: int) -> str:
    return f"{event.zone}-{event.number}-{number + 1}"


def _root_of(zone: Zone, context: ReactionContext) -> Zone:
    while zone.settings.parent:
        above = context.other(zones, zone.settings.parent)
        if not isinstance(above, Zone):
            break
        zone = above
    return zone


def _below(zone: Zone, context: ReactionContext) -> Iterator[str]:
    """The zones below one, each before those below it are looked up."""
    for child in zone.children:
        yield child
        below = context.other(zones, child)
        if isinstance(below, Zone):
            yield from _below(below, context)
