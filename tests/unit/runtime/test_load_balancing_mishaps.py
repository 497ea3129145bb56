"""The loop of a zone when chargers are away, refuse, do not answer, or do not keep their limits."""

import asyncio

import pytest

from eosvolt.application.executor import Application
from eosvolt.application.limit_upkeep import LimitUpkeep
from eosvolt.application.load_balancing import LoadBalancing
from eosvolt.application.measurements import MeasuredPlugs
from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import ZoneById
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.smart_charging.events import LimitExceeded, LimitKept
from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.domain.zones.values import LimitReason, PlugWiring
from tests.zone_chargers import Car, Mishap, a_charger
from tests.zone_examples import a_park, changes, chargers, last_decision, limits, settings
from tests.zone_park import OWNER, ZONE, ZonePark


async def test_an_unanswered_lower_counts_with_the_old_limit() -> None:
    park = await a_park(chargers(2, 32_000), settings(32), cars=1)
    park.chargers["242/CP-1"].mishaps.append(Mishap.LOST)
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    for _ in range(30):
        await park.moves()
        assert all(current <= 32_000 for current in park.drawn_ma())
        assert await limits(park) == [32_000, None]
    await park.moves(15)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_refused_lower_is_made_up_for_by_others() -> None:
    park = await a_park(chargers(2, 32_000), settings(64), cars=2)
    assert await limits(park) == [32_000, 32_000]
    park.chargers["242/CP-1"].mishaps += [Mishap.REFUSED] * 3
    await changes(park, capacity_w=690 * 40)
    await park.moves(4)
    # The first cannot be lowered, so the second has what is left.
    assert await limits(park) == [32_000, 8_000]
    await park.moves(60)
    assert await limits(park) == [20_000, 20_000]
    await park.stops()


async def test_a_charger_that_is_away_keeps_its_share() -> None:
    park = await a_park(chargers(2, 32_000), settings(32), cars=1)
    await park.leaves(park.chargers["242/CP-1"])
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    await park.moves(20)
    assert await limits(park) == [32_000, None]
    assert LimitReason.OFFLINE in {each.reason for each in last_decision(park).reserved}
    await park.arrives(park.chargers["242/CP-1"])
    await park.moves(12)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_charger_that_refuses_all_limits_counts_with_all_it_can_deliver() -> None:
    each = chargers(2)
    each[0].refuses_all = True
    park = await a_park(each, settings(24), cars=0)
    for charger in each:
        await park.plugs_in(charger, 1, Car(32_000, 3))
        await park.moves(15)
    assert await limits(park) == [None, 8_000]
    assert all(current <= 24_000 for current in park.drawn_ma())
    assert [each.reason for each in last_decision(park).reserved] == [LimitReason.UNCONTROLLABLE]
    await park.stops()


async def test_an_ignored_limit_is_seen_and_made_up_for_within_ten_seconds() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(40), cars=2)
    assert await limits(park) == [20_000, 20_000]
    await park.moves(10)
    each[0].disobedient = True
    for _ in range(10):
        await park.moves()
        for charger in each:
            await park.meters(charger)
    await park.catches_up()
    assert park.drawn_ma() == [40_000] * 3
    assert await park.limit_of(each[1], 1) == 8_000
    assert len(park.events(LimitExceeded)) == len(park.events(FaultOpened)) == 1
    each[0].disobedient = False
    for _ in range(15):
        await park.moves()
        for charger in each:
            await park.meters(charger)
    assert len(park.events(LimitKept)) == len(park.events(FaultRecovered)) == 1
    assert await limits(park) == [20_000, 20_000]
    await park.stops()


async def test_a_plug_with_more_phases_than_it_is_said_to_have_counts_on_all_lines() -> None:
    each = [
        a_charger(number, PlugWiring(plug=1, phases=1, rotation=(number,), max_ma=32_000))
        for number in (1, 2)
    ]
    each[0].plugs[1].lines = (0, 1, 2)
    park = await a_park(each, settings(32), cars=2)
    assert await limits(park) == [32_000, 32_000]
    assert park.drawn_ma() == [32_000, 64_000, 32_000]
    for _ in range(10):
        await park.moves()
        for charger in each:
            await park.meters(charger)
    assert await limits(park) == [16_000, 16_000]
    assert park.drawn_ma() == [16_000, 32_000, 16_000]
    await park.stops()


