"""Chargers over real sockets that keep charging profiles as the simulator's do, whatever befalls commands."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from ocpp.exceptions import OCPPError
from ocpp.routing import on
from ocpp.v16 import call, call_result
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from eosvolt.adapters.simulator.events import Delivery
from eosvolt.domain.load_balancing.demand import tolerated_ma
from eosvolt.domain.smart_charging.state import REACTS_WITHIN
from tests.e2e.ocpp.charger import OCPP16
from tests.e2e.ocpp.station import Station
from tests.zone_chargers import Car, SimCharger, SimPlug

METERS_EVERY_S = 5.0
# What every plug can deliver, and every car takes.
MOST_MA = 16_000
# A measurement so soon after a new limit says nothing of whether it is kept.
SETTLED_AFTER_S = REACTS_WITHIN.total_seconds() + 1


class WireMishap(StrEnum):
    """What befalls a command."""

    NONE = "none"
    REFUSED = "refused"
    LOST = "lost"
    ANSWER_LOST = "answer lost"
    UNANSWERED = "unanswered"


class BoxStation(Station):
    """Keeps profiles as the simulator's charger does, but for what befalls its next command."""

    def __init__(self, *arguments: Any, box: "ZoneBox") -> None:
        super().__init__(*arguments, response_timeout=20)
        self._box = box
        self._silent = False

    @on("SetChargingProfile")  # type: ignore[untyped-decorator] # the package ships without types
    async def set_profile(self, connector_id: int, cs_charging_profiles: dict[str, Any]) -> Any:
        box = self._box
        mishap = box.mishaps.pop(0) if box.mishaps else WireMishap.NONE
        status = "Rejected"
        if mishap not in {WireMishap.REFUSED, WireMishap.LOST}:
            status = box.charger.limits.take(connector_id, cs_charging_profiles, box.charger.outlets())
            box.taken_at = time.monotonic()
        if mishap in {WireMishap.LOST, WireMishap.ANSWER_LOST}:
            await self._connection.close()
        self._silent = mishap is WireMishap.UNANSWERED
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
class ZoneBox:
    """A charger with one plug. It tells all that happened, again and again, until it is answered."""

    charger: SimCharger
    url: str
    untold: list[Callable[[Station], Awaitable[None]]] = field(default_factory=list)
    mishaps: list[WireMishap] = field(default_factory=list)
    boots: bool = True
    station: BoxStation | None = None
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
                    self.station = BoxStation(self.name, socket, box=self)
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
