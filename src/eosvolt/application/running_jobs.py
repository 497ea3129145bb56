"""What each process does by itself, as it reports it: what runs, when it was done last, when it failed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

REPORT_EVERY = timedelta(seconds=5)
# A process that has not reported for so long has stopped, or hangs.
SILENT_AFTER = timedelta(seconds=30)
# After that nobody wants to know of a process that stopped.
FORGOTTEN_AFTER = timedelta(minutes=10)


class RunningJob(NamedTuple):
    """One job of one process, which has run it since ``started_at``.

    ``every_seconds`` and ``last_run_at``: of a job that is done from time to time. ``failures``: how often in
    a row it failed; 0 where its last attempt went well. ``position``: up to which event a follower of the log
    has come.
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
        """Whether the process has stopped without a word, or hangs."""
        return now - self.reported_at > SILENT_AFTER


class JobReports(Protocol):
    """What processes report."""

    async def report(self, process: str, jobs: Sequence[RunningJob], now: datetime) -> None:
        """Put ``jobs`` in the place of what this process reported before."""
        ...

    async def withdraw(self, process: str) -> None:
        """The process ends in good order: it runs nothing any more."""
        ...

    async def reported(self, now: datetime) -> Sequence[ReportedJob]:
        """What processes run, by process and name; those that stopped long ago are left out."""
        ...
