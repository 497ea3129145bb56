"""Records that the chargers of gateways that are gone are disconnected."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from eosvolt.application.charging import ChargingService
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock, LostGateway
from eosvolt.domain.charge_points.decider import charge_points

DISCONNECTIONS_AT_ONCE = 500


class Connected(Protocol):
    """The connected charge points according to the history."""

    async def online(self, gateway: str) -> Sequence[str]:
        """The charge points that are connected to a gateway."""
        ...


class GatewayTakeover:
    """Declares chargers gone whose gateway is gone, at the time of its last beat; they connect again."""

    def __init__(
        self, connected: Connected, application: Application, charging: ChargingService, clock: Clock
    ) -> None:
        """``connected`` finds the chargers of a gateway."""
        self._connected = connected
        self._application = application
        self._charging = charging
        self._clock = clock

    async def declare_gone(self, found: AbstractAsyncContextManager[Sequence[LostGateway]]) -> None:
        """Record it for the chargers of all gateways that were ``found`` to be gone."""
        async with found as gone:
            for gateway in gone:
                await self._declare_gone(gateway)

    async def _declare_gone(self, gateway: LostGateway) -> None:
        since = min(gateway.beat_at, self._clock.now())
        online = await self._connected.online(gateway.id)
        for first in range(0, len(online), DISCONNECTIONS_AT_ONCE):
            some = online[first : first + DISCONNECTIONS_AT_ONCE]
            await self._application.recall(charge_points, some)
            async with asyncio.TaskGroup() as group:
                for charge_point in some:
                    group.create_task(
                        self._charging.disconnected(
                            charge_point, at=since, reason="the gateway stopped", gateway=gateway.id
                        )
                    )
