"""Time that passes faster, the same for a server in one process and its chargers in another."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class FastClock(NamedTuple):
    """Shows ``begun`` when the wall clock shows ``wall`` (epoch seconds) and runs ``speed`` times as fast."""

    begun: datetime
    wall: float
    speed: float

    def now(self) -> datetime:
        """The present instant of the accelerated time."""
        return self.begun + timedelta(seconds=(time.time() - self.wall) * self.speed)

    def second(self) -> datetime:
        """The last full second, which is as exactly as these chargers tell time."""
        return self.now().replace(microsecond=0)

    async def sleep(self, seconds: float) -> None:
        """Until so much of the accelerated time has passed."""
        await asyncio.sleep(seconds / self.speed)

    async def reach(self, at: datetime) -> None:
        """Until ``at``."""
        await self.sleep(max(0.0, (at - self.now()).total_seconds()))

    def arguments(self) -> tuple[str, str, str]:
        """For the command line of another process."""
        return self.begun.isoformat(), repr(self.wall), repr(self.speed)

    @classmethod
    def of(cls, begun: str, wall: str, speed: str) -> "FastClock":
        """The same clock in another process."""
        return cls(datetime.fromisoformat(begun).astimezone(UTC), float(wall), float(speed))
