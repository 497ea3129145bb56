"""Counts of OCPP frames that were not kept, by day, charger and reason, for operators."""

from collections.abc import Sequence
from datetime import UTC, date
from typing import LiteralString, Self

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.frame_retention import frames_kept
from eosvolt.application.frames_lost import FramesLost, LogOfFrames
from eosvolt.application.ports import Frame

# Why a frame was not kept.
BUDGET, MEMORY, REFUSED = "budget", "memory", "refused"
_COUNT: LiteralString = (
    "INSERT INTO ocpp_frames_lost AS l (day, company, charge_point, reason, frames, bytes)"
    " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (day, company, charge_point, reason) DO UPDATE SET"
    " frames = l.frames + excluded.frames, bytes = l.bytes + excluded.bytes"
)
_LOST: LiteralString = (
    "SELECT charge_point, reason, sum(frames)::bigint, sum(bytes)::bigint, max(day) FROM ocpp_frames_lost"
    " WHERE company = %b AND day >= %b GROUP BY charge_point, reason ORDER BY 4 DESC, 1, 2 LIMIT 200"
)


class FrameLosses:
    """Counts in memory; ``written`` stores the counts. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Store the counts in the database at ``dsn``."""
        self._database = ReadPool(dsn, "frames lost", size=1)
        self._waiting: dict[tuple[date, int, str, str], tuple[int, int]] = {}
        self.since_start: dict[str, int] = {BUDGET: 0, MEMORY: 0, REFUSED: 0}

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    def add(self, frame: Frame, reason: str) -> None:
        """Count a frame that is not kept. Never blocks."""
        self.since_start[reason] += 1
        key = (frame.at.astimezone(UTC).date(), frame.company, frame.charge_point, reason)
        frames, size = self._waiting.get(key, (0, 0))
        self._waiting[key] = (frames + 1, size + len(frame.text))

    async def written(self) -> None:
        """Write the counts; those that could not be written wait for the next call."""
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        rows = [(*key, *counts) for key, counts in sorted(batch.items())]
        try:
            async with (
                self._database.connection() as connection,
                connection.transaction(),
                connection.cursor() as cursor,
            ):
                await cursor.executemany(_COUNT, rows)
        except BaseException:
            for key, (frames, size) in batch.items():
                more = self._waiting.get(key, (0, 0))
                self._waiting[key] = (frames + more[0], size + more[1])
            raise

    async def log_of_frames(self, company: int, since: date) -> LogOfFrames:
        """The first day of the log, its size, and a company's losses since a day."""
        async with self._database.connection() as connection:
            kept = await frames_kept(connection)
        lost = [FramesLost(*row) for row in await self._database.fetch(_LOST, (company, since))]
        return LogOfFrames(kept.since, kept.size, _without_company(company, lost))


def _without_company(company: int, lost: Sequence[FramesLost]) -> list[FramesLost]:
    return [each._replace(charge_box_id=each.charge_box_id.removeprefix(f"{company}/")) for each in lost]
