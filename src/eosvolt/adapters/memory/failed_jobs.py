"""The list of failed jobs in a dictionary."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.application.failed_jobs import FailedJob, Job, next_attempt


class MemoryFailedJobs:
    """Forgets everything with the process."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._jobs: dict[tuple[str, str], FailedJob] = {}

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
        """Count a failed attempt. The next follows ``again_in``, without it by ``next_attempt``."""
        known = self._jobs.get((job.value, subject))
        before = known if known is not None and known.deadline == deadline else None
        attempts = 1 if before is None else before.attempts + 1
        self._jobs[job.value, subject] = FailedJob(
            len(self._jobs) + 1 if known is None else known.id,
            job.value,
            subject,
            company,
            deadline,
            attempts,
            now if before is None else before.first_failed_at,
            now,
            next_attempt(attempts, now) if again_in is None else now + again_in,
            error,
        )

    async def succeeded(self, job: Job, subject: str) -> None:
        """Take it off the list."""
        self._jobs.pop((job.value, subject), None)

    async def due_again(self, job: Job, now: datetime) -> Sequence[FailedJob]:
        """Those of one kind whose next attempt is due, the earliest first."""
        due = [
            (each.next_attempt_at, each)
            for each in self._jobs.values()
            if each.job == job.value and each.next_attempt_at is not None and each.next_attempt_at <= now
        ]
        return [each for _, each in sorted(due, key=lambda pair: (pair[0], pair[1].id))]

    @property
    def listed(self) -> Sequence[FailedJob]:
        """Everything that is on the list."""
        return list(self._jobs.values())
