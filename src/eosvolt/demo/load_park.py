"""A large park for load tests: locations all over a country, each with chargers and cards of its own."""

from collections.abc import Iterator

import msgspec

from eosvolt.adapters.simulator.demo_park import DEMO, DemoCharger, DemoLocation, DemoPark, DemoToken
from eosvolt.adapters.simulator.drivers import PROFILES
from eosvolt.adapters.simulator.plans import ChargerPlan, PlugPlan

NAME = "Load test"
CARDS_PER_CHARGER = 10
# One location in this many is on a motorway and has fast chargers.
FAST_EVERY = 4
_SLOW = (PlugPlan(1, "iec62196T2", 22_000), PlugPlan(2, "iec62196T2", 22_000))
_FAST = (PlugPlan(1, "iec62196T2COMBO", 150_000), PlugPlan(2, "iec62196T2COMBO", 150_000))
_PROFILES = tuple(name for name in PROFILES if name != "motorway")


class LoadSize(msgspec.Struct, frozen=True):
    """How large the park is. Chargers are spread evenly over the locations; each has two plugs."""

    company: int
    owner: str
    locations: int
    chargers: int


def load_park(size: LoadSize, part: int = 0, parts: int = 1) -> DemoPark:
    """The park, or the part of it with every ``parts``-th location from ``part`` on. Parts share nothing."""
    places = range(part, size.locations, parts)
    chargers = tuple(each for place in places for each in _chargers(size, place))
    return DemoPark(
        company=size.company,
        name=NAME,
        owner=size.owner,
        owner_name=NAME,
        locations=tuple(_location(place) for place in places),
        chargers=chargers,
        tokens=tuple(token for each in chargers for token in _cards(each)),
    )


def _location(place: int) -> DemoLocation:
    """Places lie on a grid over Germany and have the demo's tariffs in turn."""
    like = DEMO.locations[place % len(DEMO.locations)]
    row, column = divmod(place, 20)
    return DemoLocation(
        _name(place),
        f"Hauptstraße {place + 1}, {10_000 + place} Musterstadt",
        round(47.5 + row % 12 * 0.6, 4),
        round(6.5 + column * 0.4, 4),
        like.tariff,
    )


def _chargers(size: LoadSize, place: int) -> Iterator[DemoCharger]:
    tariff = DEMO.locations[place % len(DEMO.locations)].tariff
    fast = place % FAST_EVERY == 0
    for number in range(place, size.chargers, size.locations):
        plan = ChargerPlan(
            company=size.company,
            charge_box_id=f"LOAD-{number + 1:05}",
            plugs=_FAST if fast else _SLOW,
            profile="motorway" if fast else _PROFILES[place % len(_PROFILES)],
            time_zone=tariff.time_zone,
            idle_minutes=tariff.blocking_fee.interval_minutes if tariff.blocking_fee else None,
        )
        yield DemoCharger(_name(place), plan)


def _cards(charger: DemoCharger) -> Iterator[DemoToken]:
    box = charger.plan.charge_box_id
    number = int(box.rpartition("-")[2])
    for card in range(CARDS_PER_CHARGER):
        yield DemoToken(f"{number:06X}{card:02X}", f"Driver {number}-{card + 1}")


def _name(place: int) -> str:
    return f"Location {place + 1:03}"
