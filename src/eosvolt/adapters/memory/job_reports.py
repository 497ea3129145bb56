"""What processes report of their jobs, in a dictionary."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.application.running_jobs import FORGOTTEN_AFTER, ReportedJob, RunningJob


class MemoryJobReports:
    """Forgets everything with the process."""

    def __init__(self) -> None:
        """Nothing was reported yet."""
        self._reported: dict[str, list[ReportedJob]] = {}

    async def report(self, process: str, jobs: Sequence[RunningJob], now: datetime) -> None:
        """Put ``jobs`` in the place of what this process reported before."""
        self._reported[process] = [ReportedJob(process, now, job) for job in jobs]

    async def withdraw(self, process: str) -> None:
        """The process ends in good order: it runs nothing any more."""
        self._reported.pop(process, None)

    async def reported(self, now: datetime) -> Sequence[ReportedJob]:
        """What processes run, by process and name; those that stopped long ago are left out."""
        found = [each for jobs in self._reported.values() for each in jobs]
        recent = [each for each in found if now - each.reported_at <= FORGOTTEN_AFTER]
        return sorted(recent, key=lambda each: (each.process, each.job.job))
