"""Loads trees of zones, and says which chargers can be chosen for a zone and why others cannot."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from eosvolt.application.executor import Application
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.zones.capacity import LINES, VOLTS
from eosvolt.domain.zones.decider import Zone, zones
from eosvolt.domain.zones.limits import LEAST_MA, STEP_MA
from eosvolt.domain.zones.tree import ZoneTree
from eosvolt.domain.zones.values import PlugWiring

# Plugs up to this power may be connected to one line only.
ONE_PHASE_W = 7_400
# What plugs really deliver where their power is stated roundly (22 kW for 32 A).
_USUAL_MA = (16_000, 32_000, 63_000)
_UNSTATED_MA = 32_000
# The configuration keys that tell it, in lower case.
PROFILES, UNITS = "supportedfeatureprofiles", "chargingscheduleallowedchargingrateunit"


class NotChoosable(StrEnum):
    """Why a charger cannot be chosen for a zone."""

    UNKNOWN = "unknown"
    """Its settings were never read, so nobody knows whether it supports smart charging."""
    UNSUPPORTED = "unsupported"
    """Its settings say that it does not support smart charging."""
    WATTS_ONLY = "wattsOnly"
    """It takes limits in watts only, which a car on one phase would take for too many amperes."""
    OTHER_ZONE = "otherZone"
    """It is in another zone."""
    REMOVED = "removed"
    """There is no such charger any more."""


class ChargerChoice(NamedTuple):
    """A charger, how its plugs are taken to be wired, the zone it is in, and why it cannot be chosen."""

    charge_point: str
    charge_box_id: str
    location: str
    plugs: Sequence[PlugWiring]
    zone: str = ""
    why_not: NotChoosable | None = None


async def zone_tree(application: Application, zone: str) -> ZoneTree | None:
    """The tree to which a zone belongs, from its root; ``None`` if there is no such zone."""
    root = await _zone(application, zone)
    if root is None:
        return None
    seen = {zone}
    while root.settings.parent and root.settings.parent not in seen:
        above = await _zone(application, root.settings.parent)
        if above is None:
            break
        seen.add(root.settings.parent)
        root = above
    found = {root.zone: root}
    waiting = list(root.children)
    while waiting:
        name = waiting.pop(0)
        below = None if name in found else await _zone(application, name)
        if below is not None:
            found[name] = below
            waiting += below.children
    return ZoneTree(root.zone, found)


async def charger_choice(application: Application, charge_point: str, zone: str = "") -> ChargerChoice:
    """Whether a charger can be chosen for ``zone``, empty for a new one."""
    state = known(await application.state(charge_points, charge_point))
    box = charge_point.partition("/")[2]
    if state is None:
        return ChargerChoice(charge_point, box, "", (), why_not=NotChoosable.REMOVED)
    balanced = await application.state(smart_charging, charge_point)
    present = balanced.zone if isinstance(balanced, SmartCharging) else ""
    upkeep = await application.state(maintenance, charge_point)
    why_not: NotChoosable | None = None
    if present and present != zone:
        why_not = NotChoosable.OTHER_ZONE
    elif present != zone or not zone:
        keys = upkeep.settings.keys
        why_not = why_unsupported(_told(keys.get(PROFILES)), _told(keys.get(UNITS)))
    wired = balanced.plugs if isinstance(balanced, SmartCharging) and present else wiring_of(state)
    return ChargerChoice(charge_point, box, state.location, wired, present, why_not)


async def charger_choices(
    application: Application, charge_points_asked: Sequence[str], zone: str = ""
) -> Sequence[ChargerChoice]:
    """The same for many chargers, by their keys; their streams are read together."""
    for decider in (charge_points, smart_charging, maintenance):
        await application.recall(decider, charge_points_asked)
    return [await charger_choice(application, key, zone) for key in charge_points_asked]


def wiring_of(charger: Registered) -> tuple[PlugWiring, ...]:
    """How the plugs of a charger are taken to be wired as long as nobody says: on lines unknown."""
    described = {spec.number: spec for spec in charger.connectors}
    return wiring_of_plugs([described.get(number, ConnectorSpec(number)) for number in charger.numbers()])


def wiring_of_plugs(specs: Sequence[ConnectorSpec]) -> tuple[PlugWiring, ...]:
    """How plugs are taken to be wired as long as nobody says."""
    return tuple(map(_wiring, specs))


def _wiring(spec: ConnectorSpec) -> PlugWiring:
    watts = spec.max_power_w
    if watts <= 0:
        return PlugWiring(plug=spec.number, phases=LINES, max_ma=_UNSTATED_MA)
    phases = 1 if watts <= ONE_PHASE_W else LINES
    exact = -(-watts * 1000 // (VOLTS * phases))
    stated = -(-exact // STEP_MA) * STEP_MA
    usual = next((each for each in _USUAL_MA if abs(each - exact) * 100 <= each), stated)
    return PlugWiring(plug=spec.number, phases=phases, max_ma=max(usual, LEAST_MA))


def why_unsupported(profiles: str | None, units: str | None) -> NotChoosable | None:
    """Why a charger with these settings cannot be limited; ``None`` if it can.

    ``profiles`` is the value of ``SupportedFeatureProfiles``, ``units`` that of
    ``ChargingScheduleAllowedChargingRateUnit``; ``None``: the charger has not told it.
    """
    if profiles is None:
        return NotChoosable.UNKNOWN
    named = {each.strip().casefold() for each in profiles.split(",")}
    if "smartcharging" not in named:
        return NotChoosable.UNSUPPORTED
    if not units:
        return None
    # OCPP 1.6 §9.4.2: Current and Power; some chargers write A and W.
    told = {each.strip().casefold() for each in units.split(",")}
    return None if told & {"current", "a", "amp", "amps"} else NotChoosable.WATTS_ONLY


def _told(setting: Setting | None) -> str | None:
    return None if setting is None else setting.value


async def _zone(application: Application, zone: str) -> Zone | None:
    state = await application.state(zones, zone)
    return state if isinstance(state, Zone) and not state.removed else None
