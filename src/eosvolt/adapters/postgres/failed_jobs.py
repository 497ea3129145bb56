"""The list of failed jobs in PostgreSQL: it survives restarts and is shared by all processes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString, Self

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.failed_jobs import INSTALLATION, FailedJob, Job, next_attempt

# Counts attempts per deadline: another deadline of the same subject starts at its first attempt.
_COUNTED: LiteralString = (
    "SELECT CASE WHEN deadline IS NOT DISTINCT FROM %s THEN attempts ELSE 0 END"
    " FROM failed_jobs WHERE job = %s AND subject = %s FOR UPDATE"
)
_FAILED: LiteralString = (
    "INSERT INTO failed_jobs AS f (job, subject, company, deadline, attempts, first_failed_at,"
    " last_failed_at, next_attempt_at, error)"
    " VALUES (%(job)s, %(subject)s, %(company)s, %(deadline)s, %(attempts)s, %(now)s, %(now)s, %(next)s,"
    " %(error)s)"
    " ON CONFLICT (job, subject) DO UPDATE SET company = excluded.company, deadline = excluded.deadline,"
    " attempts = excluded.attempts, last_failed_at = excluded.last_failed_at,"
    " first_failed_at = CASE WHEN excluded.attempts = 1 THEN excluded.first_failed_at"
    " ELSE f.first_failed_at END,"
    " error = excluded.error,"
    # An attempt that was running when an operator dismissed the job does not restore it.
    " next_attempt_at = CASE WHEN f.dismissed_at IS NOT NULL AND f.deadline IS NOT DISTINCT FROM"
    " excluded.deadline THEN NULL ELSE excluded.next_attempt_at END,"
    " dismissed_at = CASE WHEN f.deadline IS NOT DISTINCT FROM excluded.deadline THEN f.dismissed_at END"
)
_LISTED: LiteralString = (
    "SELECT id, job, subject, company, deadline, attempts, first_failed_at, last_failed_at, next_attempt_at,"
    " error FROM failed_jobs WHERE company = ANY(%b) AND dismissed_at IS NULL"
    " ORDER BY last_failed_at DESC, id DESC LIMIT %b"
)
_ONE: LiteralString = (
    "SELECT id, job, subject, company, deadline, attempts, first_failed_at, last_failed_at, next_attempt_at,"
    " error FROM failed_jobs WHERE id = %b AND company = %b AND dismissed_at IS NULL"
)
_RETRY: LiteralString = (
    "UPDATE failed_jobs SET attempts = 0, next_attempt_at = %s"
    " WHERE id = %s AND company = %s AND dismissed_at IS NULL"
)
_DISMISS: LiteralString = (
    "UPDATE failed_jobs SET next_attempt_at = NULL, dismissed_at = %s, dismissed_by = %s"
    " WHERE id = %s AND company = %s AND dismissed_at IS NULL"
)
_DUE: LiteralString = (
    "SELECT id, job, subject, company, deadline, attempts, first_failed_at, last_failed_at, next_attempt_at,"
    " error FROM failed_jobs WHERE job = %b AND next_attempt_at <= %b"
    " ORDER BY next_attempt_at LIMIT 100"
)
MOST_LISTED = 500


class PostgresFailedJobs:
    """The failed jobs. Use it as an async context manager."""

    def __init__(self, dsn: str) -> None:
        """Uses its own connections, so that failures are recorded while other pools are busy."""
        self._database = ReadPool(dsn, "failed jobs", size=2)

    async def __aenter__(self) -> Self:
        """Start filling the pool; does not wait for the database."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def failed(
        self,
        job: Job,
        subject: str,
        company: int,
        error: str,
        now: datetime,
        *,
        deadline: datetime | None = None,
        again_in: timedelta | None = None,
    ) -> None:
        """Count a failed attempt. The next one follows after ``again_in``, or else by ``next_attempt``."""
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(_COUNTED, (deadline, job.value, subject))
            row = await cursor.fetchone()
            attempts = 1 + (0 if row is None else int(row[0]))
            await connection.execute(
                _FAILED,
                {
                    "job": job.value,
                    "subject": subject,
                    "company": company,
                    "deadline": deadline,
                    "attempts": attempts,
                    "now": now,
                    "next": next_attempt(attempts, now) if again_in is None else now + again_in,
                    "error": error.replace("\x00", "\ufffd"),
                },
            )

    async def succeeded(self, job: Job, subject: str) -> None:
        """Remove the job from the list."""
        await self._run("DELETE FROM failed_jobs WHERE job = %s AND subject = %s", job.value, subject)

    async def due_again(self, job: Job, now: datetime) -> Sequence[FailedJob]:
        """The failed jobs of one kind whose next attempt is due, the earliest first."""
        rows = await self._database.fetch(_DUE, (job.value, now))
        return [FailedJob(*row) for row in rows]

    async def of(self, company: int) -> Sequence[FailedJob]:
        """The failed jobs of a company and of the installation, the newest failure first."""
        rows = await self._database.fetch(_LISTED, ([company, INSTALLATION], MOST_LISTED))
        return [FailedJob(*row) for row in rows]

    async def one(self, company: int, number: int) -> FailedJob | None:
        """A company's own failed job, ``None`` if there is none or it was dismissed."""
        rows = await self._database.fetch(_ONE, (number, company))
        return FailedJob(*rows[0]) if rows else None

    def tried_again(self, job: FailedJob, at: datetime) -> Statements:
        """The statements that make a job due at once, with its count of attempts reset."""
        return Statements(Statement(_RETRY, (at, job.id, job.company)))

    def dismissed(self, job: FailedJob, at: datetime, by: str) -> Statements:
        """The statements that dismiss a job: it is neither tried again nor shown."""
        return Statements(Statement(_DISMISS, (at, by, job.id, job.company)))

    async def _run(self, query: LiteralString, *params: Any) -> None:  # noqa: ANN401 - values of columns
        async with self._database.connection() as connection:
            await connection.execute(query, params)
