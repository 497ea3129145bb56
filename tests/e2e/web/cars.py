"""A charger with a car, for what a page has to show."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.running import RunningSystem


class Car(ChargePoint):  # type: ignore[misc]  # the package ships without types
    """A charge point of the ``ocpp`` package with somebody's car at plug 1."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.resets: list[str] = []

    @on("Reset")  # type: ignore[untyped-decorator]  # as above
    def reset(self, **payload: Any) -> Any:
        self.resets.append(payload["type"])
        return call_result.Reset(status="Accepted")

    @on("RemoteStopTransaction")  # type: ignore[untyped-decorator]  # as above
    def remote_stop(self, **payload: Any) -> Any:
        self.resets.append(str(payload["transaction_id"]))
        return call_result.RemoteStopTransaction(status="Accepted")

    async def tell(self, payload: Any) -> Any:
        return await self.call(payload, suppress=False)

    async def boot(self) -> None:
        await self.tell(call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22"))

    async def status(self, status: str, at: datetime | None = None, error: str = "NoError") -> None:
        await self.tell(
            call.StatusNotification(connector_id=1, error_code=error, status=status, timestamp=wire(at))
        )

    async def begin(self, token: str, at: datetime | None = None) -> int:
        begun = await self.tell(
            call.StartTransaction(connector_id=1, id_tag=token, meter_start=1000, timestamp=wire(at))
        )
        return int(begun.transaction_id)

    async def meter(
        self, transaction: int, wh: int, at: datetime | None = None, power_w: int = 11_000
    ) -> None:
        values = [
            {"value": str(wh), "measurand": "Energy.Active.Import.Register"},
            {"value": str(power_w), "measurand": "Power.Active.Import"},
        ]
        await self.tell(
            call.MeterValues(
                connector_id=1,
                transaction_id=transaction,
                meter_value=[{"timestamp": wire(at), "sampledValue": values}],
            )
        )

    async def end(self, transaction: int, wh: int, at: datetime | None = None) -> None:
        await self.tell(call.StopTransaction(transaction_id=transaction, meter_stop=wh, timestamp=wire(at)))


async def known(system: RunningSystem, session: int, company: int | None = None) -> None:
    """Wait until pages know the session; a read model is a moment behind the charger's answer."""
    async with asyncio.timeout(30):
        while True:
            answer = await asyncio.to_thread(system.api(company).client.get, f"/sessions/{session}")
            if answer.status_code == 200:
                return
            await asyncio.sleep(0.05)


def wire(at: datetime | None) -> str:
    """An instant as chargers write it; now where none is given."""
    return (at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Kept(Car):
    """A charge point that has a configuration and does what it is asked."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.settings = {"HeartbeatInterval": "900", "LightIntensity": "40"}
        self.readonly = {"NumberOfConnectors": "1"}

    @on("GetConfiguration")  # type: ignore[untyped-decorator]  # as above
    def get_configuration(self, key: list[str] | None = None) -> Any:
        reported = [
            {"key": name, "readonly": name in self.readonly, "value": value}
            for name, value in {**self.settings, **self.readonly}.items()
            if not key or name in key
        ]
        return call_result.GetConfiguration(configuration_key=reported, unknown_key=[])

    @on("ChangeConfiguration")  # type: ignore[untyped-decorator]  # as above
    def change_configuration(self, key: str, value: str) -> Any:
        if key not in self.settings:
            return call_result.ChangeConfiguration(status="NotSupported")
        self.settings[key] = value
        return call_result.ChangeConfiguration(
            status="RebootRequired" if key == "LightIntensity" else "Accepted"
        )

    @on("TriggerMessage")  # type: ignore[untyped-decorator]  # as above
    def trigger_message(self, **_: Any) -> Any:
        return call_result.TriggerMessage(status="Accepted")

    @on("SetChargingProfile")  # type: ignore[untyped-decorator]  # as above
    def set_charging_profile(self, **_: Any) -> Any:
        return call_result.SetChargingProfile(status="Accepted")


@asynccontextmanager
async def plugged(
    system: RunningSystem, charge_box_id: str, kind: type[Car] = Car, company: int | None = None
) -> AsyncIterator[Any]:
    """The charger, connected."""
    address = system.charger_url(charge_box_id, company)
    async with connect(address, subprotocols=[Subprotocol("ocpp1.6")]) as socket:
        car = kind(charge_box_id, socket)
        reading = asyncio.create_task(car.start())
        try:
            yield car
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
