"""The reports of processes about their background jobs: what runs, its last run, its failures."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

REPORT_EVERY = timedelta(seconds=5)
# A process that has not reported for this long has stopped or hangs.
SILENT_AFTER = timedelta(seconds=30)
# After this time a stopped process is no longer shown.
FORGOTTEN_AFTER = timedelta(minutes=10)


class RunningJob(NamedTuple):
    """One job of one process, which has run it since ``started_at``.

    ``every_seconds`` and ``last_run_at`` are those of a periodic job. ``failures`` counts its consecutive
    failures; 0 after a success. ``position`` is that of a follower of the log.
    """

    job: str
    started_at: datetime
    every_seconds: float | None = None
    last_run_at: datetime | None = None
    last_failed_at: datetime | None = None
    failures: int = 0
    position: int | None = None


class ReportedJob(NamedTuple):
    """A job as its process, named ``process``, reported it at ``reported_at``."""

    process: str
    reported_at: datetime
    job: RunningJob

    def silent(self, now: datetime) -> bool:
        """Whether the process has crashed or hangs."""
        return now - self.reported_at > SILENT_AFTER


class JobReports(Protocol):
    """The job reports of processes."""

    async def report(self, process: str, jobs: Sequence[RunningJob], now: datetime) -> None:
        """Replace this process's previous report by ``jobs``."""
        ...

    async def withdraw(self, process: str) -> None:
        """Delete the report of a process that ends."""
        ...

    async def reported(self, now: datetime) -> Sequence[ReportedJob]:
        """The running jobs by process and name; processes that stopped long ago are left out."""
        ...
