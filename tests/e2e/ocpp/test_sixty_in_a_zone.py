"""Sixty chargers of one zone over real sockets, with the traffic of an hour in about a minute and a half.

Meanwhile the server is killed, and so is its database; commands are refused, answers and commands are lost or
never given, a charger restarts, and one disobeys. All is measured by the physics of the simulated chargers.

The clocks are real: only the traffic is compressed. What is compared with is a division that knows each car
at the instant it comes and goes, whatever the state of server, database and connections, but for this:
- It raises 5 s after others must be lower, since cars may take so long to follow (IEC 61851-1 §A.5.3). In the
  hour that is compressed this would be a fortieth of what it is here. What it gives without that, which
  depends on how busy the machine is, is in docs/performance.md.
- It knows no more than the product of what cars want: all take what their plugs deliver, on all its phases.
  That a share which is not taken goes on to others takes 10 minutes, and is tried in unit/runtime and
  properties, as are schedules, the site's meter and zones of zones.
- The charger that disobeys is in neither sum; what it draws is kept free by both.
"""

import asyncio
import logging
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.application.actor import staff
from eosvolt.application.operations import zones as operations
from eosvolt.application.operations.zones import NewZoneInput, ZoneById, ZoneChargerInput
from eosvolt.composition.office import office
from eosvolt.config import Settings
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import ConfigurationReported
from eosvolt.domain.maintenance.values import Setting
from eosvolt.domain.zones.values import PlugWiring, ZoneSettings
from tests.e2e.ocpp.zone_boxes import MOST_MA, WireMishap, ZoneBox
from tests.e2e.ocpp.zone_watch import ZoneWatch
from tests.e2e.running import RunningSystem
from tests.zone_chargers import a_charger

log = logging.getLogger(__name__)

COMPANY, COUNT = 242, 60
CAPACITY_A, BUFFER_PERCENT = 250, 4
USABLE_MA = CAPACITY_A * 1000 * (100 - BUFFER_PERCENT) // 100
ROTATIONS = ((1, 2, 3), (2, 3, 1), (3, 1, 2))
PATIENCE_S = 90.0
# How much later than cars come and go the clairvoyant raises others that is compared with.
REACTION_S, LEAST_SHARE = 5.0, 0.95


@pytest.fixture
def with_its_own_database(tmp_path: Path) -> Iterator[RunningSystem]:
    """A system on the embedded server, which starts again what is killed of it."""
    running = RunningSystem("", tmp_path)
    try:
        running.start()
        yield running
    finally:
        running.close()
        # A killed server leaves its database running; whoever uses it last stops it.
        with EmbeddedPostgres(tmp_path / "data"):
            pass


def wiring(number: int) -> PlugWiring:
    """Every sixth plug has one phase, the others three; lines take turns."""
    rotation: tuple[int, ...] = ROTATIONS[number % 3]
    if number % 6 == 0:
        rotation = ROTATIONS[number // 6 % 3][:1]
    return PlugWiring(plug=1, phases=len(rotation), rotation=rotation, max_ma=MOST_MA)


async def a_zone(system: RunningSystem, database: str) -> list[ZoneBox]:
    """Sixty chargers in a zone that is on."""
    api = system.api(COMPANY)
    place = api.location({"strategy": "perKwh", "price": "0.50"})
    boxes = []
    for number in range(1, COUNT + 1):
        box = ZoneBox(a_charger(number, wiring(number)), system.charger_url(f"CP-{number}"))
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


def has_fallback(box: ZoneBox) -> bool:
    """Whether a car that came now would get nothing before the zone gives it something."""
    return box.charger.limit_ma(box.plug, datetime.now(UTC)) == 0


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.1)


@dataclass
class HourOfTraffic:
    """The traffic: cars come until more are there than can have the minimum, stay, go, and others come."""

    system: RunningSystem
    server: EmbeddedPostgres
    boxes: list[ZoneBox]
    watch: ZoneWatch
    rng: random.Random

    async def passes(self) -> None:
        order = self.rng.sample(self.boxes, COUNT)
        disobedient, restarting, *others = order
        for box in others:
            box.mishaps = self.rng.choices(list(WireMishap)[:4], [20, 1, 1, 1], k=12)
        others[0].mishaps = [WireMishap.UNANSWERED]
        for number in range(6):
            come = order[number * 10 : number * 10 + 10]
            if number == 3:
                # These come while there is no server.
                self.system.kill()
                await self._come(come)
                await asyncio.to_thread(self.system.start)
            else:
                await self._come(come)
            if number == 2:
                await restarting.restarts()
            if number == 4:
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

    async def _come(self, boxes: list[ZoneBox]) -> None:
        for box in boxes:
            box.arrives()
            await asyncio.sleep(self.rng.random() * 0.2)

    async def _go(self, boxes: list[ZoneBox]) -> None:
        for box in boxes:
            box.leaves()
            await asyncio.sleep(self.rng.random() * 0.2)

    async def _database_dies(self) -> None:
        pid = self.server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        await until(lambda: self.server.pid not in {None, pid})

    async def _disobeys(self, box: ZoneBox) -> None:
        box.charger.disobedient = True
        await until(lambda: self.watch.is_made_up_for(box, time.monotonic()))
        await asyncio.to_thread(self._exceeding, box)

    def _exceeding(self, box: ZoneBox) -> None:
        """It was seen, and is told to the operator."""
        query = "SELECT count(*) FROM stored_events WHERE topic = 'limit-exceeded'"
        with psycopg.connect(self.server.dsn) as connection:
            found = connection.execute(query).fetchone()
        assert found is not None
        assert found[0] >= 1, box.name


async def test_sixty_chargers_share_a_connection_through_kills_and_losses(
    with_its_own_database: RunningSystem,
) -> None:
    system = with_its_own_database
    with EmbeddedPostgres(system.folder / "data") as server:
        boxes = await a_zone(system, server.dsn)
        lives = [asyncio.create_task(box.lives()) for box in boxes]
        watch = ZoneWatch(boxes, USABLE_MA)
        try:
            await until(lambda: all(has_fallback(box) for box in boxes))
            watching = asyncio.create_task(watch.runs())
            lives.append(watching)
            await HourOfTraffic(system, server, boxes, watch, random.Random(60)).passes()
            broken = [each for each in lives if each.done()]
        finally:
            for each in lives:
                each.cancel()
            ended = await asyncio.gather(*lives, return_exceptions=True)
    assert not broken, ended
    log.info("figures of the hour: %s", watch.told())
    assert not watch.excess
    assert watch.share(REACTION_S) >= LEAST_SHARE, watch.told()
