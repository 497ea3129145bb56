"""``/failed-jobs``: work of the system that failed, is tried again or waits for an operator."""

from datetime import datetime
from typing import Literal

from eosvolt.adapters.http.endpoint import Call, endpoint
from eosvolt.adapters.http.problems import not_found
from eosvolt.adapters.http.shapes import Items, View
from eosvolt.application.failed_jobs import INSTALLATION, FailedJob

LARGEST_ID = 2**63 - 1


class FailedJobView(View, frozen=True, kw_only=True):
    """A job that failed.

    ``state``: ``retrying`` until ``nextAttemptAt``, or ``givenUp``. ``subject`` is what it was about, such as
    the stream ``session:170001``. ``ownedByCompany`` is false for jobs of the whole installation, which only
    whoever runs it can mend. ``dueAt``: the deadline that could not be carried out.
    """

    id: str
    job: str
    subject: str
    state: Literal["retrying", "givenUp"]
    owned_by_company: bool
    attempts: int
    first_failed_at: datetime
    last_failed_at: datetime
    error: str
    next_attempt_at: datetime | None = None
    due_at: datetime | None = None


@endpoint("GET", "/failed-jobs")
async def list_failed_jobs(call: Call) -> Items[FailedJobView]:
    """The company's failed jobs and the installation's, at most 500, the newest failure first."""
    return Items(items=[_view(each) for each in await call.dependencies.failed_jobs.of(call.company)])


@endpoint("POST", "/failed-jobs/{job}/retry", status=204)
async def retry_failed_job(call: Call, job: str) -> None:
    """Try a job of the company again at once; it has all its attempts before it."""
    if not await call.dependencies.failed_jobs.retry(call.company, job_number(job), call.now):
        raise not_found()


@endpoint("POST", "/failed-jobs/{job}/dismiss", status=204)
async def dismiss_failed_job(call: Call, job: str) -> None:
    """Leave a job of the company undone and take it off the list."""
    by = call.identity.by
    if not await call.dependencies.failed_jobs.dismiss(call.company, job_number(job), call.now, by):
        raise not_found()


def job_number(text: str) -> int:
    """The number that an id stands for. Raises the 404 ``Problem`` for anything else."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    if not 0 < number <= LARGEST_ID:
        raise not_found()
    return number


def _view(job: FailedJob) -> FailedJobView:
    return FailedJobView(
        id=str(job.id),
        job=job.job,
        subject=job.subject,
        state="givenUp" if job.given_up else "retrying",
        owned_by_company=job.company != INSTALLATION,
        attempts=job.attempts,
        first_failed_at=job.first_failed_at,
        last_failed_at=job.last_failed_at,
        error=job.error,
        next_attempt_at=job.next_attempt_at,
        due_at=job.deadline,
    )


ENDPOINTS = (list_failed_jobs, retry_failed_job, dismiss_failed_job)
