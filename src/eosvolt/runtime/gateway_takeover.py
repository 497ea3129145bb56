"""What a gateway does at its start about the chargers of the one before."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.charging import ChargingService
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.decider import charge_points

DISCONNECTIONS_AT_ONCE = 500


class HeartbeatTakeover(Protocol):
    """The sign of life of the one gateway that holds it."""

    async def taken_over(self) -> datetime | None:
        """Take it over and say when it last beat; ``None``: never, or another gateway is alive."""
        ...


class Connected(Protocol):
    """Who was connected, as far as the history says."""

    async def online(self) -> Sequence[str]:
        """The charge points that are connected."""
        ...


async def declare_gone(
    heartbeat: HeartbeatTakeover,
    connected: Connected,
    settled: Callable[[], Awaitable[object]],
    application: Application,
    charging: ChargingService,
    clock: Clock,
) -> None:
    """Chargers that a gateway held when it died have been away since; those that are there connect again.

    ``settled`` returns when the read models show everything that was stored.
    """
    last = await heartbeat.taken_over()
    if last is None:
        return
    await settled()
    since = min(last, clock.now())
    online = await connected.online()
    for first in range(0, len(online), DISCONNECTIONS_AT_ONCE):
        some = online[first : first + DISCONNECTIONS_AT_ONCE]
        await application.recall(charge_points, some)
        async with asyncio.TaskGroup() as group:
            for charge_point in some:
                group.create_task(charging.disconnected(charge_point, at=since, reason="the gateway stopped"))
