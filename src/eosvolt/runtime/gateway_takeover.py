"""At its start a gateway records that the chargers of a crashed gateway are disconnected."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.charging import ChargingService
from eosvolt.application.executor import Application
from eosvolt.application.ports import Clock
from eosvolt.domain.charge_points.decider import charge_points

DISCONNECTIONS_AT_ONCE = 500


class HeartbeatTakeover(Protocol):
    """The heartbeat, which one gateway at a time holds."""

    async def taken_over(self) -> datetime | None:
        """Take the heartbeat over and return its last time; ``None``: never, or another gateway is alive."""
        ...


class Connected(Protocol):
    """The connected charge points according to the history."""

    async def online(self) -> Sequence[str]:
        """The charge points that are connected."""
        ...


async def declare_gone(
    heartbeat: HeartbeatTakeover,
    connected: Connected,
    application: Application,
    charging: ChargingService,
    clock: Clock,
) -> None:
    """Record that a crashed gateway's chargers disconnected at its last heartbeat; they connect again."""
    last = await heartbeat.taken_over()
    if last is None:
        return
    since = min(last, clock.now())
    online = await connected.online()
    for first in range(0, len(online), DISCONNECTIONS_AT_ONCE):
        some = online[first : first + DISCONNECTIONS_AT_ONCE]
        await application.recall(charge_points, some)
        async with asyncio.TaskGroup() as group:
            for charge_point in some:
                group.create_task(charging.disconnected(charge_point, at=since, reason="the gateway stopped"))
