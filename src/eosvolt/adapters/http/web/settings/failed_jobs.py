"""Work of the system that failed: try it again, or leave it undone."""

from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.api.failed_jobs import LOST_DAYS, job_number
from eosvolt.adapters.http.web.shell.page_request import Pages, Visit, gone_to, show
from eosvolt.application.failed_jobs import INSTALLATION
from eosvolt.application.frames_lost import dropped_on
from eosvolt.application.operations import failed_jobs as operations
from eosvolt.application.operations.failed_jobs import JobById
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import NotThere

PAGE = "/settings/failed-jobs"
GONE = "The job is not on the list any more."


def failed_job_routes(pages: Pages) -> list[Route]:
    """``/settings/failed-jobs``."""
    return [
        pages.get(PAGE, failed_jobs, needs=operations.VIEW),
        pages.post(f"{PAGE}/{{job}}/retry", retry, operation=operations.retry),
        pages.post(f"{PAGE}/{{job}}/dismiss", dismiss, operation=operations.dismiss),
    ]


async def failed_jobs(visit: Visit) -> Response:
    """The page."""
    jobs = await visit.dependencies.failed_jobs.of(visit.number)
    since = (visit.now - timedelta(days=LOST_DAYS)).date()
    frames = await visit.dependencies.frame_account.log_of_frames(visit.number, since)
    kept_days = visit.dependencies.frame_kept_days
    return await show(
        visit,
        "settings/failed_jobs.html",
        page="settings",
        jobs=jobs,
        installation=INSTALLATION,
        frames=frames,
        kept_days=kept_days,
        drops_on=dropped_on(frames.since, kept_days) if frames.since else None,
    )


async def retry(visit: Visit) -> Response:
    """Try a job again at once."""
    return await _done(visit, operations.retry, "The job is tried again now.")


async def dismiss(visit: Visit) -> Response:
    """Leave a job undone."""
    return await _done(visit, operations.dismiss, "The job is dismissed and not tried again.")


async def _done(visit: Visit, operation: Operation[JobById, None], said: str) -> Response:
    try:
        await visit.run(operation, JobById(job=job_number(visit.place("job"))))
    except NotThere:
        return gone_to(PAGE, GONE)
    return gone_to(PAGE, said)
