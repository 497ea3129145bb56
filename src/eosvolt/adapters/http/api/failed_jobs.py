"""``/failed-jobs`` and ``/message-log``: failed jobs, and OCPP messages that were not stored."""

from datetime import date, datetime, timedelta
from typing import Literal

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import Items, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.presentation.failed_jobs import LOST_DAYS, job_number
from eosvolt.application.failed_jobs import INSTALLATION, FailedJob
from eosvolt.application.frames_lost import dropped_on
from eosvolt.application.operations import failed_jobs
from eosvolt.application.operations.failed_jobs import JobById


class FailedJobView(View, frozen=True, kw_only=True):
    """A job that failed.

    ``state``: ``retrying`` until ``nextAttemptAt``, or ``givenUp``. ``subject`` is e.g. the stream
    ``session:170001``. ``ownedByCompany`` is false for jobs of the installation, which only its operator can
    repair. ``dueAt``: the missed deadline.
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


@endpoint("GET", "/failed-jobs", needs=failed_jobs.VIEW)
async def list_failed_jobs(call: ApiCall, query: PageQuery) -> Answer[Items[FailedJobView]]:
    """The company's failed jobs and the installation's, at most 500, the newest failure first."""
    views = [_view(each) for each in await call.dependencies.failed_jobs.of(call.company)]
    return paged(call, views, lambda each: each.id, query)


@endpoint("POST", "/failed-jobs/{job}/retry", status=204, operation=failed_jobs.retry)
async def retry_failed_job(call: ApiCall, job: str) -> None:
    """Retry a job of the company at once, with all its attempts."""
    await call.run(failed_jobs.retry, JobById(job=job_number(job)))


@endpoint("POST", "/failed-jobs/{job}/dismiss", status=204, operation=failed_jobs.dismiss)
async def dismiss_failed_job(call: ApiCall, job: str) -> None:
    """Remove a job of the company from the list without running it."""
    await call.run(failed_jobs.dismiss, JobById(job=job_number(job)))


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


class LostFramesView(View, frozen=True, kw_only=True):
    """OCPP messages of one charger that were not stored in the last 30 days; ``lastDay`` is in UTC.

    ``reason``: ``budget`` (the charger or the company exceeded its bytes per day), ``memory`` (a long outage
    of the database) or ``refused`` (the database could not store it).
    """

    charge_box_id: str
    reason: str
    messages: int
    bytes: int
    last_day: date


class MessageLogView(View, frozen=True, kw_only=True):
    """The retention of OCPP messages, the oldest day (UTC), and the messages that were not stored.

    ``bytes`` is the size of the log on disk for all companies together. The messages of the day ``since``
    are dropped on the day ``dropsOn`` (UTC).
    """

    kept_days: int
    bytes: int
    lost: list[LostFramesView]
    since: date | None = None
    drops_on: date | None = None


@endpoint("GET", "/message-log", needs=failed_jobs.VIEW)
async def get_message_log(call: ApiCall) -> MessageLogView:
    """The state of the log of OCPP messages."""
    since = (call.now - timedelta(days=LOST_DAYS)).date()
    log = await call.dependencies.frame_account.log_of_frames(call.company, since)
    lost = [
        LostFramesView(
            charge_box_id=each.charge_box_id,
            reason=each.reason,
            messages=each.frames,
            bytes=each.size,
            last_day=each.last_day,
        )
        for each in log.lost
    ]
    kept_days = call.dependencies.frame_kept_days
    return MessageLogView(
        kept_days=kept_days,
        bytes=log.size,
        lost=lost,
        since=log.since,
        drops_on=dropped_on(log.since, kept_days) if log.since else None,
    )


ENDPOINTS = (list_failed_jobs, retry_failed_job, dismiss_failed_job, get_message_log)
