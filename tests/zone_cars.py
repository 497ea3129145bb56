"""Cars at the chargers of a zone: they come, go and are metered; chargers leave, come back and restart."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from eosvolt.adapters.simulator.events import Delivery
from eosvolt.domain.charge_points.reports import (
    Boot,
    ConnectorStatus,
    MeterReport,
    Reading,
    StartReport,
    StatusReport,
    StopReport,
)
from eosvolt.runtime.command_dispatcher import CommandDispatcher
from tests.zone_chargers import VOLTS, Car, SimCharger, SimPlug, token_of
from tests.zone_gateway import ZoneGateway


class ZoneCars(ZoneGateway):
    """What happens at chargers, and what they say of it at once or when they are connected again."""

    dispatcher: CommandDispatcher
    numbers: dict[str, int]

    async def arrives(self, charger: SimCharger, *, boots: bool = False) -> None:
        """The charger connects, and tells what happened meanwhile."""
        charger.online = True
        now = self.clock.now()
        await self.charging.connected(
            charger.key, at=now, protocol="ocpp1.6", secure=False, authenticated=False, address=""
        )
        if boots:
            await self.charging.booted(charger.key, Boot(received_at=now, vendor="ACME", model="AC22"))
        while charger.untold:
            await charger.untold.pop(0)()
        self.dispatcher.arrived(charger.key, started=True)

    async def reboots(self, charger: SimCharger) -> None:
        """It restarts while sessions go on, without their profiles."""
        if charger.online:
            await self.leaves(charger)
        charger.inbox.clear()
        charger.restarts()
        await self.arrives(charger, boots=True)

    async def plugs_in(self, charger: SimCharger, number: int, car: Car) -> None:
        plug, now = charger.plugs[number], self.clock.now()
        plug.car = car
        plug.delivery = Delivery(charger.key, number, token_of(charger, number), now, 0)
        await self._tells(charger, lambda: self._starts(charger, plug, now))

    async def unplugs(self, charger: SimCharger, number: int) -> None:
        plug, now = charger.plugs[number], self.clock.now()
        delivery, plug.car, plug.delivery = plug.delivery, None, None
        assert delivery is not None
        await self._tells(charger, lambda: self._stops(charger, plug, delivery, now))

    async def reports(self, charger: SimCharger, number: int, status: str) -> None:
        now = self.clock.now()

        async def tell() -> None:
            report = StatusReport(
                connector=number,
                status=ConnectorStatus(status),
                at=now,
                received_at=self.clock.now(),
                error_code="NoError",
            )
            await self.charging.reported(charger.key, report)

        await self._tells(charger, tell)

    async def meters(self, charger: SimCharger) -> None:
        """All plugs tell what they draw."""
        now = self.clock.now()
        for number, plug in charger.plugs.items():
            if plug.delivery is None or plug.delivery.transaction is None or not charger.online:
                continue
            current = charger.draws_ma(plug, now)
            phases = len(charger.used_lines(plug))
            reading = Reading(
                at=now,
                register_wh=plug.register_mwh // 1000,
                power_w=current * phases * VOLTS // 1000,
                current_a=current / 1000,
            )
            report = MeterReport(
                connector=number,
                received_at=now,
                readings=(reading,),
                transaction=plug.delivery.transaction,
            )
            await self.charging.metered(charger.key, report)

    async def _tells(self, charger: SimCharger, tell: Callable[[], Any]) -> None:
        if charger.online:
            await tell()
        else:
            charger.untold.append(tell)

    async def _starts(self, charger: SimCharger, plug: SimPlug, at: datetime) -> None:
        delivery = plug.delivery
        report = StartReport(
            connector=plug.wiring.plug,
            token=token_of(charger, plug.wiring.plug),
            at=at,
            received_at=self.clock.now(),
            meter_start_wh=plug.register_mwh // 1000,
        )
        answer = await self.charging.started(charger.key, report)
        if delivery is not None and delivery.started_at == at:
            delivery.transaction = answer.transaction
        self.numbers[f"{charger.key}/{plug.wiring.plug}/{at}"] = answer.transaction

    async def _stops(self, charger: SimCharger, plug: SimPlug, delivery: Delivery, at: datetime) -> None:
        transaction = self.numbers[f"{charger.key}/{plug.wiring.plug}/{delivery.started_at}"]
        report = StopReport(
            transaction=transaction,
            at=at,
            received_at=self.clock.now(),
            meter_stop_wh=plug.register_mwh // 1000,
        )
        await self.charging.stopped(charger.key, report)
