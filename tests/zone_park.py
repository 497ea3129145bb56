"""A zone with chargers in memory: the real application and balancer, simulated chargers, and a stepped clock.

Chargers keep profiles as the simulator does. Their connections lose, delay, refuse and repeat commands as
told; what they really draw is known to the test alone.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, TypeVar

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.memory.event_store import MemoryEventStore, MemoryPage
from eosvolt.adapters.memory.failed_jobs import MemoryFailedJobs
from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.actor import person
from eosvolt.application.charging import ChargingService
from eosvolt.application.commands.dispatch import CommandDispatch
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
from eosvolt.domain.charge_points.state import known
from eosvolt.domain.commands.commands import ExpireCommand
from eosvolt.domain.commands.decider import Queued, charger_commands
from eosvolt.domain.commands.events import CommandRequested, CommandRequeued
from eosvolt.domain.kernel import Event, Provenance
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
from eosvolt.domain.zones.values import ZoneSettings
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from eosvolt.runtime.gateway_follower import inform
from eosvolt.runtime.load_balancer import LoadBalancer
from eosvolt.runtime.log_follower import Cursor, FromNow
from eosvolt.runtime.supervisor import Supervisor
from eosvolt.runtime.zone_news import FOLLOWED
from tests.examples import COMPANY, DETAILS, FLAT_TARIFF, LOCATION, MORNING
from tests.zone_cars import ZoneCars
from tests.zone_chargers import SimCharger, SimPlug, token_of

E = TypeVar("E", bound=Event)
WHY = Provenance(company=COMPANY, by="admin:test")
OWNER = person("ana", COMPANY)
ZONE = "zone-1"
ANSWER_WITHIN = timedelta(seconds=30)
SECOND = timedelta(seconds=1)


class ZonePark(ZoneCars):
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
        self.answers: list[tuple[datetime, asyncio.Future[None]]] = []
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
        due = [answer for at, answer in self.answers if at <= now]
        self.answers = [(at, answer) for at, answer in self.answers if at > now]
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
        for _, answer in self.answers:
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

    def events(self, kind: type[E]) -> list[E]:
        return [fact.event for fact in self.store.facts if isinstance(fact.event, kind)]


async def settle() -> None:
    """Let tasks go on until they wait for time to pass."""
    for _ in range(12):
        await asyncio.sleep(0)


async def here(decide: Callable[[], Any]) -> Any:
    return decide()


@asynccontextmanager
async def hold() -> AsyncIterator[Cursor]:
    """A lease that nobody else wants."""
    yield FromNow(nowhere)


async def nowhere() -> int:
    return 0
