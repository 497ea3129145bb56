"""What a charger of a zone is sent after it has booted, when it may have forgotten its limits."""

from eosvolt.domain.load_balancing.balance import PACE
from eosvolt.domain.smart_charging.events import LimitAsked
from tests.zone_chargers import Car
from tests.zone_examples import a_park, chargers, settings


async def test_a_booted_charger_gets_the_fallback_again() -> None:
    park = await a_park(chargers(1), settings(32, fallback_ma=6_000))
    before = len(park.events(LimitAsked))
    await park.reboots(park.chargers["242/CP-1"])
    await park.moves(2)
    assert [(each.plug, each.limit_ma) for each in park.events(LimitAsked)[before:]] == [(0, 6_000)]
    await park.stops()


async def test_after_a_boot_a_car_gets_its_limit_before_the_fallback_is_sent_again() -> None:
    park = await a_park(chargers(1), settings(32), cars=1)
    charger = park.chargers["242/CP-1"]
    before = len(park.events(LimitAsked))
    await park.reboots(charger)
    await park.moves(2)
    assert park.drawn_ma() == [16_000] * 3
    await park.moves(12)
    asked = park.events(LimitAsked)[before:]
    assert [(each.plug, each.limit_ma) for each in asked] == [(1, 16_000), (0, 0)]
    assert asked[1].at - asked[0].at >= PACE
    await park.stops()


async def test_a_car_that_comes_while_its_charger_boots_does_not_wait_for_the_pace() -> None:
    park = await a_park(chargers(1), settings(32))
    charger = park.chargers["242/CP-1"]
    await park.moves(15)
    await park.leaves(charger)
    await park.plugs_in(charger, 1, Car(32_000, 3))
    await park.reboots(charger)
    await park.moves(2)
    assert park.drawn_ma() == [16_000] * 3
    await park.stops()


async def test_a_fallback_in_doubt_is_sent_again_although_a_car_waits_for_room() -> None:
    park = await a_park(chargers(2), settings(10), cars=1)
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    await park.moves(15)
    before = len(park.events(LimitAsked))
    await park.reboots(park.chargers["242/CP-2"])
    await park.moves(15)
    asked = [each for each in park.events(LimitAsked)[before:] if each.charge_point == "242/CP-2"]
    assert [each.limit_ma for each in asked if not each.plug] == [0]
    await park.stops()
