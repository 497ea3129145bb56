"""The loop of a zone: cars come and go, and each has its share, or waits for a reason."""

from datetime import time

import pytest

from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import (
    NewZoneInput,
    ZoneById,
    ZoneChargerInput,
    ZoneChargerPut,
    ZoneChargerRemoval,
)
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.smart_charging.events import (
    LimitAsked,
    WithdrawalConfirmed,
    WithdrawalFailed,
)
from eosvolt.domain.zones.values import (
    CapacityWindow,
    Distribution,
    LimitReason,
    PlugWiring,
    SiteMeter,
)
from tests.zone_chargers import Car, Mishap, a_charger
from tests.zone_examples import (
    a_park,
    car_on,
    chargers,
    last_decision,
    limits,
    meters_site,
    settings,
)
from tests.zone_park import OWNER, ZONE, ZonePark


async def test_three_cars_share_what_there_is() -> None:
    park = await a_park(chargers(3), settings(35), cars=3)
    assert await limits(park) == [11_600] * 3
    assert park.drawn_ma() == [34_800] * 3
    await park.stops()


async def test_a_newcomer_has_its_share_within_five_seconds() -> None:
    park = await a_park(chargers(2, 32_000), settings(32), cars=1)
    assert await limits(park) == [32_000, None]
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    await park.moves(5)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_who_does_not_fit_waits_and_is_told_why() -> None:
    park = await a_park(chargers(3), settings(14), cars=3)
    assert await limits(park) == [7_000, 7_000, None]
    [waiting] = [each for each in last_decision(park).plugs if each.waiting]
    assert (waiting.charge_point, waiting.reason) == ("242/CP-3", LimitReason.NO_ROOM)
    await park.unplugs(park.chargers["242/CP-1"], 1)
    await park.moves(12)
    assert await limits(park) == [None, 7_000, 7_000]
    await park.stops()


@pytest.mark.parametrize(
    ("distribution", "expected"),
    [
        (Distribution.STATIC, [10_000, 10_000, None]),
        (Distribution.DYNAMIC, [15_000, 15_000, None]),
        (Distribution.SEQUENTIAL, [16_000, 14_000, None]),
    ],
)
async def test_two_of_three_chargers_charge(distribution: Distribution, expected: list[int]) -> None:
    park = await a_park(chargers(3), settings(30, distribution=distribution), cars=2)
    assert await limits(park) == expected
    await park.stops()


async def test_a_full_line_does_not_bound_cars_on_others() -> None:
    each = [
        a_charger(1, PlugWiring(plug=1, phases=1, rotation=(1,), max_ma=32_000)),
        a_charger(2, PlugWiring(plug=1, phases=1, rotation=(3,), max_ma=32_000)),
        a_charger(3, PlugWiring(plug=1, phases=1, rotation=(3,), max_ma=32_000)),
    ]
    park = await a_park(each, settings(32), cars=3)
    assert await limits(park) == [32_000, 16_000, 16_000]
    await park.stops()


async def test_an_unknown_rotation_counts_on_all_lines() -> None:
    each = [a_charger(n, PlugWiring(plug=1, phases=1, max_ma=32_000)) for n in (1, 2)]
    park = await a_park(each, settings(32), cars=2)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_share_that_is_not_taken_goes_on_until_it_is_asked_for_again() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(32), cars=2)
    for minute in range(12):
        await park.moves(58)
        car_on(each[0]).most_ma = 8_000
        for charger in each:
            await park.meters(charger)
        if minute < 9:
            assert await limits(park) == [16_000, 16_000]
    assert await limits(park) == [9_000, 23_000]
    car_on(each[0]).most_ma = 32_000
    await park.moves()
    await park.meters(each[0])
    await park.moves(15)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_sleeping_car_is_offered_the_least() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(32), cars=2)
    await park.reports(each[0], 1, "SuspendedEV")
    await park.moves(30)
    assert await limits(park) == [16_000, 16_000]
    await park.moves(11 * 60)
    assert await limits(park) == [6_000, 26_000]
    await park.reports(each[0], 1, "Charging")
    await park.moves(15)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_the_schedule_is_by_the_clock_of_the_zone() -> None:
    # Morning is 10:00 UTC, 11:00 in Berlin.
    evening = CapacityWindow(since=time(11, 2), until=time(23), capacity_w=690 * 10)
    park = await a_park(chargers(1), settings(32, schedule=(evening,)), cars=1)
    assert await limits(park) == [16_000]
    await park.moves(110)
    assert await limits(park) == [10_000]
    await park.stops()


async def test_a_silent_meter_counts_with_the_worst_case() -> None:
    terms = settings(40, site_meter=SiteMeter.EXTERNAL, worst_case_w=690 * 30)
    park = await a_park(chargers(1, 32_000), terms, cars=1)
    assert await limits(park) == [10_000]
    await meters_site(park, 690 * 10 + 690 * 10)
    await park.meters(park.chargers["242/CP-1"])
    await meters_site(park, 690 * 10 + 690 * 10)
    await park.moves(15)
    assert await limits(park) == [30_000]
    await park.moves(55)
    assert await limits(park) == [10_000]
    assert last_decision(park).rooms[0].meter_silent
    await park.stops()


async def test_off_withdraws_the_limits() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(32), cars=2)
    each[1].mishaps.append(Mishap.REFUSED)
    await park.operations.run(operations.disable, OWNER, ZoneById(zone=ZONE))
    await park.moves(3)
    assert [each.outcome for each in park.events(WithdrawalFailed)] == ["refused"]
    await park.moves(30)
    assert len(park.events(WithdrawalConfirmed)) == 4
    assert park.drawn_ma() == [64_000] * 3
    asked = len(park.events(LimitAsked))
    await park.moves(70)
    assert len(park.events(LimitAsked)) == asked
    await park.stops()


