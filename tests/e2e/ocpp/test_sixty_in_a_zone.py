"""Sixty chargers of one zone over real sockets, with the traffic of an hour in about a minute and a half.

Meanwhile the server is killed, and so is its database; commands are refused, answers and commands are lost or
never given, a charger restarts, and one disobeys. All is measured by the physics of the simulated chargers.

The clocks are real: only the traffic is compressed. What is compared with is a division that knows each car
at the instant it comes and goes, whatever the state of server, database and connections, but for this:
- It raises 1 s after others must be lower, which is the time that a decision may take. In the hour that is
  compressed this would be a fortieth of what it is here. Commands and their pace take it no time.
- It knows no more than the product of what cars want: all take what their plugs deliver, on all its phases.
  That a share which is not taken goes on to others takes 10 minutes, and is tried in unit/runtime and
  properties, as are schedules, the site's meter and zones of zones.
- The charger that disobeys is in neither sum; what it draws is kept free by both.
"""

import asyncio
import contextlib
import logging
import os
import random
import signal
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import psycopg
import pytest
from ocpp.exceptions import OCPPError
from ocpp.routing import on
from ocpp.v16 import call, call_result
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.simulator.events import Delivery
from eosvolt.application.actor import staff
from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import NewZoneInput, ZoneById, ZoneChargerInput
from eosvolt.composition.office import office
from eosvolt.config import Settings
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.load_balancing.demand import REACTS_WITHIN, tolerated_ma
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.zones.allocation import Claim, fair
from eosvolt.domain.zones.limits import LEAST_MA
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings
from tests.e2e.ocpp.charger import OCPP16
from tests.e2e.ocpp.station import Station
from tests.e2e.running import RunningSystem
from tests.zone_chargers import VOLTS, Car, SimCharger, SimPlug, a_charger

log = logging.getLogger(__name__)

COMPANY, COUNT = 242, 60
CAPACITY_A, BUFFER_PERCENT = 250, 4
USABLE_MA = CAPACITY_A * 1000 * (100 - BUFFER_PERCENT) // 100
MOST_MA = 16_000
ROTATIONS = ((1, 2, 3), (2, 3, 1), (3, 1, 2))
STEP_S, METERS_EVERY_S = 0.2, 5.0
LEAST_SHARE = 0.95
PATIENCE_S = 90.0
# How much later than cars come and go a clairvoyant may raise others. What it gives with each is told; it is
# compared with ``REACTION_S``.
REACTIONS_S = (0.0, 1.0, 2.0, 5.0)
REACTION_S = 1.0
# Others make up for a charger that disobeys so long after its meter has told it.
MADE_UP_WITHIN_S = 10.0
# A measurement so soon after a new limit says nothing of whether it is kept.
SETTLED_AFTER_S = REACTS_WITHIN.total_seconds() + 1


class Mishap(StrEnum):
    """What befalls a command."""

    NONE = "none"
    REFUSED = "refused"
    LOST = "lost"
    ANSWER_LOST = "answer lost"
    UNANSWERED = "unanswered"


