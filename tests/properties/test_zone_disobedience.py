"""Random histories of a zone with chargers that disobey: what they draw too much is made up for in seconds.

Beside all that befalls commands and chargers, some ignore their limits, obey late, or give more than they
confirmed; meters fall silent. Limits alone never add up to more than the zone can use, so whoever obeys never
makes it exceed. What somebody draws beyond is counted, and others give it up within 10 s after the last one
began to do so, unless nobody is left who can be told. It opens one fault, which is over once the limit is
kept again, or has ended.
"""

import asyncio
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.domain.faults.events import FaultOpened, FaultRecovered
from eosvolt.domain.load_balancing.demand import tolerated_ma
from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug
from eosvolt.domain.reactions.load_balancing import LIMIT_EXCEEDED
from eosvolt.domain.smart_charging.events import LimitExceeded, LimitKept
from eosvolt.domain.zones.capacity import smallest_usable_ma
from eosvolt.domain.zones.tree import lines_of
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings
from tests.hypothesis_profiles import share
from tests.properties.test_zone_histories import CALM_SECONDS, a_park, keeps_the_pace, something_happens
from tests.zone_chargers import Car, Disobedience, SimCharger, SimPlug, a_charger
from tests.zone_park import ZONE, ZonePark

SECONDS, LONGEST_EXCESS_S = 150, 10


