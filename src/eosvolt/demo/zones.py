"""The load balancing zones of the demo: one that is on, and one of an office that was never turned on."""

from datetime import datetime, time

from eosvolt.adapters.simulator.configuration import Configuration
from eosvolt.adapters.simulator.demo_park import DEMO
from eosvolt.application.actor import Actor
from eosvolt.application.executor import Application
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.zones import (
    NewZoneInput,
    ZoneById,
    ZoneChargerInput,
    create,
    enable,
)
from eosvolt.demo.contents import WHY
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.zones.values import (
    CapacityWindow,
    ChargingPriority,
    Distribution,
    PlugWiring,
    SiteMeter,
    ZoneSettings,
)

SQUARE, OFFICE = "demo-zone-square", "demo-zone-office"
ON_THE_SQUARE = ("LEJ-AUG-01", "LEJ-AUG-02", "LEJ-AUG-03")
AT_THE_OFFICE = ("BER-WSE-01", "BER-WSE-02", "BER-WSE-03")
# Electricians turn the phases from plug to plug, so that one-phase cars spread over the lines.
_ROTATIONS = ((1, 2, 3), (2, 3, 1), (3, 1, 2))
_PROFILES = "SupportedFeatureProfiles"
_AMPERES = {22_000: 32_000, 11_000: 16_000}


async def describe_zones(
    application: Application, operations: Operations, owner: Actor, now: datetime
) -> None:
    """Create the zones as the operator would. What their chargers draw is kept from then on."""
    for box in (*ON_THE_SQUARE, *AT_THE_OFFICE):
        told = ConfigurationReported(
            at=now, settings=(Setting(_PROFILES, Configuration().keys[_PROFILES].value, readonly=True),)
        )
        await application.execute(maintenance, DEMO.plans[box].key, RecordDeviceEvent(event=told), WHY)
    for zone, settings, boxes in (
        (SQUARE, _square(), ON_THE_SQUARE),
        (OFFICE, _office(), AT_THE_OFFICE),
    ):
        chargers = tuple(_charger(box, at) for at, box in enumerate(boxes))
        await operations.run(create, owner, NewZoneInput(zone=zone, settings=settings, chargers=chargers))


async def turn_on(operations: Operations, owner: Actor) -> None:
    """Let the first zone set limits from now on."""
    await operations.run(enable, owner, ZoneById(zone=SQUARE))


def _square() -> ZoneSettings:
    return ZoneSettings(
        name="Augustusplatz, grid connection",
        meter_number="1EMH0012345678",
        capacity_w=50_000,
        buffer_percent=10,
        time_zone="Europe/Berlin",
        distribution=Distribution.DYNAMIC,
        fallback_ma=6_000,
    )


def _office() -> ZoneSettings:
    return ZoneSettings(
        name="Bürohaus, car park",
        capacity_w=44_000,
        buffer_percent=5,
        time_zone="Europe/Berlin",
        distribution=Distribution.SEQUENTIAL,
        site_meter=SiteMeter.EXTERNAL,
        worst_case_w=20_000,
        schedule=(CapacityWindow(time(16), time(20), 30_000),),
    )


def _charger(box: str, at: int) -> ZoneChargerInput:
    plugs = tuple(
        PlugWiring(
            plug=plug.number,
            rotation=_ROTATIONS[(at + plug.number) % len(_ROTATIONS)],
            max_ma=_AMPERES[plug.max_power_w],
        )
        for plug in DEMO.plans[box].plugs
    )
    priority = ChargingPriority.NORMAL if at else ChargingPriority.FIRST
    return ZoneChargerInput(charger=box, plugs=plugs, priority=priority)
