"""Figures of the installation: progress of the followers, last seal and backup, size of the database."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple, Self

import msgspec

from eosvolt.adapters.postgres.append import STORED_UP_TO
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.stored_events import moment
from eosvolt.application.installation import Lag, SealHead

_POSITIONS: LiteralString = (
    "SELECT 'readModel', v.name, coalesce(t.notification_id, 0) FROM read_model_versions v"
    " LEFT JOIN notification_tracking t ON t.application_name = v.name || ':v' || v.version"
    " WHERE v.name = ANY(%b::text[])"
    " UNION ALL SELECT 'follower', application_name, notification_id FROM notification_tracking"
    " WHERE application_name = ANY(%b::text[])"
    " ORDER BY 1 DESC, 2"
)
_FIRST_BEHIND: LiteralString = (
    "SELECT p, e.state FROM unnest(%b::bigint[]) AS p, LATERAL (SELECT state FROM stored_events"
    " WHERE notification_id > p ORDER BY notification_id LIMIT 1) AS e"
)
_SEAL: LiteralString = "SELECT up_to, sealed_at, digest FROM history_seals ORDER BY up_to DESC LIMIT 1"
_BACKUP: LiteralString = "SELECT max(made_at) FROM backups"
_SIZE: LiteralString = "SELECT pg_database_size(current_database())"


class HistoryFigures(NamedTuple):
    """The newest position, the followers' positions, the last seal, and the database's size in bytes.

    ``last_backup_at`` is the time of the newest recorded backup.
    """

    head: int
    lags: Sequence[Lag]
    seal: SealHead | None
    database_size: int
    last_backup_at: datetime | None


class PostgresInstallation:
    """Queries over its own connection. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Read from the database at ``dsn``."""
        self._reading = ReadPool(dsn, "installation", size=1, patience=10.0)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._reading.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._reading.close()

    async def history(
        self, models: Sequence[str], followers: Sequence[str], others: Sequence[tuple[str, int]]
    ) -> HistoryFigures:
        """The figures of the named read models and followers, of the seals, and of ``others``.

        ``others`` are names with their positions. All positions are read before the head, so that events
        that arrive meanwhile count as not yet processed.
        """
        rows = await self._reading.fetch(_POSITIONS, (list(models), list(followers)))
        positions = list(rows)
        sealed = await self._reading.fetch(_SEAL)
        seal = SealHead(sealed[0][0], sealed[0][1], sealed[0][2].hex()) if sealed else None
        positions.append(("seals", "seals", seal.position if seal else 0))
        positions += [("follower", name, position) for name, position in others]
        head = int((await self._reading.fetch(STORED_UP_TO))[0][0])
        behind = sorted({position for _, _, position in positions if position < head})
        first = dict(await self._reading.fetch(_FIRST_BEHIND, (behind,))) if behind else {}
        lags = [
            Lag(kind, name, position, max(head - position, 0), _recorded(first.get(position)))
            for kind, name, position in positions
        ]
        size = await self._reading.fetch(_SIZE)
        ((backup,),) = await self._reading.fetch(_BACKUP)
        return HistoryFigures(head, lags, seal, int(size[0][0]), backup)


def _recorded(state: bytes | None) -> datetime | None:
    if state is None:
        return None
    try:
        return moment(state).recorded_at
    except msgspec.MsgspecError:
        return None
