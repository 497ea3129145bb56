"""Unknown chargers that tried to connect: a bounded list beside the history.

Connection attempts are counted in memory and written once a second. Unwritten counts are lost if the process
dies; the charger tries again.
"""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, NamedTuple, Self

import psycopg
from psycopg_pool import PoolTimeout

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.access import UnknownCharger
from eosvolt.application.ports import ConnectionAttempt

logger = logging.getLogger("eosvolt.unknown-chargers")

MOST_PER_COMPANY = 1_000
MOST_WAITING = 10_000
WRITTEN_EVERY = 1.0

_COUNT: LiteralString = (
    "INSERT INTO unknown_chargers AS u"
    " (company, charge_box_id, first_seen, last_seen, attempts, address, offered, secure)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (company, charge_box_id) DO UPDATE SET"
    " last_seen = greatest(u.last_seen, excluded.last_seen), attempts = u.attempts + excluded.attempts,"
    " address = excluded.address, offered = excluded.offered, secure = excluded.secure"
)
_TRIM: LiteralString = (
    "DELETE FROM unknown_chargers WHERE company = %s AND charge_box_id IN (SELECT charge_box_id"
    " FROM unknown_chargers WHERE company = %s ORDER BY last_seen DESC, charge_box_id OFFSET %s)"
)
_LIST: LiteralString = (
    "SELECT charge_box_id, first_seen, last_seen, attempts, address, offered, secure FROM unknown_chargers"
    " WHERE company = %s ORDER BY last_seen DESC, charge_box_id"
)
_FORGET: LiteralString = "DELETE FROM unknown_chargers WHERE company = %s AND charge_box_id = %s"
_ONE: LiteralString = (
    "SELECT charge_box_id, first_seen, last_seen, attempts, address, offered, secure FROM unknown_chargers"
    " WHERE company = %s AND charge_box_id = %s"
)


class _Waiting(NamedTuple):
    """The attempts that are not written yet: the time of the first, their number, and the last one."""

    since: datetime
    attempts: int
    last: ConnectionAttempt


class UnknownChargers:
    """Counts the connection attempts of unknown chargers, and lists them."""

    def __init__(self, dsn: str) -> None:
        """Use it as an async context manager; ``run`` writes."""
        self._database = ReadPool(dsn, "unknown chargers", size=2)
        self._waiting: dict[tuple[int, str], _Waiting] = {}

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    def attempted(self, attempt: ConnectionAttempt) -> None:
        """Count an attempt. Never blocks; drops the attempt if the memory limit is reached."""
        key = (attempt.company, attempt.charge_box_id)
        before = self._waiting.get(key)
        if before is not None:
            self._waiting[key] = _Waiting(before.since, before.attempts + 1, attempt)
        elif len(self._waiting) < MOST_WAITING:
            self._waiting[key] = _Waiting(attempt.at, 1, attempt)

    async def run(self) -> None:
        """Write the counts every second, for ever."""
        while True:
            await asyncio.sleep(WRITTEN_EVERY)
            with contextlib.suppress(psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
                await self.written()

    async def written(self) -> None:
        """Write the counts. Refused ones are dropped; after an outage they wait for the next call."""
        batch, self._waiting = self._waiting, {}
        if not batch:
            return
        rows = [
            (
                attempt.company, attempt.charge_box_id, since, attempt.at,
                attempts, attempt.address, attempt.offered, attempt.secure,
            )
            for since, attempts, attempt in batch.values()
        ]  # fmt: skip
        try:
            async with self._database.connection() as connection, connection.transaction():
                async with connection.cursor() as cursor:
                    await cursor.executemany(_COUNT, sorted(rows))
                for company in sorted({company for company, _ in batch}):
                    await connection.execute(_TRIM, (company, company, MOST_PER_COMPANY))
        except psycopg.DataError as error:
            logger.warning("unknown chargers could not be kept: %s", error)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout):
            self._waiting = batch | self._waiting
            raise

    async def of(self, company: int) -> Sequence[UnknownCharger]:
        """All unknown chargers of a company, the most recently seen first."""
        return [_unknown_charger(row) for row in await self._database.fetch(_LIST, (company,))]

    async def one(self, company: int, charge_box_id: str) -> UnknownCharger | None:
        """One unknown charger of a company, or ``None``."""
        rows = await self._database.fetch(_ONE, (company, charge_box_id))
        return _unknown_charger(rows[0]) if rows else None

    def forgotten(self, company: int, charge_box_id: str) -> Statements:
        """The statements that delete it from the list, until it tries to connect again."""
        self._waiting.pop((company, charge_box_id), None)
        return Statements(Statement(_FORGET, (company, charge_box_id)))


def _unknown_charger(row: tuple[object, ...]) -> UnknownCharger:
    return UnknownCharger(**dict(zip(UnknownCharger.__struct_fields__, row, strict=True)))  # type: ignore[arg-type]  # by column