class SixtyStation(Station):
    """Keeps profiles as the simulator's charger does, but for what befalls its next command."""

    def __init__(self, *arguments: Any, box: "Box") -> None:
        super().__init__(*arguments, response_timeout=20)
        self._box = box
        self._silent = False

    @on("SetChargingProfile")  # type: ignore[untyped-decorator] # the package ships without types
    async def set_profile(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> Any:
        box = self._box
        mishap = box.mishaps.pop(0) if box.mishaps else Mishap.NONE
        status = "Rejected"
        if mishap not in {Mishap.REFUSED, Mishap.LOST}:
            status = box.charger.limits.take(connector_id, cs_charging_profiles, box.charger.outlets())
            box.taken_at = time.monotonic()
        if mishap in {Mishap.LOST, Mishap.ANSWER_LOST}:
            await self._connection.close()
        self._silent = mishap is Mishap.UNANSWERED
        return call_result.SetChargingProfile(status=status)

    async def _send(self, message: str) -> None:
        if self._silent and message.startswith("[3,"):
            self._silent = False
        else:
            await super()._send(message)

    @on("ClearChargingProfile")  # type: ignore[untyped-decorator] # see above
    def clear_profile(self, **payload: Any) -> Any:
        limits, outlets = self._box.charger.limits, self._box.charger.outlets()
        return call_result.ClearChargingProfile(
            status=limits.drop(payload.get("id"), None, None, None, outlets)
        )


@dataclass
class Box:
    """A charger with one plug. It tells all that happened, again and again, until it is answered."""

    charger: SimCharger
    url: str
    untold: list[Callable[[Station], Awaitable[None]]] = field(default_factory=list)
    mishaps: list[Mishap] = field(default_factory=list)
    boots: bool = True
    station: SixtyStation | None = None
    taken_at: float = 0.0
    excess_told_at: float | None = None

    @property
    def plug(self) -> SimPlug:
        return self.charger.plugs[1]

    @property
    def name(self) -> str:
        return self.charger.key.partition("/")[2]

    @property
    def token(self) -> str:
        return f"T{self.name}"

    async def lives(self) -> None:
        """Be connected, again and again."""
        while True:
            with contextlib.suppress(OSError, WebSocketException, TimeoutError, OCPPError):
                async with connect(self.url, subprotocols=[OCPP16]) as socket:
                    self.station = SixtyStation(self.name, socket, box=self)
                    works = [asyncio.create_task(work) for work in (self.station.start(), self._tells())]
                    try:
                        done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
                        for each in done:
                            each.result()
                    finally:
                        self.station = None
                        for each in works:
                            each.cancel()
                        await asyncio.gather(*works, return_exceptions=True)
            await asyncio.sleep(0.3)

    async def _tells(self) -> None:
        station = self.station
        assert station is not None
        if self.boots:
            await station.ask(call.BootNotification("AC22", "ACME"))
            self.boots = False
        await station.status("Charging" if self.plug.delivery else "Available")
        metered = time.monotonic()
        while True:
            if self.untold:
                await self.untold[0](station)
                self.untold.pop(0)
            elif time.monotonic() - metered > METERS_EVERY_S:
                metered = time.monotonic()
                await self._meters(station)
            else:
                await asyncio.sleep(0.05)

    async def _meters(self, station: Station) -> None:
        delivery, at = self.plug.delivery, datetime.now(UTC)
        if delivery is None or delivery.transaction is None:
            return
        current = self.charger.draws_ma(self.plug, at)
        exceeds = (
            current > tolerated_ma(self.charger.limit_ma(self.plug, at))
            and time.monotonic() > self.taken_at + SETTLED_AFTER_S
        )
        await station.meter(
            at.isoformat(),
            {
                "measurand": "Energy.Active.Import.Register",
                "value": str(self.plug.register_mwh // 1000),
                "unit": "Wh",
            },
            {"measurand": "Current.Import", "value": str(current / 1000), "unit": "A"},
            transaction=delivery.transaction,
        )
        if exceeds and self.excess_told_at is None:
            self.excess_told_at = time.monotonic()

    def arrives(self) -> None:
        """A car is plugged in, and would charge at once if the fallback let it."""
        at = datetime.now(UTC)
        delivery = Delivery(self.charger.key, 1, self.token, at, self.plug.register_mwh // 1000)
        self.plug.car, self.plug.delivery = Car(MOST_MA, self.plug.wiring.phases), delivery

        async def starts(station: Station) -> None:
            answer = await station.begin(self.token, at.isoformat(), delivery.meter_start_wh)
            delivery.transaction = answer.transaction_id
            if self.plug.delivery is delivery:
                await station.status("Charging")

        self.untold.append(starts)

    def leaves(self) -> None:
        """The car goes."""
        delivery, at = self.plug.delivery, datetime.now(UTC)
        assert delivery is not None
        self.plug.car = self.plug.delivery = None
        stop = self.plug.register_mwh // 1000

        async def ends(station: Station) -> None:
            assert delivery.transaction is not None
            await station.end(delivery.transaction, at.isoformat(), stop)
            if self.plug.delivery is None:
                await station.status("Available")

        self.untold.append(ends)

    async def restarts(self) -> None:
        """It comes back without the profiles of sessions."""
        self.charger.restarts()
        self.boots = True
        if self.station is not None:
            await self.station._connection.close()


@dataclass
class Watch:
    """What all plugs draw, beside what there is and what a clairvoyant would give.

    Sums are in mA × phases × s; ``clairvoyant`` has one for each of the times that it may take to raise.
    """

    boxes: list[Box]
    drawn: float = 0.0
    clairvoyant: dict[float, float] = field(default_factory=lambda: dict.fromkeys(REACTIONS_S, 0.0))
    highest_ma: int = 0
    longest_wait_s: float = 0.0
    excess: list[str] = field(default_factory=list)
    _waits: dict[int, float] = field(default_factory=dict)
    _before: deque[tuple[float, dict[int, int]]] = field(default_factory=deque)

    async def runs(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(STEP_S)
            now = time.monotonic()
            self._looks(now, now - last)
            last = now

    def _looks(self, now: float, passed_s: float) -> None:
        at = datetime.now(UTC)
        lines = [0, 0, 0]
        for box in self.boxes:
            charger, plug = box.charger, box.plug
            counted = charger.draws_ma(plug, at)
            phases = plug.wiring.phases
            plug.register_mwh += int(counted * phases * VOLTS * passed_s / 3600)
            if not charger.disobedient:
                self.drawn += counted * phases * passed_s
            elif not self.is_made_up_for(box, now):
                counted = min(charger.limit_ma(plug, at), counted)
            for line in plug.lines if plug.car is not None else ():
                lines[line] += counted
        self.highest_ma = max(self.highest_ma, *lines)
        if max(lines) > USABLE_MA:
            self.excess.append(f"{at}: {lines}")
        self._compares(now, at, passed_s)

    def _compares(self, now: float, at: datetime, passed_s: float) -> None:
        shares = self.shares()
        self._before.append((now, shares))
        while self._before[0][0] < now - max(REACTIONS_S):
            self._before.popleft()
        for box in self.boxes:
            delivery = box.plug.delivery
            if delivery is None or box.charger.disobedient:
                continue
            car, weight = id(delivery), box.plug.wiring.phases * passed_s
            for reaction_s in REACTIONS_S:
                since = [each.get(car, 0) for then, each in self._before if then >= now - reaction_s]
                self.clairvoyant[reaction_s] += min(since) * weight
            if shares[car] and not box.charger.draws_ma(box.plug, at):
                self._waits[car] = self._waits.get(car, 0) + passed_s
                self.longest_wait_s = max(self.longest_wait_s, self._waits[car])

    def is_made_up_for(self, box: Box, now: float) -> bool:
        """Whether others must have made up for a charger that disobeys."""
        return box.excess_told_at is not None and now > box.excess_told_at + MADE_UP_WITHIN_S

    def shares(self) -> dict[int, int]:
        """The max-min fair share of each car for each phase, who came first being admitted first."""
        rooms = [USABLE_MA] * 3
        cars = []
        for box in self.boxes:
            if box.plug.delivery is not None and box.charger.disobedient:
                for line in box.plug.lines:
                    rooms[line] -= box.charger.draws_ma(box.plug, datetime.now(UTC))
            elif box.plug.delivery is not None:
                claim = Claim(tuple(box.plug.lines), LEAST_MA, MOST_MA)
                cars.append((box.plug.delivery.started_at, id(box.plug.delivery), claim))
        cars.sort(key=lambda car: car[0])
        grants = fair([claim for _, _, claim in cars], rooms)
        return {car: grant.current_ma for (_, car, _), grant in zip(cars, grants, strict=True)}

    def starving(self) -> list[str]:
        """Who draws nothing now and could have the minimum."""
        at, shares = datetime.now(UTC), self.shares()
        return [
            box.name
            for box in self.boxes
            if shares.get(id(box.plug.delivery)) and not box.charger.draws_ma(box.plug, at)
        ]

    def share(self, reaction_s: float) -> float:
        """How much of a clairvoyant's energy was taken."""
        return self.drawn / self.clairvoyant[reaction_s]

    def told(self) -> dict[str, float]:
        """All figures."""
        return {
            **{f"of what is raised after {each} s": self.share(each) for each in REACTIONS_S},
            "highest on a line (A)": self.highest_ma / 1000,
            "longest wait with room for the minimum (s)": self.longest_wait_s,
        }


@pytest.fixture
def with_its_own_database(tmp_path: Path) -> Iterator[RunningSystem]:
    """A system on the embedded server, which starts again what is killed of it."""
    running = RunningSystem("", tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.close()


def wiring(number: int) -> PlugWiring:
    """Every sixth plug has one phase, the others three; lines take turns."""
    rotation: tuple[int, ...] = ROTATIONS[number % 3]
    if number % 6 == 0:
        rotation = ROTATIONS[number // 6 % 3][:1]
    return PlugWiring(plug=1, phases=len(rotation), rotation=rotation, max_ma=MOST_MA)


async def a_zone(system: RunningSystem, database: str) -> list[Box]:
    """Sixty chargers in a zone that is on."""
    api = system.api(COMPANY)
    place = api.location({"strategy": "perKwh", "price": "0.50"})
    boxes = []
    for number in range(1, COUNT + 1):
        box = Box(a_charger(number, wiring(number)), system.charger_url(f"CP-{number}"))
        api.charger(place, box.name, plugs=1)
        api.token(box.token)
        boxes.append(box)
    told = (Setting("SupportedFeatureProfiles", "Core,SmartCharging"),)
    settings = ZoneSettings(
        name="Garage",
        capacity_w=690 * CAPACITY_A,
        buffer_percent=BUFFER_PERCENT,
        time_zone="Europe/Berlin",
    )
    owner, why = staff("test", COMPANY), Provenance(COMPANY, "staff:test")
    async with office(Settings(database_url=database), database) as parts:
        for box in boxes:
            reported = ConfigurationReported(at=parts.clock.now(), settings=told, whole=True)
            record = RecordDeviceEvent(event=reported)
            await parts.application.execute(maintenance, box.charger.key, record, why)
        chargers = tuple(ZoneChargerInput(charger=box.name, plugs=(box.plug.wiring,)) for box in boxes)
        wanted = NewZoneInput(zone="sixty", settings=settings, chargers=chargers)
        await parts.operations.run(operations.create, owner, wanted)
        await parts.operations.run(operations.enable, owner, ZoneById(zone="sixty"))
    return boxes


def has_fallback(box: Box) -> bool:
    """Whether a car that came now would get nothing before the zone gives it something."""
    return box.charger.limit_ma(box.plug, datetime.now(UTC)) == 0


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.1)


@dataclass
class Hour:
    """The traffic: cars come until more are there than can have the minimum, stay, go, and others come."""

    system: RunningSystem
    server: EmbeddedPostgres
    boxes: list[Box]
    watch: Watch
    rng: random.Random

    async def passes(self) -> None:
        order = self.rng.sample(self.boxes, COUNT)
        disobedient, restarting, *others = order
        for box in others:
            box.mishaps = self.rng.choices(list(Mishap)[:4], [20, 1, 1, 1], k=12)
        others[0].mishaps = [Mishap.UNANSWERED]
        for number in range(6):
            await self._come(order[number * 10 : number * 10 + 10])
            match number:
                case 2:
                    await restarting.restarts()
                case 3:
                    self.system.kill()
                    await self._come([])
                    await asyncio.to_thread(self.system.start)
                case 4:
                    await self._database_dies()
            await asyncio.sleep(6)
        # More are there than can have the minimum: the last of those who can have it must get it now.
        await until(lambda: not self.watch.starving())
        await self._disobeys(disobedient)
        for number in range(4):
            gone = others[number * 8 : number * 8 + 8]
            await self._go(gone)
            await self._come(gone[: 2 * number])
            await asyncio.sleep(8)
        await until(lambda: not self.watch.starving())

    async def _come(self, boxes: list[Box]) -> None:
        for box in boxes:
            box.arrives()
            await asyncio.sleep(self.rng.random() * 0.2)

    async def _go(self, boxes: list[Box]) -> None:
        for box in boxes:
            box.leaves()
            await asyncio.sleep(self.rng.random() * 0.2)

    async def _database_dies(self) -> None:
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: self.server.pid not in {None, pid})

    async def _disobeys(self, box: Box) -> None:
        box.charger.disobedient = True
        await until(lambda: self.watch.is_made_up_for(box, time.monotonic()))
        await asyncio.to_thread(self._exceeding, box)

    def _exceeding(self, box: Box) -> None:
        """It was seen, and is told to the operator."""
        query = "SELECT count(*) FROM stored_events WHERE topic = 'limit-exceeded'"
        with psycopg.connect(self.server.dsn) as connection:
            found = connection.execute(query).fetchone()
        assert found == (1,), box.name


async def test_sixty_chargers_share_a_connection_through_kills_and_losses(
    with_its_own_database: RunningSystem,
) -> None:
    system = with_its_own_database
    with EmbeddedPostgres(system.folder / "data") as server:
        boxes = await a_zone(system, server.dsn)
        lives = [asyncio.create_task(box.lives()) for box in boxes]
        watch = Watch(boxes)
        try:
            await until(lambda: all(has_fallback(box) for box in boxes))
            watching = asyncio.create_task(watch.runs())
            lives.append(watching)
            await Hour(system, server, boxes, watch, random.Random(60)).passes()
            broken = [each for each in lives if each.done()]
        finally:
            for each in lives:
                each.cancel()
            ended = await asyncio.gather(*lives, return_exceptions=True)
    assert not broken, ended
    log.info("figures of the hour: %s", watch.told())
    assert not watch.excess
    assert watch.share(REACTION_S) >= LEAST_SHARE, watch.told()
