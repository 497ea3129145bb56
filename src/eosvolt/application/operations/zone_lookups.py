"""What operations on zones look up: chargers that are chosen, trees, places; and what they refuse."""

from collections.abc import Collection, Sequence

import msgspec

from eosvolt.application.operations.operation import InvalidValue, OperationContext
from eosvolt.application.permissions import NotThere
from eosvolt.application.zones import zone_tree
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope, Event, Rejected
from eosvolt.domain.locations.decider import Location, locations
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.zones.checks import check_fallback
from eosvolt.domain.zones.commands import AttachSubZone
from eosvolt.domain.zones.decider import Zone, zones
from eosvolt.domain.zones.events import (
    ZoneChanged,
    ZoneChargerAdded,
    ZoneChargerChanged,
    ZoneChargerRemoved,
    ZoneCreated,
)
from eosvolt.domain.zones.limits import MOST_LEVELS
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import ZoneSettings

_UTC = "UTC"
EDITIONS = (ZoneCreated, ZoneChanged, ZoneChargerAdded, ZoneChargerChanged, ZoneChargerRemoved)


async def check_fits(context: OperationContext, after: Zone) -> None:
    """Raise ``Rejected`` if a zone that is on could not hold the fallback of all plugs any more."""
    tree = await tree_of(context, after.zone)
    then = ZoneTree(tree.root, {**tree.zones, after.zone: after})
    if after.enabled:
        check_fallback(then.fallback_ma, then.largest_fallback_ma())


async def attached(context: OperationContext, zone: str, parent: str) -> CommandEnvelope:
    """What makes a zone a part of another one. Raises ``InvalidValue`` for one that it cannot be part of."""
    if not isinstance(await present(context, parent), Zone):
        raise InvalidValue("parent", "There is no such zone.")
    above, own = await tree_of(context, parent), await zone_tree(context.application, zone)
    chain = above.chain(parent)
    if zone in chain:
        raise InvalidValue("parent", "A zone cannot be a part of itself.")
    deepest = 1 if own is None else max(len(own.chain(name)) for name in own.zones)
    if len(chain) + deepest > MOST_LEVELS:
        raise InvalidValue("parent", f"At most {MOST_LEVELS} zones can be parts of each other.")
    if above.zones[above.root].enabled:
        raise Rejected("Turn the zone off before another one becomes a part of it.")
    return CommandEnvelope(zones, parent, AttachSubZone(child=zone, at=context.at))


async def with_time_zone(
    context: OperationContext, settings: ZoneSettings, chargers: Sequence[str]
) -> ZoneSettings:
    """Settings with a time zone: that of the first charger's location, or else the company's."""
    if settings.time_zone:
        return settings
    for place in await locations_of(context, [key_of(context, each) for each in chargers]):
        location = await context.state(locations, place)
        if isinstance(location, Location):
            return msgspec.structs.replace(settings, time_zone=location.tariff.time_zone)
    company = await context.state(companies, str(context.company))
    fiscal = company.preferences.fiscal_time_zone if isinstance(company, Company) else ""
    return msgspec.structs.replace(settings, time_zone=fiscal or _UTC)


async def tree_locations(context: OperationContext, zone: str) -> Collection[str]:
    """Where the chargers of a zone's tree stand; nowhere for a zone that is not there."""
    if not zone or await present(context, zone) is None:
        return ()
    tree = await tree_of(context, zone)
    return await locations_of(context, [charger.charge_point for _, charger in tree.chargers()])


async def locations_of(context: OperationContext, keys: Sequence[str]) -> Collection[str]:
    """Where chargers stand, each location once."""
    found = [known(await context.state(charge_points, key)) for key in keys]
    return list(dict.fromkeys(each.location for each in found if each is not None))


def is_edition(event: Event) -> bool:
    """Whether people changed a zone by this event."""
    return isinstance(event, EDITIONS)


async def recall_chargers(context: OperationContext, chargers: Sequence[str]) -> None:
    """Read what is asked of chargers that are chosen for a zone with a few queries."""
    for decider in (charge_points, smart_charging, maintenance):
        await context.application.recall(decider, [key_of(context, each) for each in chargers])


async def root_tree(context: OperationContext, zone: str) -> ZoneTree:
    """The tree of a zone that is no part of another one. Raises ``Rejected`` for one that is."""
    await known_zone(context, zone)
    tree = await tree_of(context, zone)
    if tree.root != zone:
        raise Rejected("This zone is a part of another one: turn that one on or off.")
    return tree


async def tree_of(context: OperationContext, zone: str) -> ZoneTree:
    """The tree to which a zone belongs. Raises ``NotThere``."""
    tree = await zone_tree(context.application, zone)
    if tree is None:
        raise NotThere
    return tree


async def present(context: OperationContext, zone: str) -> Zone | None:
    """A zone of the company; ``None`` if there is none, or no more."""
    state = await context.state(zones, zone)
    return state if isinstance(state, Zone) and not state.removed else None


async def known_zone(context: OperationContext, zone: str) -> Zone:
    """The same. Raises ``NotThere``."""
    state = await present(context, zone)
    if state is None:
        raise NotThere
    return state


def key_of(context: OperationContext, charger: str) -> str:
    """The key of a charger of the company."""
    return f"{context.company}/{charger}"
