"""Jobs that run and jobs that failed, as the API and the pages show them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.running_jobs import ReportedJob

LARGEST_ID = 2**63 - 1
LOST_DAYS = 30


class FailedJobCounts(NamedTuple):
    """How many failed jobs are tried again, and how many wait for an operator."""

    retrying: int
    given_up: int


def counts_of(failed: Sequence[FailedJob]) -> FailedJobCounts:
    """How many are tried again, and how many were given up."""
    given_up = sum(each.given_up for each in failed)
    return FailedJobCounts(len(failed) - given_up, given_up)


def job_state(reported: ReportedJob, now: datetime) -> Literal["running", "failing", "silent"]:
    """How a job goes: ``silent`` where its process has not reported for 30 seconds."""
    if reported.silent(now):
        return "silent"
    return "failing" if reported.job.failures else "running"


def job_number(text: str) -> int:
    """The number that an id stands for. Raises the 404 ``Problem`` for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    if not 0 < number <= LARGEST_ID:
        raise not_found()
    return number
