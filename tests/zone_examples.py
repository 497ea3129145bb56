"""Zones in tests: settings, parks, and what came of them."""

from typing import Any

from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import ZoneChangeInput, ZoneReadingInput
from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.domain.zones.values import (
    MeterReading,
    PlugWiring,
    ZoneSettings,
)
from tests.zone_chargers import Car, SimCharger, a_charger
from tests.zone_park import OWNER, ZONE, ZonePark

ROTATED = ((1, 2, 3), (2, 3, 1), (3, 1, 2))


def settings(amperes: int, **more: Any) -> ZoneSettings:
    return ZoneSettings(name="Garage", capacity_w=690 * amperes, time_zone="Europe/Berlin", **more)


def chargers(count: int, most_ma: int = 16_000) -> list[SimCharger]:
    return [
        a_charger(number, PlugWiring(plug=1, rotation=ROTATED[number % 3], max_ma=most_ma))
        for number in range(1, count + 1)
    ]


async def a_park(each: list[SimCharger], terms: ZoneSettings, cars: int = 0) -> ZonePark:
    """Chargers in a zone that is on, a car on each of the first."""
    park = await ZonePark(each).opened(terms)
    await park.moves(2)
    for charger in each[:cars]:
        await park.plugs_in(charger, 1, Car(32_000, 3))
        await park.moves(15)
    return park


async def limits(park: ZonePark) -> list[int | None]:
    return [await park.limit_of(charger, 1) for charger in park.chargers.values()]


def last_decision(park: ZonePark) -> ZoneDecided:
    return park.events(ZoneDecided)[-1]


async def changes(park: ZonePark, **terms: Any) -> None:
    def changed(before: ZoneSettings) -> ZoneSettings:
        return ZoneSettings(**{name: getattr(before, name) for name in before.__struct_fields__} | terms)

    await park.operations.run(operations.change, OWNER, ZoneChangeInput(zone=ZONE, changed=changed))


def car_on(charger: SimCharger) -> Car:
    car = charger.plugs[1].car
    assert car is not None
    return car


async def meters_site(park: ZonePark, power_w: int) -> None:
    await park.moves()
    reading = MeterReading(at=park.clock.now(), power_w=power_w)
    await park.operations.run(operations.meter, OWNER, ZoneReadingInput(zone=ZONE, reading=reading))
