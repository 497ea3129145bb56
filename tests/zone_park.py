"""A zone with chargers in memory: the real application and balancer, simulated chargers, and a stepped clock.

Chargers keep profiles as the simulator does. Their connections lose, delay, refuse and repeat commands as
told; what they really draw is known to the test alone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from re import sub
from typing import Any

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore, MemoryPage
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.limits import Limits, Outlet
from eosvolt.application.actor import person
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
from eosvolt.application.commands.gateway import Answered, NotConnected, TimedOut
from eosvolt.application.commands.payloads import CommandPayloads
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.commands.results import CommandResults
from eosvolt.application.executor import Application
from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.operation import Operations
from eosvolt.application.operations.ports import Ports
from eosvolt.application.operations.zones import NewZoneInput, ZoneById, ZoneChargerInput
from eosvolt.application.ports import TokenListing
from eosvolt.domain.charge_points.commands import AddChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.charge_points.reports import (
    Boot,
    ConnectorStatus,
    MeterReport,
    Reading,
    StartReport,
    StatusReport,
    StopReport,
)
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.commands.commands import ExpireCommand
from eosvolt.domain.commands.decider import Queued, charger_commands
from eosvolt.domain.commands.events import CommandRequested, CommandRequeued
from eosvolt.domain.kernel import Fact, Provenance
from eosvolt.domain.load_balancing.situation import BalancedCharger, BalancedPlug
from eosvolt.domain.locations.commands import AddLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.smart_charging.decider import smart_charging
from eosvolt.domain.smart_charging.state import SmartCharging
from eosvolt.domain.tokens.commands import PutToken
from eosvolt.domain.tokens.decider import tokens
from eosvolt.domain.tokens.events import TokenStatus
from eosvolt.domain.zones.decider import Zone, zones
from eosvolt.domain.zones.tree import lines_of
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from eosvolt.runtime.gateway_follower import inform
from eosvolt.runtime.load_balancer import LoadBalancer
from eosvolt.runtime.log_follower import Cursor
from eosvolt.runtime.supervisor import Supervisor
from eosvolt.runtime.zone_news import FOLLOWED
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING

WHY = Provenance(company=COMPANY, by="admin:test")
OWNER = person("ana", COMPANY)
ZONE = "zone-1"
VOLTS = 230
ANSWER_WITHIN = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


class Mishap(StrEnum):
    """What happens to the next command for a charger."""

    NONE = "none"
    REFUSED = "refused"
    LOST = "lost"
    """It never reaches the charger, and no answer comes."""
    ANSWER_LOST = "answerLost"
    """The charger carries it out; the answer is lost with the connection."""
    LATE = "late"
    """The charger carries it out at once and answers after the time-out."""
    SLOW = "slow"
    """The charger carries it out some seconds later."""
    REPEATED = "repeated"
    """The charger gets it twice."""


class Car:
    """A car on a plug. It draws as much as it may, up to ``most_ma`` on each of its ``phases``."""

    def __init__(self, most_ma: int, phases: int) -> None:
        self.most_ma, self.phases = most_ma, phases
        self.asleep = False


class SimPlug:
    """A plug with its wiring and what is on it."""

    def __init__(self, wiring: PlugWiring, lines: tuple[int, ...]) -> None:
        """``lines`` are those to which it is really connected."""
        self.wiring, self.lines = wiring, lines
        self.car: Car | None = None
        self.delivery: Delivery | None = None
        self.register_mwh = 1_000_000


class SimCharger:
    """A charger that keeps the profiles that it took, unless it is disobedient."""

    def __init__(self, key: str, plugs: list[SimPlug]) -> None:
        self.key, self.plugs = key, {plug.wiring.plug: plug for plug in plugs}
        self.limits = Limits()
        self.online = True
        self.disobedient = self.refuses_all = False
        self.mishaps: list[Mishap] = []
        # What it tells once it is connected again.
        self.untold: list[Callable[[], Any]] = []
        self.inbox: list[tuple[datetime, Callable[[], None]]] = []

    def outlets(self) -> dict[int, Outlet]:
        return {
            number: Outlet(VOLTS * plug.wiring.phases * plug.wiring.max_ma // 1000, plug.delivery)
            for number, plug in self.plugs.items()
        }

    def limit_ma(self, plug: SimPlug, at: datetime) -> int:
        """What the plug offers for each phase."""
        watts = self.limits.power_w(plug.wiring.plug, at, self.outlets())
        return min(watts * 1000 // (VOLTS * plug.wiring.phases), plug.wiring.max_ma)

    def draws_ma(self, plug: SimPlug, at: datetime) -> int:
        """What the plug draws on each phase that its car uses."""
        if plug.car is None or plug.delivery is None or plug.car.asleep:
            return 0
        if self.disobedient:
            return plug.car.most_ma
        offered = self.limit_ma(plug, at)
        return min(plug.car.most_ma, offered) if offered >= 6_000 else 0

    def on_lines(self, plug: SimPlug, at: datetime) -> list[int]:
        """What the plug draws on each line."""
        used = plug.lines[: plug.car.phases] if plug.car is not None else ()
        return [self.draws_ma(plug, at) if line in used else 0 for line in range(3)]

    def carries_out(self, action: str, payload: dict[str, Any]) -> bool:
        if self.refuses_all:
            return False
        if action == "clearChargingProfile":
            self.limits.drop(payload["id"], None, None, None, self.outlets())
            return True
        profile = snake(payload["chargingProfile"])
        return self.limits.take(payload["plug"], profile, self.outlets()) == "Accepted"

    def catches_up(self, now: datetime, *, all_of_it: bool = False) -> None:
        """Carry out what came, in the order in which it came."""
        while self.inbox and (all_of_it or self.inbox[0][0] <= now):
            self.inbox.pop(0)[1]()

    def restarts(self) -> None:
        """Sessions' profiles are gone; the default profile is kept (OCPP 1.6 §5.16)."""
        kept = self.limits._kept
        self.limits._kept = [each for each in kept if each.delivery is None]


