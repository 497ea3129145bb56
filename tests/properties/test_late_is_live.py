"""A session costs the same whether it is delivered live, late, twice or out of order.

The plug of one charger lives a day: cars come, charge, wait and leave, the connection comes and goes, the
price changes. Once every message arrives when it is sent; once all of them arrive at the end, shuffled and
some of them twice. What the sessions cost, when they ended, when the plug was free and when each fee fell due
is the same.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from eosvolt.domain.tariffs.tariff import Strategy, Tariff
from tests.examples import TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE, TARIFF_WITH_CAPPED_FEE, after
from tests.scenario import Scenario

LONG_AFTER = 6000.0
DEARER = msgspec.structs.replace(TARIFF_BY_TIME_OF_DAY, price=TARIFF_BY_TIME_OF_DAY.price * 10)
TARIFFS = [
    TARIFF_BY_TIME_OF_DAY,
    TARIFF_WITH_CAPPED_FEE,
    msgspec.structs.replace(
        TARIFF_PER_MINUTE, strategy=Strategy.PER_MINUTE, blocking_fee=TARIFF_BY_TIME_OF_DAY.blocking_fee
    ),
]


@dataclass(frozen=True)
class Said:
    """Something that is sent at a minute; ``session`` counts the cars, ``what`` is a state or a message."""

    at: int
    session: int
    what: str
    wh: int = 0


@dataclass(frozen=True)
class Life:
    """What happens in a day. ``links`` are the minutes at which the connection is lost and comes back."""

    said: tuple[Said, ...]
    links: tuple[int, ...]
    tariff: Tariff
    repriced: int | None


@st.composite
def lives(draw: st.DrawFn) -> Life:
    minute, register, said = 5, 1000, []
    for session in range(draw(st.integers(1, 3))):
        minute += draw(st.integers(2, 40))
        said.append(Said(minute, session, "Preparing"))
        minute += draw(st.integers(1, 5))
        said.append(Said(minute, session, "start", register))
        minute += 1
        said.append(Said(minute, session, "Charging"))
        for state in draw(
            st.lists(st.sampled_from(["SuspendedEV", "SuspendedEVSE", "Faulted", "Charging"]), max_size=4)
        ):
            taken = draw(st.integers(1, 3))
            minute += 2 * taken
            register += 300 * taken
            said.append(Said(minute, session, "meter", register))
            for _ in range(draw(st.integers(1, 3))):
                minute += 1
                said.append(Said(minute, session, state))
            minute += draw(st.integers(1, 45))
            said.append(Said(minute, session, "meter", register))
            minute += 1
            said.append(Said(minute, session, "Charging"))
        minute += draw(st.integers(1, 30))
        said.append(Said(minute, session, "stop", register))
        minute += 1
        said.append(Said(minute, session, "Finishing"))
        for state in draw(st.lists(st.sampled_from(["Faulted", "SuspendedEVSE"]), max_size=1)):
            minute += draw(st.integers(1, 30))
            said.append(Said(minute, session, state))
            for _ in range(draw(st.integers(1, 3))):
                minute += draw(st.integers(1, 30))
                said.append(Said(minute, session, "Finishing"))
        minute += draw(st.integers(1, 70))
        said.append(Said(minute, session, "Available"))
    marks = draw(st.lists(st.integers(1, minute), unique=True, max_size=6))
    links = tuple(sorted(marks))[: len(marks) // 2 * 2]
    return Life(tuple(said), links, draw(st.sampled_from(TARIFFS)), draw(st.none() | st.integers(1, minute)))


Costs = list[tuple[datetime, int, int, int, datetime | None, datetime | None, tuple[datetime, ...]]]


class Delivery:
    """A scenario that is told a life. Half a minute keeps our own doings apart from the charger's."""

    def __init__(self, system: Scenario) -> None:
        self.system = system
        self.numbers: dict[int, int] = {}

    async def hears(self, each: Said, received: float) -> None:
        s = self.system
        match each.what:
            case "start":
                answer = await s.starts(each.at, each.wh, received=received)
                self.numbers[each.session] = answer.transaction
            case "meter":
                number = self.numbers[each.session]
                await s.meters(each.at, each.wh, transaction=number, received=received)
            case "stop":
                await s.stops(each.at, self.numbers[each.session], each.wh, received=received)
            case status:
                await s.reports(each.at, status, received=received)

    async def ours(self, life: Life, at: int) -> None:
        """What happens on our side at a minute: the connection, the price."""
        if at in life.links:
            await self.system.passes(at + 0.5)
            if life.links.index(at) % 2:
                await self.system.connects(at + 0.5)
            else:
                await self.system.disconnects(at + 0.5)
        if at == life.repriced:
            await self.system.passes(at + 0.5)
            await self.system.reprices(DEARER)

    async def costs(self) -> Costs:
        await self.system.passes(LONG_AFTER + 300)
        return [
            (
                row.started_at,
                row.energy_wh,
                row.charging_gross,
                row.blocking_gross,
                row.ended_at,
                row.freed_at,
                tuple(line.until for line in row.fees),
            )
            for row in self.system.sessions()
        ]


async def live(life: Life) -> Costs:
    delivery = Delivery(await Scenario().opened(life.tariff))
    for minute in range(life.said[-1].at + 1):
        for each in life.said:
            if each.at == minute:
                await delivery.system.passes(minute)
                await delivery.hears(each, minute)
        await delivery.ours(life, minute)
    return await delivery.costs()


def _must_precede(other: Said, each: Said) -> bool:
    """Whether both are messages of one transaction and ``other`` was sent before."""
    same = other.session == each.session and {other.what, each.what} <= {"start", "meter", "stop"}
    return same and other.at < each.at


async def late(life: Life, order: list[int], again: list[int]) -> Costs:
    delivery = Delivery(await Scenario().opened(life.tariff))
    for minute in range(life.said[-1].at + 1):
        await delivery.ours(life, minute)
    now, heard = LONG_AFTER, set()
    # Chargers keep the messages of one transaction in order; everything else comes as it likes.
    waiting = [life.said[index] for index in order]
    while waiting:
        for each in waiting:
            if each.what in {"start", "meter", "stop"} and any(
                other.session == each.session
                and other.what in {"start", "meter", "stop"}
                and other.at < each.at
                for other in waiting
            ):
                continue
            waiting.remove(each)
            now += 0.01
            await delivery.hears(each, now)
            heard.add(each)
            break
    for index in again:
        now += 0.01
        await delivery.hears(life.said[index % len(life.said)], now)
    return await delivery.costs()


@settings(deadline=None)
@given(life=lives(), data=st.data())
def test_a_session_costs_the_same_live_late_twice_and_in_any_order(life: Life, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(life.said))))
    again = data.draw(st.lists(st.integers(0, 1000), max_size=10))
    costs_live = asyncio.run(live(life))
    costs_late = asyncio.run(late(life, order, again))
    assert sorted(costs_late) == sorted(costs_live)
    assert {row[0] for row in costs_live} == {after(each.at) for each in life.said if each.what == "start"}
