"""A zone over real sockets: three chargers that keep charging profiles, one server that is killed once."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

from ocpp.routing import on
from ocpp.v16 import call, call_result
from websockets.asyncio.client import connect

from eosvolt.adapters.simulator.events import Delivery
from eosvolt.adapters.simulator.limits import Limits, Outlet
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
from tests.e2e.ocpp.charger import OCPP16
from tests.e2e.ocpp.station import Station
from tests.e2e.running import RunningSystem

COMPANY, WATTS, CAPACITY_A = 242, 22_000, 35
PATIENCE_S = 30.0
BOXES = ("ZONE-1", "ZONE-2", "ZONE-3")


class ObedientStation(Station):
    """Keeps profiles as the simulator's chargers do, whatever else happens to its connection."""

    def __init__(self, *arguments: Any, limits: Limits, outlet: Outlet) -> None:
        super().__init__(*arguments)
        self.limits, self.outlet = limits, outlet

    @on("SetChargingProfile")  # type: ignore[untyped-decorator] # the package ships without types
    def set_profile(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> Any:
        status = self.limits.take(connector_id, cs_charging_profiles, {1: self.outlet})
        return call_result.SetChargingProfile(status=status)

    @on("ClearChargingProfile")  # type: ignore[untyped-decorator] # see above
    def clear_profile(self, **payload: Any) -> Any:
        status = self.limits.drop(payload.get("id"), None, None, None, {1: self.outlet})
        return call_result.ClearChargingProfile(status=status)


class Plug:
    """A charger with one plug; what it may draw is kept through connections."""

    def __init__(self, box: str) -> None:
        self.box, self.limits = box, Limits()
        self.outlet = Outlet(WATTS, None)
        self.station: ObedientStation | None = None

    async def connects(self, system: RunningSystem, stack: AsyncExitStack) -> None:
        socket = await stack.enter_async_context(connect(system.charger_url(self.box), subprotocols=[OCPP16]))
        self.station = ObedientStation(self.box, socket, limits=self.limits, outlet=self.outlet)
        reading = asyncio.create_task(self.station.start())
        stack.callback(reading.cancel)
        await self.station.ask(call.BootNotification("AC22", "ACME"))
        await self.station.status("Charging" if self.outlet.delivery else "Available")

    async def begins(self) -> None:
        assert self.station is not None
        at = datetime.now(UTC)
        answer = await self.station.begin(f"T{self.box}", at.isoformat())
        delivery = Delivery(self.box, 1, "", at, 0, transaction=answer.transaction_id)
        self.outlet = self.station.outlet = Outlet(WATTS, delivery)
        await self.station.status("Charging")

    @property
    def offers_a(self) -> float:
        """What it offers for each phase, in amperes; nothing without a session."""
        if self.outlet.delivery is None:
            return 0
        return self.limits.power_w(1, datetime.now(UTC), {1: self.outlet}) / 690


async def a_zone(system: RunningSystem) -> None:
    """A location with three chargers in a zone that is on."""
    api = system.api(COMPANY)
    place = api.location({"strategy": "perKwh", "price": "0.50"})
    for box in BOXES:
        api.charger(place, box, plugs=1)
        api.token(f"T{box}")
    settings = ZoneSettings(name="Garage", capacity_w=690 * CAPACITY_A, time_zone="Europe/Berlin")
    told = (Setting("SupportedFeatureProfiles", "Core,SmartCharging"),)
    wiring = (PlugWiring(plug=1, rotation=(1, 2, 3), max_ma=16_000),)
    async with office(Settings(database_url=system.database), system.database) as parts:
        for box in BOXES:
            reported = ConfigurationReported(at=parts.clock.now(), settings=told, whole=True)
            why = Provenance(COMPANY, "staff:test")
            await parts.application.execute(
                maintenance, f"{COMPANY}/{box}", RecordDeviceEvent(event=reported), why
            )
        chargers = tuple(ZoneChargerInput(charger=box, plugs=wiring) for box in BOXES)
        wanted = NewZoneInput(zone="zone-of-the-test", settings=settings, chargers=chargers)
        await parts.operations.run(operations.create, staff("test", COMPANY), wanted)
        enabled = ZoneById(zone="zone-of-the-test")
        await parts.operations.run(operations.enable, staff("test", COMPANY), enabled)


async def until(plugs: list[Plug], true: Callable[[], bool]) -> None:
    """Wait until something is true; meanwhile the chargers never offer more than there is."""
    deadline = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < deadline, [each.offers_a for each in plugs]
        assert sum(each.offers_a for each in plugs) <= CAPACITY_A
        await asyncio.sleep(0.02)


def tenths(plugs: list[Plug]) -> list[int]:
    return [round(each.offers_a * 10) for each in plugs]


async def test_chargers_share_a_connection_also_after_the_server_was_killed(
    own_system: RunningSystem,
) -> None:
    own_system.start()
    await a_zone(own_system)
    plugs = [Plug(box) for box in BOXES]
    async with AsyncExitStack() as stack:
        for each in plugs:
            await each.connects(own_system, stack)
        await until(plugs, lambda: all(has_fallback(each) for each in plugs))
        await plugs[0].begins()
        await until(plugs, lambda: tenths(plugs) == [160, 0, 0])
        await plugs[1].begins()
        await until(plugs, lambda: tenths(plugs) == [160, 160, 0])
        own_system.kill()
    own_system.start()
    async with AsyncExitStack() as stack:
        for each in plugs:
            await each.connects(own_system, stack)
        await plugs[2].begins()
        await until(plugs, lambda: tenths(plugs) == [116, 116, 116])


def has_fallback(plug: Plug) -> bool:
    """Whether a session that began now would get nothing before the zone gives it something."""
    began = Delivery(plug.box, 1, "", datetime.now(UTC), 0)
    return plug.limits.power_w(1, datetime.now(UTC), {1: Outlet(WATTS, began)}) == 0