async def test_limits_of_a_charger_that_is_away_are_withdrawn_when_it_is_back() -> None:
    each = chargers(1, 32_000)
    park = await a_park(each, settings(16), cars=1)
    await park.leaves(each[0])
    await park.operations.run(operations.disable, OWNER, ZoneById(zone=ZONE))
    await park.moves(20)
    assert not park.events(WithdrawalConfirmed)
    await park.arrives(each[0])
    await park.moves(3)
    assert len(park.events(WithdrawalConfirmed)) == 2
    assert park.drawn_ma() == [32_000] * 3
    await park.stops()


async def test_the_fallback_of_all_plugs_has_to_fit() -> None:
    with pytest.raises(Rejected, match=r"8 A for each plug without a limit is too much, at most 6\.4 A"):
        await ZonePark(chargers(5)).opened(settings(32, fallback_ma=8_000))


async def test_a_token_with_priority_is_admitted_first() -> None:
    park = await a_park(chargers(2), settings(10, first_tokens=("T2P1",)), cars=2)
    assert [each or 0 for each in await limits(park)] == [0, 10_000]
    await park.stops()


async def test_a_balancer_that_starts_anew_goes_on() -> None:
    park = await a_park(chargers(2, 32_000), settings(32), cars=1)
    await park.restarts()
    await park.plugs_in(park.chargers["242/CP-2"], 1, Car(32_000, 3))
    await park.moves(5)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_limits_go_out_in_amperes_for_the_connected_phases() -> None:
    each = [a_charger(1, PlugWiring(plug=1, phases=1, rotation=(2,), max_ma=32_000))]
    park = await a_park(each, settings(13), cars=1)
    [limit] = [each for each in park.events(CommandRequested) if each.payload.get("plug") == 1]
    profile = limit.payload["chargingProfile"]
    assert profile["chargingSchedule"] == {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.0, "numberPhases": 1}],
    }
    await park.stops()


async def test_a_deck_has_its_own_fuse_and_its_share_of_the_connection() -> None:
    each = chargers(3, 32_000)
    park = await ZonePark(each).opened(settings(48), enabled=False)
    for box in ("CP-2", "CP-3"):
        gone = ZoneChargerRemoval(zone=ZONE, charger=box)
        await park.operations.run(operations.remove_charger, OWNER, gone)
    deck = NewZoneInput(
        zone="deck",
        settings=settings(20, parent=ZONE),
        chargers=(ZoneChargerInput(charger="CP-2"), ZoneChargerInput(charger="CP-3")),
    )
    await park.operations.run(operations.create, OWNER, deck)
    with pytest.raises(Rejected, match="part of another one"):
        await park.operations.run(operations.enable, OWNER, ZoneById(zone="deck"))
    await park.operations.run(operations.enable, OWNER, ZoneById(zone=ZONE))
    await park.moves(2)
    for charger in each:
        await park.plugs_in(charger, 1, Car(32_000, 3))
        await park.moves(15)
    assert await limits(park) == [28_000, 10_000, 10_000]
    assert {room.zone for room in last_decision(park).rooms} == {ZONE, "deck"}
    await park.operations.run(operations.disable, OWNER, ZoneById(zone=ZONE))
    await park.moves(3)
    assert park.drawn_ma() == [96_000] * 3
    await park.stops()


async def test_sessions_that_went_on_when_the_zone_was_turned_on_are_limited_first() -> None:
    each = chargers(2, 32_000)
    park = await ZonePark(each).opened(settings(32), enabled=False)
    for charger in each:
        await park.plugs_in(charger, 1, Car(32_000, 3))
    await park.moves(2)
    assert park.drawn_ma() == [64_000] * 3
    await park.operations.run(operations.enable, OWNER, ZoneById(zone=ZONE))
    await park.moves(3)
    assert await limits(park) == [16_000, 16_000]
    await park.stops()


async def test_a_plug_that_nobody_has_described_is_limited_as_well() -> None:
    charger = a_charger(1, *(PlugWiring(plug=number, rotation=(1, 2, 3)) for number in (1, 2)))
    park = await ZonePark([charger]).opened(settings(32), enabled=False)
    only = ZoneChargerInput(charger="CP-1", plugs=(PlugWiring(plug=1, rotation=(3, 1, 2)),))
    put = ZoneChargerPut(zone=ZONE, charger=only)
    await park.operations.run(operations.put_charger, OWNER, put)
    [kept] = (await park.zone()).chargers.values()
    assert [(each.plug, each.rotation) for each in kept.plugs] == [(1, (3, 1, 2)), (2, (1, 2, 3))]
    await park.operations.run(operations.enable, OWNER, ZoneById(zone=ZONE))
    await park.moves(2)
    for number in (1, 2):
        await park.plugs_in(charger, number, Car(32_000, 3))
        await park.moves(15)
    assert [await park.limit_of(charger, number) for number in (1, 2)] == [16_000, 16_000]
    await park.stops()


async def test_many_make_room_for_one_though_each_gives_only_a_little() -> None:
    park = await a_park(chargers(15), settings(90), cars=14)
    assert await limits(park) == [*[6_400] * 14, None]
    await park.plugs_in(park.chargers["242/CP-15"], 1, Car(32_000, 3))
    await park.moves(15)
    assert await limits(park) == [6_000] * 15
    await park.stops()
