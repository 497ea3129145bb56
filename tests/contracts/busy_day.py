"""A day on which much happens, as a history made in memory."""

from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace

from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import SessionStarted
from tests.examples import CHARGE_POINT, TARIFF_WITH_CAPPED_FEE
from tests.refunds import refund
from tests.scenario import Scenario

OTHER_TOKEN = "04FFEE"


async def a_busy_day() -> Scenario:
    """Sessions, blocking fees, a lost connection, faults, a reboot, a refund and a stop far too late."""
    scenario = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await scenario.token(OTHER_TOKEN)
    await scenario.reports(0, "Available")
    await scenario.reports(0, "Available", 2)
    await scenario.reports(1, "Preparing")
    first = await scenario.starts(2)
    await scenario.reports(2, "Charging")
    await scenario.meters(10, 3000, power_w=11_000)
    second = await scenario.starts(12, 500, token=OTHER_TOKEN, plug=2)
    await scenario.reports(12, "Charging", 2)
    await scenario.meters(13, 900, plug=2, power_w=7_000)
    await scenario.reports(14, "Charging", 2, error="HighTemperature")
    await scenario.stops(20, first.transaction, 6000)
    await scenario.reports(20, "Finishing")
    await scenario.disconnects(30)
    await scenario.connects(33)
    await scenario.passes(60)
    await scenario.reports(61, "Available")
    await scenario.boots(70)
    await scenario.passes(100)
    await scenario.charging.authorized(CHARGE_POINT, "04DEAD")
    await scenario.reports(101, "Faulted", 2, error="GroundFailure")
    await refund(scenario, 105, first.transaction, "1.00")
    third = await scenario.starts(110, 9000)
    await scenario.meters(111, 9000, power_w=0)
    await scenario.stops(112, third.transaction, 9000)
    await scenario.reports(113, "Available")
    await scenario.stops(30, second.transaction, 4000, received=150)
    await scenario.reports(151, "Available", 2)
    fourth = await scenario.starts(160, 20_000)
    await scenario.meters(170, 22_000, transaction=fourth.transaction, power_w=12_000)
    return scenario


def with_customer(fact: Fact) -> Fact:
    """The fact; the sessions of all tokens but ``OTHER_TOKEN`` are Ana's."""
    match fact.event:
        case SessionStarted(token=token) as started if token != OTHER_TOKEN:
            return replace(fact, event=replace(started, customer="ana"))
        case _:
            return fact


def until_each(facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    """The history as it was at each instant at which something was recorded."""
    ends = [
        max(fact.position for fact in group) for _, group in groupby(facts, lambda fact: fact.recorded_at)
    ]
    return [facts[:end] for end in ends]
