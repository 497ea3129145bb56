"""An independent charger with a local list, reservations, files and charging profiles."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from ocpp.routing import on
from ocpp.v16 import call, call_result
from websockets.asyncio.client import connect

from tests.e2e.ocpp.charger import OCPP16
from tests.e2e.ocpp.station import Station


class Keeper(Station):
    """``answers`` holds what it says to the next commands of an action; without one it agrees."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.answers: dict[str, list[dict[str, Any]]] = {}

    def asked(self, action: str) -> list[dict[str, Any]]:
        """What it was told under this name, the oldest first."""
        return [payload for name, payload in self.obeyed if name == action]

    def _answer(self, action: str, payload: dict[str, Any], **usual: Any) -> Any:
        self.obeyed.append((action, payload))
        waiting = self.answers.get(action, [])
        return getattr(call_result, action)(**(waiting.pop(0) if waiting else usual))

    @on("GetLocalListVersion")  # type: ignore[untyped-decorator] # the package ships without types
    def list_version(self, **payload: Any) -> Any:
        return self._answer("GetLocalListVersion", payload, list_version=0)

    @on("SendLocalList")  # type: ignore[untyped-decorator] # see above
    def list_sent(self, **payload: Any) -> Any:
        return self._answer("SendLocalList", payload, status="Accepted")

    @on("ReserveNow")  # type: ignore[untyped-decorator] # see above
    def reserve(self, **payload: Any) -> Any:
        return self._answer("ReserveNow", payload, status="Accepted")

    @on("CancelReservation")  # type: ignore[untyped-decorator] # see above
    def cancel(self, **payload: Any) -> Any:
        return self._answer("CancelReservation", payload, status="Accepted")

    @on("GetDiagnostics")  # type: ignore[untyped-decorator] # see above
    def diagnostics(self, **payload: Any) -> Any:
        return self._answer("GetDiagnostics", payload, file_name="diagnostics.zip")

    @on("GetLog")  # type: ignore[untyped-decorator] # see above
    def log(self, **payload: Any) -> Any:
        return self._answer("GetLog", payload, status="Accepted", filename="log.zip")

    @on("SetChargingProfile")  # type: ignore[untyped-decorator] # see above
    def limit(self, **payload: Any) -> Any:
        return self._answer("SetChargingProfile", payload, status="Accepted")

    async def diagnostics_status(self, status: str) -> None:
        await self.ask(call.DiagnosticsStatusNotification(status=status))

    async def log_status(self, status: str, request: int) -> None:
        await self.ask(call.LogStatusNotification(status=status, request_id=request))

    async def reserved_start(self, tag: str, at: str, reservation: int, connector: int = 1) -> Any:
        return await self.ask(
            call.StartTransaction(
                connector_id=connector, id_tag=tag, meter_start=0, timestamp=at, reservation_id=reservation
            )
        )


@asynccontextmanager
async def keeper(url: str) -> AsyncIterator[Keeper]:
    """A connected one, which has told that its plug is free."""
    async with connect(url, subprotocols=[OCPP16]) as socket:
        cp = Keeper("CP-1", socket, response_timeout=30)
        listening = asyncio.create_task(cp.start())
        try:
            await cp.status("Available")
            yield cp
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