class ZonePark:
    """Everything around one zone. ``moves`` lets time pass."""

    def __init__(self, chargers: list[SimCharger]) -> None:
        self.chargers = {each.key: each for each in chargers}
        self.clock = SteppedClock(MORNING)
        self.store = MemoryEventStore(self.clock)
        self.application = Application(self.store, new_turn=asyncio.Lock)
        self._ids = 0
        payloads = CommandPayloads(self.application, self, self.new_id, "http://eosvolt.example")
        requests = CommandRequests(self.application, self.new_id, self, payloads)
        ports = Ports(commands=requests, gateway=self)
        self.operations = Operations(self.application, self.clock, ports)
        self.charging = ChargingService(self.application, MemoryNumbers(), self.clock, self)
        self.results = CommandResults(self.application, self.clock, payloads)
        self.dispatch = CommandDispatch(self.application, self.clock, self, self, self.results)
        self.dispatcher = CommandDispatcher(self.dispatch, self, 1_000)
        self.balancer = self._new_balancer()
        self._heard = self._given = 0
        self._answers: list[tuple[datetime, asyncio.Future[None]]] = []
        self.numbers: dict[str, int] = {}

    def _new_balancer(self) -> LoadBalancer:
        return LoadBalancer(
            self.store,
            hold,
            self.application,
            Supervisor(MemoryFailedJobs(), self.clock),
            self.clock,
            self.new_id,
            aside=here,
        )

    async def restarts(self) -> None:
        """The process of the balancer ends, and another one begins."""
        self.balancer = self._new_balancer()
        await self.balancer.news.begin()

    def new_id(self) -> str:
        self._ids += 1
        return f"c{self._ids}"

    async def only_company(self) -> int | None:
        return COMPANY

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        raise AssertionError(company)

    # The gateway's side of the chargers.

    def holds(self, charge_point: str) -> bool:
        return self.chargers[charge_point].online

    async def disconnect(self, charge_point: str) -> None:
        self.chargers[charge_point].online = False

    async def send(
        self,
        charge_point: str,
        action: str,
        payload: dict[str, Any],
        timeout: timedelta,
        reference: str = "",
    ) -> Answered:
        charger = self.chargers[charge_point]
        mishap = charger.mishaps.pop(0) if charger.mishaps else Mishap.NONE
        done: list[bool] = []

        def carry_out() -> None:
            done.append(charger.carries_out(action, payload))

        now = self.clock.now()
        match mishap:
            case Mishap.LOST:
                await self._until(now + timeout)
                raise TimedOut
            case Mishap.REFUSED:
                charger.catches_up(now, all_of_it=True)
                return Answered(accepted=False, response={"status": "Rejected"})
            case Mishap.ANSWER_LOST:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                await self.leaves(charger)
                raise NotConnected
            case Mishap.LATE:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                await self._until(now + timeout)
                late = asyncio.create_task(self._answers_late(reference, accepted=done[-1]))
                await asyncio.shield(asyncio.sleep(0))
                self._late = late
                raise TimedOut
            case Mishap.SLOW:
                charger.inbox.append((now + timedelta(seconds=4), carry_out))
                await self._until(now + timedelta(seconds=5))
            case Mishap.REPEATED:
                charger.catches_up(now, all_of_it=True)
                carry_out()
                carry_out()
            case Mishap.NONE:
                charger.catches_up(now, all_of_it=True)
                carry_out()
        if not charger.online or not done:
            raise NotConnected
        return Answered(accepted=done[-1], response={"status": "Accepted" if done[-1] else "Rejected"})

    async def _answers_late(self, command: str, *, accepted: bool) -> None:
        await self._until(self.clock.now() + 3 * SECOND)
        answer = Answered(accepted, {"status": "Accepted" if accepted else "Rejected"})
        await self.results.answered_late(command, answer)

    async def _until(self, at: datetime) -> None:
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answers.append((at, answered))
        await answered

    async def propose(self, charge_point: str) -> str:
        raise AssertionError(charge_point)

    async def settle(self, charge_point: str, outcome: str) -> None:
        raise AssertionError((charge_point, outcome))

    # What happens.

    async def opened(self, settings: ZoneSettings, *, enabled: bool = True) -> "ZonePark":
        """A location, its chargers, one zone with all of them, and a token for each plug."""
        now = self.clock.now()
        add = AddLocation(location=LOCATION, company=COMPANY, at=now, details=DETAILS, tariff=FLAT_TARIFF)
        await self.application.execute(locations, LOCATION, add, WHY)
        for charger in self.chargers.values():
            await self.adds(charger)
        inputs = tuple(
            ZoneChargerInput(
                charger=each.key.partition("/")[2], plugs=tuple(p.wiring for p in each.plugs.values())
            )
            for each in self.chargers.values()
        )
        wanted = NewZoneInput(zone=ZONE, settings=settings, chargers=inputs)
        await self.operations.run(operations.create, OWNER, wanted)
        await self.balancer.news.begin()
        self._heard = await self.store.head()
        if enabled:
            await self.operations.run(operations.enable, OWNER, ZoneById(zone=ZONE))
        return self

    async def adds(self, charger: SimCharger) -> None:
        now, box = self.clock.now(), charger.key.partition("/")[2]
        specs = tuple(ConnectorSpec(number) for number in charger.plugs)
        added = AddChargePoint(
            company=COMPANY, charge_box_id=box, location=LOCATION, connectors=specs, at=now
        )
        await self.application.execute(charge_points, charger.key, added, WHY)
        settings = (Setting("SupportedFeatureProfiles", "Core,SmartCharging"),)
        told = RecordDeviceEvent(event=ConfigurationReported(at=now, settings=settings, whole=True))
        await self.application.execute(maintenance, charger.key, told, WHY)
        for number in charger.plugs:
            put = PutToken(
                company=COMPANY, uid=token_of(charger, number), at=now, status=TokenStatus.ACCEPTED
            )
            await self.application.execute(tokens, f"{COMPANY}/{put.uid}", put, WHY)
        await self.arrives(charger, boots=True)

    async def arrives(self, charger: SimCharger, *, boots: bool = False) -> None:
        """The charger connects, and tells what happened meanwhile."""
        charger.online = True
        now = self.clock.now()
        await self.charging.connected(
            charger.key, at=now, protocol="ocpp1.6", secure=False, authenticated=False, address=""
        )
        if boots:
            await self.charging.booted(charger.key, Boot(received_at=now, vendor="ACME", model="AC22"))
        while charger.untold:
            await charger.untold.pop(0)()
        self.dispatcher.arrived(charger.key, started=True)

    async def leaves(self, charger: SimCharger) -> None:
        charger.online = False
        await self.charging.disconnected(charger.key, at=self.clock.now(), reason="closed")

    async def reboots(self, charger: SimCharger) -> None:
        """It restarts while sessions go on, without their profiles."""
        if charger.online:
            await self.leaves(charger)
        charger.inbox.clear()
        charger.restarts()
        await self.arrives(charger, boots=True)

    async def plugs_in(self, charger: SimCharger, number: int, car: Car) -> None:
        plug, now = charger.plugs[number], self.clock.now()
        plug.car = car
        plug.delivery = Delivery(charger.key, number, token_of(charger, number), now, 0)
        await self._tells(charger, lambda: self._starts(charger, plug, now))

    async def unplugs(self, charger: SimCharger, number: int) -> None:
        plug, now = charger.plugs[number], self.clock.now()
        delivery, plug.car, plug.delivery = plug.delivery, None, None
        assert delivery is not None
        await self._tells(charger, lambda: self._stops(charger, plug, delivery, now))

    async def reports(self, charger: SimCharger, number: int, status: str) -> None:
        now = self.clock.now()

        async def tell() -> None:
            report = StatusReport(
                connector=number,
                status=ConnectorStatus(status),
                at=now,
                received_at=self.clock.now(),
                error_code="NoError",
            )
            await self.charging.reported(charger.key, report)

        await self._tells(charger, tell)

    async def meters(self, charger: SimCharger) -> None:
        """All plugs tell what they draw."""
        now = self.clock.now()
        for number, plug in charger.plugs.items():
            if plug.delivery is None or plug.delivery.transaction is None or not charger.online:
                continue
            current = charger.draws_ma(plug, now)
            phases = plug.car.phases if plug.car is not None else 0
            reading = Reading(
                at=now,
                register_wh=plug.register_mwh // 1000,
                power_w=current * phases * VOLTS // 1000,
                current_a=current / 1000,
            )
            report = MeterReport(
                connector=number,
                received_at=now,
                readings=(reading,),
                transaction=plug.delivery.transaction,
            )
            await self.charging.metered(charger.key, report)

    async def _tells(self, charger: SimCharger, tell: Callable[[], Any]) -> None:
        if charger.online:
            await tell()
        else:
            charger.untold.append(tell)

    async def _starts(self, charger: SimCharger, plug: SimPlug, at: datetime) -> None:
        delivery = plug.delivery
        report = StartReport(
            connector=plug.wiring.plug,
            token=token_of(charger, plug.wiring.plug),
            at=at,
            received_at=self.clock.now(),
            meter_start_wh=plug.register_mwh // 1000,
        )
        answer = await self.charging.started(charger.key, report)
        if delivery is not None and delivery.started_at == at:
            delivery.transaction = answer.transaction
        self.numbers[f"{charger.key}/{plug.wiring.plug}/{at}"] = answer.transaction

    async def _stops(self, charger: SimCharger, plug: SimPlug, delivery: Delivery, at: datetime) -> None:
        transaction = self.numbers[f"{charger.key}/{plug.wiring.plug}/{delivery.started_at}"]
        report = StopReport(
            transaction=transaction,
            at=at,
            received_at=self.clock.now(),
            meter_stop_wh=plug.register_mwh // 1000,
        )
        await self.charging.stopped(charger.key, report)

    # Time.

    async def moves(self, seconds: int = 1) -> None:
        """Let so many seconds pass, one at a time."""
        for _ in range(seconds):
            self.clock.step(SECOND)
            await self.catches_up()

    async def catches_up(self) -> None:
        """Carry out all that is due at this instant."""
        now = self.clock.now()
        for charger in self.chargers.values():
            charger.catches_up(now)
        due = [answer for at, answer in self._answers if at <= now]
        self._answers = [(at, answer) for at, answer in self._answers if at > now]
        for answer in due:
            answer.set_result(None)
        await settle()
        await self._expires()
        for _ in range(20):
            before = await self.store.head()
            await self._follows()
            await settle()
            for work in (await self.balancer.due()).values():
                await work()
            await settle()
            if await self.store.head() == before and self._heard == before:
                return
        raise AssertionError("load balancing does not come to rest")

    async def _follows(self) -> None:
        while self._heard < await self.store.head():
            page: MemoryPage = await self.store.read_log(self._heard, 10_000, FOLLOWED)
            await self.balancer.news.take(page)
            self._heard = page.last
        for fact in self.store.facts[self._given :]:
            self._given += 1
            inform(self.dispatcher, fact)
            if isinstance(fact.event, CommandRequeued):
                request = await self.dispatch.waiting(fact.key)
                if request is not None:
                    self.dispatcher.take(request, again=True)

    async def _expires(self) -> None:
        """Commands that could not be sent in time are over."""
        now = self.clock.now()
        for fact in self.store.facts:
            if isinstance(fact.event, CommandRequested) and fact.event.expires_at <= now:
                state = await self.application.state(charger_commands, fact.key)
                if isinstance(state, Queued):
                    why = Provenance(COMPANY, "system:test")
                    await self.results.record(fact.event, ExpireCommand(at=now), why)

    async def stops(self) -> None:
        for _, answer in self._answers:
            answer.cancel()
        await self.dispatcher.stop()

    # What is.

    def drawn_ma(self) -> list[int]:
        """What all plugs really draw on each line."""
        now = self.clock.now()
        each = [
            charger.on_lines(plug, now)
            for charger in self.chargers.values()
            for plug in charger.plugs.values()
        ]
        return [sum(line) for line in zip(*each, strict=True)]

    async def zone(self) -> Zone:
        state = await self.application.state(zones, ZONE)
        assert isinstance(state, Zone)
        return state

    async def state(self, charger: SimCharger) -> SmartCharging:
        state = await self.application.state(smart_charging, charger.key)
        assert isinstance(state, SmartCharging)
        return state

    async def counted(self) -> Iterator[tuple[SimCharger, SimPlug, int]]:
        """What each plug counts with."""
        found = []
        for charger in self.chargers.values():
            state = await self.state(charger)
            now = BalancedCharger(ZONE, charger.key, state, ())
            found += [
                (charger, plug, now.counted_ma(BalancedPlug(plug.wiring), self.clock.now()))
                for plug in charger.plugs.values()
            ]
        return iter(found)

    async def limit_of(self, charger: SimCharger, number: int) -> int | None:
        """The limit of the session on a plug that the charger confirmed."""
        limit = (await self.state(charger)).limits.get(number)
        return None if limit is None else limit.in_force_ma

    async def is_online(self, charger: SimCharger) -> bool:
        state = known(await self.application.state(charge_points, charger.key))
        return state is not None and state.online

    def facts(self, kind: type[Any]) -> list[Fact]:
        return [fact for fact in self.store.facts if isinstance(fact.event, kind)]


def a_charger(number: int, *wirings: PlugWiring) -> SimCharger:
    """A charger whose plugs are connected as they are described, from L1 on where that is unknown."""
    plugs = [
        SimPlug(wiring, tuple(lines_of(wiring)) if wiring.rotation else (0, 1, 2)[: wiring.phases])
        for wiring in wirings
    ]
    return SimCharger(f"{COMPANY}/CP-{number}", plugs)


def token_of(charger: SimCharger, number: int) -> str:
    return f"T{charger.key.partition('-')[2]}P{number}"


def snake(value: Any) -> Any:
    """JSON with the names of its fields as the ``ocpp`` package gives them."""
    if isinstance(value, dict):
        return {
            sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", key): snake(v) for key, v in value.items()
        }
    return [snake(each) for each in value] if isinstance(value, list) else value


async def settle() -> None:
    """Let tasks go on until they wait for time to pass."""
    for _ in range(12):
        await asyncio.sleep(0)


async def here(decide: Callable[[], Any]) -> Any:
    return decide()


@asynccontextmanager
async def hold() -> AsyncIterator[Cursor]:
    with contextlib.suppress(NotImplementedError):
        raise NotImplementedError
    yield None  # type: ignore[misc]
