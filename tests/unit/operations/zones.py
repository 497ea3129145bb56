"""A zone with a charger: examples of the operations on zones, and the requests that run them."""

from msgspec.structs import replace

from eosvolt.application.operations import zones
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.zones import (
    NewZoneInput,
    ZoneById,
    ZoneChangeInput,
    ZoneChargerInput,
    ZoneChargerPut,
    ZoneChargerRemoval,
    ZoneReadingInput,
)
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.zones.values import ChargingPriority, MeterReading, PlugWiring, ZoneSettings
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, MORNING
from tests.unit.operations.charging import BY_CHARGER, OWNER, a_charger
from tests.unit.operations.permission_example import Example
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

ZONE = "z1"
SETTINGS = ZoneSettings(
    name="Garage", capacity_w=100_000, time_zone="Europe/Berlin", buffer_percent=10, fallback_ma=6_000
)
A_ZONE = NewZoneInput(zone=ZONE, settings=SETTINGS, chargers=(ZoneChargerInput(charger=CHARGE_BOX_ID),))
PLUGS = (PlugWiring(plug=1, rotation=(2, 3, 1)), PlugWiring(plug=2, phases=1, max_ma=16_000))
PREFERRED = ZoneChargerInput(charger=CHARGE_BOX_ID, plugs=PLUGS, priority=ChargingPriority.FIRST)
READING = MeterReading(at=MORNING, power_w=20_000)


async def a_steerable_charger(site: Site) -> None:
    """A charger that has told that it supports smart charging."""
    await a_charger(site)
    told = ConfigurationReported(
        at=site.clock.now(), settings=(Setting("SupportedFeatureProfiles", "Core,SmartCharging"),)
    )
    await site.application.execute(maintenance, CHARGE_POINT, RecordDeviceEvent(event=told), BY_CHARGER)


async def a_zone(site: Site) -> None:
    await a_steerable_charger(site)
    await site.operations.run(zones.create, OWNER, A_ZONE)


async def a_zone_that_is_on(site: Site) -> None:
    await a_zone(site)
    await site.operations.run(zones.enable, OWNER, ZoneById(zone=ZONE))


def smaller(settings: ZoneSettings) -> ZoneSettings:
    return replace(settings, capacity_w=80_000)


EXAMPLES_OF_ZONES: dict[str, Example] = {
    "zones.create": Example(a_steerable_charger, A_ZONE, elsewhere=InvalidValue),
    "zones.change": Example(a_zone, ZoneChangeInput(zone=ZONE, changed=smaller)),
    "zones.put_charger": Example(a_zone, ZoneChargerPut(zone=ZONE, charger=PREFERRED)),
    "zones.remove_charger": Example(a_zone, ZoneChargerRemoval(zone=ZONE, charger=CHARGE_BOX_ID)),
    "zones.enable": Example(a_zone, ZoneById(zone=ZONE)),
    "zones.disable": Example(a_zone_that_is_on, ZoneById(zone=ZONE)),
    "zones.meter": Example(a_zone, ZoneReadingInput(zone=ZONE, reading=READING)),
    "zones.remove": Example(a_zone, ZoneById(zone=ZONE)),
}

_FORM: dict[str, object] = {
    "name": "Garage",
    "meterNumber": "",
    "distribution": "dynamic",
    "timeZone": "Europe/Berlin",
    "parent": "",
    "capacity": "100",
    "buffer": "10",
    "minimum": "",
    "line1": "",
    "line2": "",
    "line3": "",
    "fallback": "6",
    "siteMeter": "none",
    "includes": "yes",
    "unmanaged": "",
    "worstCase": "",
    "firstTokens": "",
}
_API = {
    "name": "Garage",
    "capacityKw": 100,
    "bufferPercent": "10",
    "fallbackA": 6,
    "timeZone": "Europe/Berlin",
    "chargers": [CHARGE_BOX_ID],
}
_WIRING = [
    {"number": 1, "phases": 3, "rotation": [2, 3, 1], "maxA": 32},
    {"number": 2, "phases": 1, "maxA": 16},
]
WAYS_OF_ZONES: dict[str, list[Ways]] = {
    "zones.create": [
        Ways(
            ("POST", "/zones", _API),
            ("/zones/new", _FORM | {"step": "review", "charger": CHARGE_BOX_ID}),
            a_steerable_charger,
        )
    ],
    "zones.change": [
        Ways(
            ("PATCH", f"/zones/{ZONE}", {"capacityKw": 80}),
            (f"/zones/{ZONE}/edit", _FORM | {"capacity": "80", "version": "2"}),
            a_zone,
        ),
        Ways(
            ("PATCH", f"/zones/{ZONE}", {"firstTokens": ["A1", "B2"]}),
            (f"/zones/{ZONE}/edit", _FORM | {"firstTokens": "A1\r\nB2", "version": "2"}),
            a_zone,
        ),
        Ways(
            ("PATCH", f"/zones/{ZONE}", {"chargers": []}),
            (f"/zones/{ZONE}/chargers", {"version": "2"}),
            a_zone,
        ),
    ],
    "zones.put_charger": [
        Ways(
            (
                "POST",
                f"/zones/{ZONE}/chargers",
                {"chargeBoxId": CHARGE_BOX_ID, "priority": "first", "plugs": _WIRING},
            ),
            (
                f"/zones/{ZONE}/chargers/{CHARGE_BOX_ID}",
                {
                    "priority": "first",
                    "number": ["1", "2"],
                    "phases": ["3", "1"],
                    "rotation": ["2 3 1", ""],
                    "most": ["32", "16"],
                },
            ),
            a_zone,
        )
    ],
    "zones.remove_charger": [
        Ways(
            ("DELETE", f"/zones/{ZONE}/chargers/{CHARGE_BOX_ID}", None),
            (f"/zones/{ZONE}/chargers/{CHARGE_BOX_ID}/remove", {}),
            a_zone,
        )
    ],
    "zones.enable": [Ways(("POST", f"/zones/{ZONE}/enable", None), (f"/zones/{ZONE}/enable", {}), a_zone)],
    "zones.disable": [
        Ways(("POST", f"/zones/{ZONE}/disable", None), (f"/zones/{ZONE}/disable", {}), a_zone_that_is_on)
    ],
    "zones.meter": [
        Ways(("POST", f"/zones/{ZONE}/meter", {"at": "2026-11-21T09:00:00Z", "powerW": 20_000}), None, a_zone)
    ],
    "zones.remove": [
        Ways(("DELETE", f"/zones/{ZONE}", None), (f"/zones/{ZONE}/remove", {"name": "Garage"}), a_zone)
    ],
}