async def test_a_charger_that_ignores_the_fallback_is_limited_as_soon_as_it_is_measured() -> None:
    each = chargers(2, 32_000)
    each[1].ignores_default = True
    park = await a_park(each, settings(32), cars=1)
    await park.plugs_in(each[1], 1, Car(32_000, 3))
    for _ in range(20):
        await park.moves()
        for charger in each:
            await park.meters(charger)
    assert await limits(park) == [16_000, 16_000]
    assert park.drawn_ma() == [32_000] * 3
    await park.stops()


async def test_a_higher_fallback_waits_until_it_has_room_and_a_lower_one_does_not() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(32), cars=1)
    assert await limits(park) == [32_000, None]
    await changes(park, fallback_ma=6_000)
    for _ in range(5):
        await park.moves()
        counted = [ma for _, _, ma in await park.counted()]
        assert sum(counted) <= 32_000
    assert await limits(park) == [26_000, None]
    assert [await park.limit_of(charger, 0) for charger in each] == [6_000, 6_000]
    await changes(park, fallback_ma=0)
    await park.moves(2)
    assert [await park.limit_of(charger, 0) for charger in each] == [0, 0]
    await park.moves(20)
    assert await limits(park) == [32_000, None]
    await park.stops()


async def test_a_fallback_that_would_not_fit_is_refused_while_the_zone_is_on() -> None:
    park = await a_park(chargers(5), settings(32), cars=0)
    with pytest.raises(Rejected, match=r"at most 6\.4 A fits"):
        await changes(park, fallback_ma=7_000)
    with pytest.raises(Rejected, match=r"at most 0 A fits"):
        await changes(park, fallback_ma=6_000, capacity_w=20_000)
    await park.stops()


def a_worker(park: ZonePark) -> LoadBalancing:
    """Another process that decides by the same history."""
    application = Application(park.store, new_turn=asyncio.Lock)
    upkeep = LimitUpkeep(application, park.clock, park.new_id)
    return LoadBalancing(application, park.clock, upkeep, MeasuredPlugs())


async def test_of_two_decisions_that_are_made_at_once_one_is_made_again() -> None:
    park = await a_park(chargers(2, 32_000), settings(32), cars=1)
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    decided = len(park.events(ZoneDecided))
    await asyncio.gather(*(a_worker(park).decide(ZONE) for _ in range(3)))
    assert len(park.events(ZoneDecided)) == decided + 1
    await park.moves(5)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_refused_lower_is_asked_for_again_however_little_it_is() -> None:
    park = await a_park(chargers(15), settings(90), cars=14)
    assert await limits(park) == [*[6_400] * 14, None]
    park.chargers["242/CP-1"].mishaps = [Mishap.REFUSED]
    await park.plugs_in(park.chargers["242/CP-15"], 1, Car(32_000, 3))
    await park.moves(30)
    assert await limits(park) == [6_000] * 15
    await park.stops()


async def test_a_session_that_is_older_than_the_fallback_has_a_limit_of_its_own() -> None:
    """Whether the fallback holds for it as well is up to its charger, which may give it nothing."""
    each = chargers(1)
    park = await ZonePark(each).opened(settings(35), enabled=False)
    await park.plugs_in(each[0], 1, Car(16_000, 3))
    await park.moves(2)
    assert await limits(park) == [None]
    await park.operations.run(operations.enable, OWNER, ZoneById(zone=ZONE))
    await park.moves(12)
    assert await limits(park) == [16_000]
    assert park.drawn_ma() == [16_000] * 3
    await park.stops()


async def test_a_charger_that_is_lowered_again_and_again_does_not_hide_that_it_follows_none_of_it() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(64), cars=2)
    each[0].disobedient = True
    for amperes in (56, 48, 40, 32):
        await changes(park, capacity_w=690 * amperes)
        for _ in range(4):
            await park.moves()
            for charger in each:
                await park.meters(charger)
    assert len(park.events(LimitExceeded)) == 1
    await park.stops()
