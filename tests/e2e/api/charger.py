"""A charger of the ``ocpp`` package that charges a car, or says what a test wants it to say."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from tests.e2e.running import RunningSystem

T = TypeVar("T")


class Charger(ChargePoint):  # type: ignore[misc]  # the package ships without types
    """Obeys every command that is tried here."""

    @on("ClearCache")  # type: ignore[untyped-decorator]  # as above
    def clear_cache(self) -> Any:
        return call_result.ClearCache(status="Accepted")

    @on("Reset")  # type: ignore[untyped-decorator]  # as above
    def reset(self, **_: Any) -> Any:
        return call_result.Reset(status="Rejected")

    async def tell(self, payload: Any) -> Any:
        return await self.call(payload, suppress=False)

    async def status(self, status: str, error: str = "NoError") -> None:
        await self.tell(
            call.StatusNotification(connector_id=1, error_code=error, status=status, timestamp=now())
        )

    async def starts(self, token: str, ago: timedelta = timedelta(hours=1)) -> int:
        started = await self.tell(
            call.StartTransaction(connector_id=1, id_tag=token, meter_start=0, timestamp=now(ago))
        )
        return int(started.transaction_id)

    async def stops(self, transaction: int, wh: int) -> None:
        await self.tell(call.StopTransaction(transaction_id=transaction, meter_stop=wh, timestamp=now()))


def now(ago: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")


@asynccontextmanager
async def connected(
    system: RunningSystem, charge_box_id: str, company: int | None = None
) -> AsyncIterator[Charger]:
    async with connect(
        system.charger_url(charge_box_id, company), subprotocols=[Subprotocol("ocpp1.6")]
    ) as socket:
        charger = Charger(charge_box_id, socket)
        reading = asyncio.create_task(charger.start())
        try:
            await charger.tell(call.BootNotification(charge_point_vendor="ACME", charge_point_model="AC22"))
            yield charger
        finally:
            reading.cancel()


def charge_once(
    system: RunningSystem, charge_box_id: str, token: str, company: int | None = None
) -> tuple[str, str]:
    """A whole session with 10 kWh and a ground fault; returns the ids of both."""

    async def charging() -> str:
        async with connected(system, charge_box_id, company) as charger:
            await charger.status("Charging")
            transaction = await charger.starts(token)
            await charger.stops(transaction, 10_000)
            await charger.status("Faulted", "GroundFailure")
            await charger.status("Available")
        return str(transaction)

    session = asyncio.run(charging())
    fault = eventually(
        lambda: system.api(company).get("/faults", charger=charge_box_id, search="GroundFailure")["items"]
    )
    return session, str(fault[0]["id"])


def charge_now(system: RunningSystem, charge_box_id: str, token: str, company: int | None = None) -> str:
    """A session of 40 Wh that begins now; returns its id."""

    async def charging() -> str:
        async with connected(system, charge_box_id, company) as charger:
            await charger.status("Charging")
            transaction = await charger.starts(token, timedelta())
            await charger.stops(transaction, 40)
            await charger.status("Available")
        return str(transaction)

    return asyncio.run(charging())


def eventually(ask: Callable[[], T], seconds: float = 30) -> T:
    """The first answer that is something; what a charger says is seen on the screens a moment later."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.05)
    return found
