"""The loop of a zone: cars come and go, commands fail, meters fall silent, and the limits follow."""

from datetime import time
from typing import Any

import pytest

from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import ZoneById, ZoneChangeInput, ZoneReadingInput
from eosvolt.domain.commands.events import CommandRequested
from eosvolt.domain.faults.events import FaultOpened, FaultRecovered
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.smart_charging.events import (
    LimitAsked,
    LimitExceeded,
    LimitKept,
    WithdrawalConfirmed,
    WithdrawalFailed,
)
from eosvolt.domain.zones.events import ZoneDecided
from eosvolt.domain.zones.values import (
    CapacityWindow,
    Distribution,
    LimitReason,
    MeterReading,
    PlugWiring,
    SiteMeter,
    ZoneSettings,
)
from tests.zone_park import OWNER, ZONE, Car, Mishap, SimCharger, ZonePark, a_charger

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
    event: ZoneDecided = park.facts(ZoneDecided)[-1].event  # type: ignore[assignment]
    return event


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


async def changes(park: ZonePark, **terms: Any) -> None:
    def changed(before: ZoneSettings) -> ZoneSettings:
        return ZoneSettings(**{name: getattr(before, name) for name in before.__struct_fields__} | terms)

    await park.operations.run(operations.change, OWNER, ZoneChangeInput(zone=ZONE, changed=changed))


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
    assert len(park.facts(LimitExceeded)) == len(park.facts(FaultOpened)) == 1
    each[0].disobedient = False
    for _ in range(15):
        await park.moves()
        for charger in each:
            await park.meters(charger)
    assert len(park.facts(LimitKept)) == len(park.facts(FaultRecovered)) == 1
    assert await limits(park) == [20_000, 20_000]
    await park.stops()


def car_on(charger: SimCharger) -> Car:
    car = charger.plugs[1].car
    assert car is not None
    return car


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


async def meters_site(park: ZonePark, power_w: int) -> None:
    await park.moves()
    reading = MeterReading(at=park.clock.now(), power_w=power_w)
    await park.operations.run(operations.meter, OWNER, ZoneReadingInput(zone=ZONE, reading=reading))


async def test_off_withdraws_the_limits() -> None:
    each = chargers(2, 32_000)
    park = await a_park(each, settings(32), cars=2)
    each[1].mishaps.append(Mishap.REFUSED)
    await park.operations.run(operations.disable, OWNER, ZoneById(zone=ZONE))
    await park.moves(3)
    assert [fact.event.outcome for fact in park.facts(WithdrawalFailed)] == ["refused"]  # type: ignore[attr-defined]
    await park.moves(30)
    assert len(park.facts(WithdrawalConfirmed)) == 4
    assert park.drawn_ma() == [64_000] * 3
    asked = len(park.facts(LimitAsked))
    await park.moves(70)
    assert len(park.facts(LimitAsked)) == asked
    await park.stops()


async def test_limits_of_a_charger_that_is_away_are_withdrawn_when_it_is_back() -> None:
    each = chargers(1, 32_000)
    park = await a_park(each, settings(16), cars=1)
    await park.leaves(each[0])
    await park.operations.run(operations.disable, OWNER, ZoneById(zone=ZONE))
    await park.moves(20)
    assert not park.facts(WithdrawalConfirmed)
    await park.arrives(each[0])
    await park.moves(3)
    assert len(park.facts(WithdrawalConfirmed)) == 2
    assert park.drawn_ma() == [32_000] * 3
    await park.stops()


async def test_the_fallback_of_all_plugs_has_to_fit() -> None:
    with pytest.raises(Rejected, match=r"8 A for each plug without a limit is too much, at most 6\.4 A"):
        await ZonePark(chargers(5)).opened(settings(32, fallback_ma=8_000))


async def test_a_booted_charger_gets_the_fallback_again() -> None:
    park = await a_park(chargers(1), settings(32, fallback_ma=6_000))
    before = len(park.facts(LimitAsked))
    await park.reboots(park.chargers["242/CP-1"])
    await park.moves(2)
    fallback = [fact.event for fact in park.facts(LimitAsked)[before:]]
    assert [(event.plug, event.limit_ma) for event in fallback] == [(0, 6_000)]  # type: ignore[attr-defined]
    await park.stops()


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
    requests = [fact.event for fact in park.facts(CommandRequested)]
    [limit] = [r for r in requests if r.payload.get("plug") == 1]  # type: ignore[attr-defined]
    profile = limit.payload["chargingProfile"]  # type: ignore[attr-defined]
    assert profile["chargingSchedule"] == {
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 13.0, "numberPhases": 1}],
    }
    await park.stops()
