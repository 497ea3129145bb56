"""An independent charger: the ``ocpp`` package's charge point over a real socket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call, call_result
from websockets.asyncio.client import connect

from tests.e2e.ocpp.charger import OCPP16


class Station(ChargePoint):  # type: ignore[misc] # the package ships without types
    """Says what a test makes it say, and obeys every command."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.obeyed: list[tuple[str, dict[str, Any]]] = []

    async def ask(self, payload: Any) -> Any:
        """Send a CALL; an error in the answer is raised."""
        return await self.call(payload, suppress=False)

    async def status(self, status: str, connector: int = 1, error: str = "NoError") -> None:
        await self.ask(call.StatusNotification(connector_id=connector, error_code=error, status=status))

    async def begin(self, tag: str, at: str, meter: int = 0, connector: int = 1) -> Any:
        return await self.ask(
            call.StartTransaction(connector_id=connector, id_tag=tag, meter_start=meter, timestamp=at)
        )

    async def end(self, transaction: int, at: str, meter: int, **more: Any) -> Any:
        return await self.ask(
            call.StopTransaction(transaction_id=transaction, meter_stop=meter, timestamp=at, **more)
        )

    async def meter(
        self, at: str, *samples: dict[str, str], transaction: int | None = None, connector: int = 1
    ) -> None:
        values = [{"timestamp": at, "sampled_value": list(samples)}]
        await self.ask(
            call.MeterValues(connector_id=connector, meter_value=values, transaction_id=transaction)
        )

    @on("RemoteStartTransaction")  # type: ignore[untyped-decorator] # see above
    def remote_start(self, **payload: Any) -> Any:
        self.obeyed.append(("RemoteStartTransaction", payload))
        return call_result.RemoteStartTransaction(status="Accepted")

    @on("RemoteStopTransaction")  # type: ignore[untyped-decorator] # see above
    def remote_stop(self, **payload: Any) -> Any:
        self.obeyed.append(("RemoteStopTransaction", payload))
        return call_result.RemoteStopTransaction(status="Accepted")

    @on("Reset")  # type: ignore[untyped-decorator] # see above
    def reset(self, **payload: Any) -> Any:
        self.obeyed.append(("Reset", payload))
        return call_result.Reset(status="Rejected")

    @on("UnlockConnector")  # type: ignore[untyped-decorator] # see above
    def unlock(self, **payload: Any) -> Any:
        self.obeyed.append(("UnlockConnector", payload))
        return call_result.UnlockConnector(status="Unlocked")

    @on("ChangeAvailability")  # type: ignore[untyped-decorator] # see above
    def availability(self, **payload: Any) -> Any:
        self.obeyed.append(("ChangeAvailability", payload))
        return call_result.ChangeAvailability(status="Scheduled")

    @on("GetConfiguration")  # type: ignore[untyped-decorator] # see above
    def configuration(self, **payload: Any) -> Any:
        self.obeyed.append(("GetConfiguration", payload))
        known = [{"key": "HeartbeatInterval", "readonly": False, "value": "300"}]
        return call_result.GetConfiguration(configuration_key=known, unknown_key=["Nonsense"])

    @on("ChangeConfiguration")  # type: ignore[untyped-decorator] # see above
    def configure(self, **payload: Any) -> Any:
        self.obeyed.append(("ChangeConfiguration", payload))
        return call_result.ChangeConfiguration(status="RebootRequired")

    @on("ClearCache")  # type: ignore[untyped-decorator] # see above
    def clear_cache(self, **payload: Any) -> Any:
        self.obeyed.append(("ClearCache", payload))
        return call_result.ClearCache(status="Rejected")

    @on("DataTransfer")  # type: ignore[untyped-decorator] # see above
    def data_transfer(self, **payload: Any) -> Any:
        self.obeyed.append(("DataTransfer", payload))
        return call_result.DataTransfer(status="Accepted", data="pong")

    @on("TriggerMessage")  # type: ignore[untyped-decorator] # see above
    def trigger(self, **payload: Any) -> Any:
        self.obeyed.append(("TriggerMessage", payload))
        return call_result.TriggerMessage(status="NotImplemented")


@asynccontextmanager
async def station(url: str) -> AsyncIterator[Station]:
    """A connected charge point."""
    async with connect(url, subprotocols=[OCPP16]) as socket:
        cp = Station("CP-1", socket, response_timeout=30)
        listening = asyncio.create_task(cp.start())
        try:
            yield cp
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
