"""The reports of all processes about their running jobs, in a shared table."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString, Self

from eosvolt.adapters.postgres.connections import LOST, ReadPool
from eosvolt.application.running_jobs import FORGOTTEN_AFTER, ReportedJob, RunningJob

_WITHDRAWN_WITHIN_SECONDS = 2.0
_FORGET: LiteralString = "DELETE FROM running_jobs WHERE process = %s OR reported_at < %s"
_REPORT: LiteralString = (
    "INSERT INTO running_jobs (process, reported_at, job, started_at, every_seconds, last_run_at,"
    " last_failed_at, failures, position) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_REPORTED: LiteralString = (
    "SELECT process, reported_at, job, started_at, every_seconds, last_run_at, last_failed_at, failures,"
    " position FROM running_jobs WHERE reported_at >= %b ORDER BY process, job"
)


class PostgresJobReports:
    """The job reports. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Store the reports in the database at ``dsn``."""
        self._database = ReadPool(dsn, "job reports", size=1, patience=5.0)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def report(self, process: str, jobs: Sequence[RunningJob], now: datetime) -> None:
        """Replace this process's previous report by ``jobs``."""
        rows = [(process, now, *job) for job in jobs]
        async with (
            self._database.connection() as connection,
            connection.transaction(),
            connection.cursor() as cursor,
        ):
            await cursor.execute(_FORGET, (process, now - FORGOTTEN_AFTER))
            await cursor.executemany(_REPORT, rows)

    async def withdraw(self, process: str) -> None:
        """Delete the report of a process that ends; gives up if the database does not answer in seconds."""
        with contextlib.suppress(TimeoutError, *LOST):
            async with asyncio.timeout(_WITHDRAWN_WITHIN_SECONDS), self._database.connection() as connection:
                await connection.execute("DELETE FROM running_jobs WHERE process = %s", (process,))

    async def reported(self, now: datetime) -> Sequence[ReportedJob]:
        """The running jobs by process and name; processes that stopped long ago are left out."""
        rows = await self._database.fetch(_REPORTED, (now - FORGOTTEN_AFTER,))
        return [ReportedJob(process, at, RunningJob(*job)) for process, at, *job in rows]
