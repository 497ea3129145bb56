"""Random histories of a zone: whatever happens to commands and chargers, its capacity is kept.

Cars come and go, change phases, sleep; commands are lost, late, slow, refused, repeated; chargers leave,
restart, and start sessions while they are away. At every second, on every line: no plug may draw more than it
counts with, and all together count with no more than the zone can use.
"""

import asyncio
from datetime import datetime
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.domain.load_balancing.balance import PACE
from eosvolt.domain.smart_charging.events import LimitAsked
from eosvolt.domain.zones.capacity import smallest_usable_ma
from eosvolt.domain.zones.tree import lines_of
from eosvolt.domain.zones.values import Distribution, PlugWiring, ZoneSettings
from tests.hypothesis_profiles import share
from tests.zone_chargers import Car, Mishap, SimCharger, SimPlug, a_charger
from tests.zone_park import ZonePark

ROTATIONS = ((1, 2, 3), (2, 3, 1), (3, 1, 2))
MISHAPS = (*Mishap, Mishap.NONE, Mishap.NONE, Mishap.NONE)
SECONDS = 150
# Long enough for what was refused or lost last to be tried again.
CALM_SECONDS = 150


def a_park(random: Random) -> tuple[ZonePark, ZoneSettings]:
    chargers = []
    for number in range(1, random.randint(2, 5)):
        # The simulator reckons in watts, by one number of phases for a charger.
        phases = random.choice([1, 3, 3])
        plugs = [a_wiring(random, plug, phases) for plug in range(1, random.randint(2, 3))]
        chargers.append(a_charger(number, *plugs))
    count = sum(len(each.plugs) for each in chargers)
    fallback = random.choice([0, 0, 6_000])
    least = max(fallback * count // 1000, 8)
    terms = ZoneSettings(
        name="Garage",
        capacity_w=690 * random.randint(least + 1, least + 60),
        time_zone="Europe/Berlin",
        distribution=random.choice(list(Distribution)),
        minimum_session_w=random.choice([0, 0, 5_520]),
        unmanaged_w=random.choice([0, 690]),
        fallback_ma=fallback,
    )
    return ZonePark(chargers), terms


def a_wiring(random: Random, plug: int, phases: int) -> PlugWiring:
    rotation = random.choice(ROTATIONS)[:phases] if random.random() < 0.8 else ()
    return PlugWiring(plug=plug, phases=phases, rotation=rotation, max_ma=random.choice([16_000, 32_000]))


async def something_happens(park: ZonePark, random: Random) -> None:
    charger = random.choice(list(park.chargers.values()))
    number = random.choice(list(charger.plugs))
    plug = charger.plugs[number]
    match random.randrange(15):
        case 0 | 1 | 2 if plug.car is None:
            car = Car(random.choice([8_000, 16_000, 32_000]), random.randint(1, plug.wiring.phases))
            await park.plugs_in(charger, number, car)
        case 3 if plug.car is not None:
            await park.unplugs(charger, number)
        case 4 if charger.online:
            await park.leaves(charger)
        case 5 | 6 if not charger.online:
            await park.arrives(charger)
        case 7 if random.random() < 0.4:
            await park.reboots(charger)
        case 8 if plug.car is not None:
            plug.car.phases = random.randint(1, plug.wiring.phases)
        case 9 if plug.car is not None and charger.online:
            plug.car.asleep = not plug.car.asleep
            await park.reports(charger, number, "SuspendedEV" if plug.car.asleep else "Charging")
        case 10 | 11 | 12 | 13 | 14:
            charger.mishaps.append(random.choice(MISHAPS))
        case _:
            pass


async def keeps_its_capacity(park: ZonePark, usable: tuple[int, int, int]) -> None:
    now = park.clock.now()
    together = [0, 0, 0]
    for charger, plug, counted in await park.counted():
        offered = may_draw(charger, plug, park)
        assert offered <= counted, f"{charger.key}/{plug.wiring.plug} may draw {offered}, counts {counted}"
        for line in lines_of(plug.wiring):
            together[line] += counted
    assert all(a <= b for a, b in zip(together, usable, strict=True)), f"{together} of {usable} at {now}"
    assert all(a <= b for a, b in zip(park.drawn_ma(), usable, strict=True))


def may_draw(charger: SimCharger, plug: SimPlug, park: ZonePark) -> int:
    return charger.limit_ma(plug, park.clock.now())


def keeps_the_pace(park: ZonePark) -> None:
    """At most one command in 10 s that does not lower, beside the fallback."""
    asked: dict[str, datetime] = {}
    for event in park.events(LimitAsked):
        if event.lowers or not event.plug:
            continue
        last = asked.get(event.charge_point)
        assert last is None or event.at - last >= PACE, (last, event)
        asked[event.charge_point] = event.at


async def comes_to_rest(park: ZonePark) -> None:
    """Once nothing happens any more, every session has its share, confirmed."""
    for charger in park.chargers.values():
        charger.mishaps.clear()
        if not charger.online:
            await park.arrives(charger)
    await park.moves(CALM_SECONDS)
    before = len(park.events(LimitAsked))
    await park.moves(30)
    assert len(park.events(LimitAsked)) == before
    for charger in park.chargers.values():
        state = await park.state(charger)
        for plug, limit in state.limits.items():
            assert not limit.outstanding, (charger.key, plug, limit)


async def a_history(seed: int) -> None:
    random = Random(seed)
    park, terms = a_park(random)
    await park.opened(terms)
    await park.moves(3)
    usable = smallest_usable_ma(terms)
    try:
        for _ in range(SECONDS):
            if random.random() < 0.5:
                await something_happens(park, random)
            await park.moves()
            await keeps_its_capacity(park, usable)
        await comes_to_rest(park)
        await keeps_its_capacity(park, usable)
        keeps_the_pace(park)
    finally:
        await park.stops()


@given(st.integers(0, 2**32))
@settings(max_examples=share(10))
def test_no_history_exceeds_the_capacity(seed: int) -> None:
    asyncio.run(a_history(seed), debug=False)
