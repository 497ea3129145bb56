"""Work of the system that failed: try it again, or leave it undone."""

from datetime import timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.adapters.http.presentation.failed_jobs import LOST_DAYS, job_number
from eosvolt.adapters.http.web.settings.view_models import FailedJobsPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.application.failed_jobs import INSTALLATION
from eosvolt.application.frames_lost import dropped_on
from eosvolt.application.operations import failed_jobs as operations
from eosvolt.application.operations.failed_jobs import JobById
from eosvolt.application.operations.operation import Operation
from eosvolt.application.permissions import NotThere

PAGE = "/settings/failed-jobs"
GONE = Text("The job is not on the list any more.")


def failed_job_routes(pages: Pages) -> list[Route]:
    """``/settings/failed-jobs``."""
    return [
        pages.get(PAGE, failed_jobs, needs=operations.VIEW),
        pages.post(f"{PAGE}/{{job}}/retry", retry, operation=operations.retry),
        pages.post(f"{PAGE}/{{job}}/dismiss", dismiss, operation=operations.dismiss),
    ]


async def failed_jobs(request: PageRequest) -> Response:
    """The page."""
    jobs = await request.dependencies.failed_jobs.of(request.number)
    since = (request.now - timedelta(days=LOST_DAYS)).date()
    frames = await request.dependencies.frame_account.log_of_frames(request.number, since)
    kept_days = request.dependencies.frame_kept_days
    return await show(
        request,
        FailedJobsPage(
            jobs=jobs,
            installation=INSTALLATION,
            frames=frames,
            kept_days=kept_days,
            drops_on=dropped_on(frames.since, kept_days) if frames.since else None,
        ),
    )


async def retry(request: PageRequest) -> Response:
    """Try a job again at once."""
    return await _done(request, operations.retry, gettext("The job is tried again now."))


async def dismiss(request: PageRequest) -> Response:
    """Leave a job undone."""
    return await _done(request, operations.dismiss, gettext("The job is dismissed and not tried again."))


async def _done(request: PageRequest, operation: Operation[JobById, None], message: str) -> Response:
    try:
        await request.run(operation, JobById(job=job_number(request.path_parameter("job"))))
    except NotThere:
        return redirect(PAGE, GONE)
    return redirect(PAGE, message)
