"""A simulated charger, the listener that it connects to, and their clock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import msgspec

from eosvolt.adapters.simulator.charger import Charger
from eosvolt.adapters.simulator.clock import ParkClock
from eosvolt.adapters.simulator.drivers import Wallet
from eosvolt.adapters.simulator.events import LinkLost
from eosvolt.adapters.simulator.fault_injection import FaultRates
from eosvolt.adapters.simulator.plans import Quirks, ordinary
from eosvolt.adapters.simulator.station import Station
from tests.unit.simulator.listener import Listener
from tests.unit.simulator.real_time import time_from

CALM = FaultRates(defect_h=1e6, link_h=1e6, power_h=1e6)
TAG = "04A1B2C3D4"
BEGUN = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


class Scene:
    """A simulated charger, the listener that it connects to, and their clock."""

    def __init__(self, listener: Listener, charger: Charger, clock: ParkClock) -> None:
        self.listener, self.charger, self.clock = listener, charger, clock

    def driver_comes(self, plug: int = 1) -> None:
        """Let somebody arrive at once."""
        self.charger.station.plugs[plug].expect(self.clock.now())
        self.charger._woken.set()

    def set(self, key: str, value: str) -> None:
        self.charger._state.configuration.keys[key].value = value

    async def charging(self) -> int:
        """Let a car charge and return its transaction."""
        self.driver_comes()
        await self.listener.until("StatusNotification", status="Charging")
        transaction = self.charger.station.deliveries[-1].transaction
        assert transaction is not None
        return transaction

    async def lose_link(self) -> datetime:
        """Break the connection and return when."""
        at = self.clock.now()
        self.charger._deliver([LinkLost(at, at)])
        await asyncio.wait_for(self.charger._alone.wait(), 5)
        return at


@asynccontextmanager
async def scene(
    speed: float = 60, timeout_s: float = 5.0, quirks: Quirks | None = None, tokens: tuple[str, ...] = (TAG,)
) -> AsyncIterator[Scene]:
    """A booted charger whose time runs ``speed`` times as fast as ours; nobody comes by himself."""
    listener = Listener()
    async with listener.listening():
        clock = ParkClock(speed, timedelta(days=2), time_from(BEGUN))
        plan = msgspec.structs.replace(ordinary(242, "CP 1/A"), quirks=quirks or Quirks())
        station = Station(plan, Wallet(tokens), clock.now(), fault_rates=CALM, busyness=1e-6)
        charger = Charger(station, listener.url, clock, response_timeout_s=timeout_s)
        life = asyncio.create_task(charger.run())
        try:
            await listener.until("StatusNotification", 3)
            yield Scene(listener, charger, clock)
            if life.done():
                life.result()
        finally:
            life.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await life
