"""A charger that supports smart charging: it tells so, and keeps the limits that it is sent."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import quote

from ocpp.routing import on
from ocpp.v16 import call, call_result
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.api.charger import Charger, eventually, now
from tests.e2e.running import RunningSystem


class SteerableCharger(Charger):
    """Tells that it supports smart charging, and takes every limit. ``limits`` are by its plugs, in A."""

    limits: dict[int, float]

    @on("GetConfiguration")  # type: ignore[untyped-decorator]  # the package ships without types
    def get_configuration(self, **_: Any) -> Any:
        profiles = {"key": "SupportedFeatureProfiles", "readonly": True, "value": "Core,SmartCharging"}
        return call_result.GetConfiguration(configuration_key=[profiles], unknown_key=[])

    @on("SetChargingProfile")  # type: ignore[untyped-decorator]  # as above
    def set_charging_profile(self, connector_id: int, cs_charging_profiles: Any) -> Any:
        (period,) = cs_charging_profiles["charging_schedule"]["charging_schedule_period"]
        self.limits[connector_id] = period["limit"]
        return call_result.SetChargingProfile(status="Accepted")

    @on("ClearChargingProfile")  # type: ignore[untyped-decorator]  # as above
    def clear_charging_profile(self, **_: Any) -> Any:
        self.limits.clear()
        return call_result.ClearChargingProfile(status="Accepted")

    async def meters(self, transaction: int, wh: int, watts: int) -> None:
        sampled = [
            {"value": str(wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh"},
            {"value": str(watts), "measurand": "Power.Active.Import", "unit": "W"},
        ]
        values = [{"timestamp": now(), "sampled_value": sampled}]
        await self.tell(call.MeterValues(connector_id=1, transaction_id=transaction, meter_value=values))


@asynccontextmanager
async def steerable(
    system: RunningSystem, box: str, company: int | None = None
) -> AsyncIterator[SteerableCharger]:
    """The charger, connected; the system knows its settings."""
    url = system.charger_url(box, company or system.company)
    async with connect(url, subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        charger = SteerableCharger(box, socket)
        charger.limits = {}
        reading = asyncio.create_task(charger.start())
        try:
            await charger.tell(call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22"))
            await charger.status("Available")
            await asyncio.to_thread(_settings_read, system, box, company)
            yield charger
        finally:
            reading.cancel()


def _settings_read(system: RunningSystem, box: str, company: int | None) -> None:
    api = system.api(company)
    api.post(f"/chargers/{quote(box, safe='')}/commands", {"type": "getConfiguration"}, 202)

    def told() -> bool:
        found = api.every("/zones/candidates")
        return any(each["chargeBoxId"] == box and each.get("whyNot") != "unknown" for each in found)

    eventually(told)


def a_zone(system: RunningSystem, box: str, name: str, company: int | None = None) -> str:
    """A zone of the charger, which is off; returns its id."""

    async def told() -> None:
        async with steerable(system, box, company):
            pass

    asyncio.run(told())
    wanted = {"name": name, "capacityKw": 50, "fallbackA": 6, "chargers": [box]}
    zone: str = system.api(company).post("/zones", wanted)["id"]
    return zone