class Watch:
    """What is known of a history beside its events.

    Since when each charger was neither away nor left any limit in doubt, and how long too much is drawn.
    """

    def __init__(self, park: ZonePark, random: Random, usable: tuple[int, int, int]) -> None:
        self._park, self._random, self._usable = park, random, usable
        self._undisturbed_s = dict.fromkeys(park.chargers, 0)
        self._excess_s = 0
        self._exceeding: frozenset[tuple[str, int]] = frozenset()
        self._speaks = True

    async def goes_on(self) -> None:
        """One second passes, with measurements at its end."""
        for charger in self._park.chargers.values():
            charger.remembers(self._park.clock.now())
        await self._park.moves()
        if self._speaks:
            for charger in self._park.chargers.values():
                await self._park.meters(charger)
            await self._park.catches_up()
        for charger in self._park.chargers.values():
            disturbed = not self._speaks or await self._is_disturbed(charger)
            self._undisturbed_s[charger.key] = 0 if disturbed else self._undisturbed_s[charger.key] + 1

    async def _is_disturbed(self, charger: SimCharger) -> bool:
        limits = (await self._park.state(charger)).limits.values()
        failed = any(each.refusals or any(one.over for one in each.outstanding) for each in limits)
        return failed or not charger.online or bool(charger.mishaps or charger.inbox)

    def disobeys(self) -> None:
        charger = self._random.choice(list(self._park.chargers.values()))
        charger.disobedience = self._random.choice(list(Disobedience))

    def falls_silent(self) -> None:
        """All meters fall silent, or speak again."""
        self._speaks = not self._speaks

    async def nothing_exceeds(self) -> None:
        await self._limits_fit()
        known = await self._known_ma()
        over = [
            line
            for line in range(3)
            if known[line] > self._usable[line] + self._tolerated(line) and await self._could_be_lowered(line)
        ]
        # Who joins those that draw too much has not been made up for yet.
        before, self._exceeding = self._exceeding, self._draw_too_much()
        self._excess_s = self._excess_s + 1 if over and self._exceeding <= before else 0
        assert self._excess_s <= LONGEST_EXCESS_S, f"{known} of {self._usable}"

    def _draw_too_much(self) -> frozenset[tuple[str, int]]:
        """The plugs that draw more than their limits."""
        now = self._park.clock.now()
        return frozenset(
            (charger.key, number)
            for charger in self._park.chargers.values()
            for number, plug in charger.plugs.items()
            if charger.draws_ma(plug, now) > tolerated_ma(charger.limit_ma(plug, now))
        )

    async def _known_ma(self) -> list[int]:
        """What is drawn on each line, as far as it can be known: not of whoever is away more than counts."""
        now, together = self._park.clock.now(), [0, 0, 0]
        for charger, plug, counted in await self._park.counted():
            for line, drawn in enumerate(charger.on_lines(plug, now)):
                together[line] += drawn if self._can_be_told(charger) else min(drawn, counted)
        return together

    def _can_be_told(self, charger: SimCharger) -> bool:
        return self._undisturbed_s[charger.key] > LONGEST_EXCESS_S

    async def _limits_fit(self) -> None:
        together = [0, 0, 0]
        for charger in self._park.chargers.values():
            state = await self._park.state(charger)
            for plug in charger.plugs.values():
                known = BalancedCharger(ZONE, charger.key, state, ())
                assumed = known.assumed_ma(BalancedPlug(plug.wiring))
                assert charger.limit_ma(plug, self._park.clock.now()) <= assumed
                for line in lines_of(plug.wiring):
                    together[line] += assumed
        assert all(a <= b for a, b in zip(together, self._usable, strict=True)), together

    def _tolerated(self, line: int) -> int:
        """Measurements may be off: so much of what those take who disobey is not seen."""
        now = self._park.clock.now()
        return sum(
            tolerated_ma(charger.draws_ma(plug, now)) - charger.draws_ma(plug, now)
            for charger, plug in self._plugs(line)
            if charger.disobedience is not Disobedience.NONE
        )

    async def _could_be_lowered(self, line: int) -> bool:
        """Whether somebody on a line obeys and draws more than the fallback."""
        now, fallback = self._park.clock.now(), (await self._park.zone()).settings.fallback_ma
        return any(
            charger.draws_ma(plug, now) > fallback
            for charger, plug in self._plugs(line)
            if charger.disobedience is Disobedience.NONE and self._can_be_told(charger)
        )

    def _plugs(self, line: int) -> list[tuple[SimCharger, SimPlug]]:
        return [
            (charger, plug)
            for charger in self._park.chargers.values()
            for plug in charger.plugs.values()
            if line in lines_of(plug.wiring)
        ]

    async def all_obey(self) -> None:
        """Everybody obeys again: limits come to rest, and no fault stays open."""
        self._speaks = True
        for charger in self._park.chargers.values():
            charger.mishaps.clear()
            charger.disobedience = Disobedience.NONE
            if not charger.online:
                await self._park.arrives(charger)
        for _ in range(CALM_SECONDS):
            await self.goes_on()
            await self._limits_fit()
        assert all(a <= b for a, b in zip(self._park.drawn_ma(), self._usable, strict=True))
        self._faults_come_and_go()

    def _faults_come_and_go(self) -> None:
        for charger in self._park.chargers.values():
            for number in charger.plugs:
                found = [
                    type(each.event)
                    for each in self._park.store.facts
                    if isinstance(each.event, LimitExceeded | LimitKept)
                    and (each.event.charge_point, each.event.plug) == (charger.key, number)
                ]
                assert found == [LimitExceeded, LimitKept] * (len(found) // 2), (charger.key, number, found)
        facts = self._park.store.facts
        opened = [
            (fact.stream, fact.event.number)
            for fact in facts
            if isinstance(fact.event, FaultOpened) and fact.event.code == LIMIT_EXCEEDED
        ]
        over = {(fact.stream, fact.event.number) for fact in facts if isinstance(fact.event, FaultRecovered)}
        assert over.issuperset(opened), opened


async def a_history(seed: int) -> None:
    random = Random(seed)
    park, terms = random.choice([a_park, a_single_phase_park])(random)
    await park.opened(terms)
    watch = Watch(park, random, smallest_usable_ma(terms))
    # In half of the histories nothing befalls commands, chargers and meters.
    calm = random.random() < 0.5
    try:
        await park.moves(3)
        for _ in range(SECONDS):
            if random.random() < 0.05:
                watch.disobeys()
            if not calm and random.random() < 0.03:
                watch.falls_silent()
            if random.random() < 0.3:
                await (cars_move if calm else something_happens)(park, random)
            await watch.goes_on()
            await watch.nothing_exceeds()
        await watch.all_obey()
        keeps_the_pace(park)
    finally:
        await park.stops()


def a_single_phase_park(random: Random) -> tuple[ZonePark, ZoneSettings]:
    """Chargers on single lines, where another phase is one that others rely on."""
    wirings = [PlugWiring(plug=1, phases=1, rotation=(1 + n % 3,), max_ma=32_000) for n in range(4)]
    terms = ZoneSettings(
        name="Garage", capacity_w=690 * random.randint(32, 50), time_zone="Europe/Berlin", fallback_ma=0
    )
    return ZonePark([a_charger(number, each) for number, each in enumerate(wirings, 1)]), terms


async def cars_move(park: ZonePark, random: Random) -> None:
    charger = random.choice(list(park.chargers.values()))
    number = random.choice(list(charger.plugs))
    plug = charger.plugs[number]
    match random.randrange(12):
        case 0 | 1 | 2 | 3 | 4 if plug.car is None:
            await park.plugs_in(charger, number, Car(32_000, random.randint(1, plug.wiring.phases)))
        case 5 if plug.car is not None:
            await park.unplugs(charger, number)
        case 6 if plug.car is not None:
            plug.car.phases = random.randint(1, plug.wiring.phases)
        case _:
            pass


@given(st.integers(0, 2**32))
@settings(max_examples=share(10))
def test_who_disobeys_is_made_up_for(seed: int) -> None:
    asyncio.run(a_history(seed), debug=False)
