"""How the installation is doing: what runs, how far behind it is, what failed, and how much room is left."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.presentation.failed_jobs import counts_of, job_state
from eosvolt.adapters.http.web.settings.system.view_models import LagLine, SystemFigures, SystemPage
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.application.frames_lost import dropped_on
from eosvolt.application.installation import Lag
from eosvolt.application.operations import views

PAGE = "/settings/system"
CERTIFICATE_ENDS_SOON = timedelta(days=14)
LEAST_FREE_BYTES = 2**30
# Who backs up every night has missed one.
BACKUP_OLD_AFTER = timedelta(hours=36)


def system_routes(pages: Pages) -> list[Route]:
    """``/settings/system``."""
    return [pages.get(PAGE, system, needs=views.SYSTEM)]


async def system(request: PageRequest) -> Response:
    """The page, or its figures alone."""
    return await show(request, SystemPage(), {"figures": _figures})


async def _figures(request: PageRequest) -> SystemFigures:
    dependencies, now = request.dependencies, request.now
    found = await dependencies.installation.facts(now)
    log = await dependencies.frame_account.log_of_frames(request.number, now.date())
    kept_days = dependencies.frame_kept_days
    jobs = [(each, job_state(each, now)) for each in found.jobs]
    return SystemFigures(
        # Whatever is wrong comes first.
        installation=found,
        jobs=sorted(jobs, key=lambda job: job[1] == "running"),
        states=Counter(state for _, state in jobs),
        lags=_lags(found.lags, now),
        failed=counts_of(await dependencies.failed_jobs.of(request.number)),
        frames=log,
        kept_days=kept_days,
        drops_on=dropped_on(log.since, kept_days) if log.since else None,
        ends_soon=now + CERTIFICATE_ENDS_SOON,
        backup_old=found.last_backup_at is not None and found.last_backup_at < now - BACKUP_OLD_AFTER,
        little_room=found.disk.data_free < LEAST_FREE_BYTES,
    )


def _lags(lags: Sequence[Lag], now: datetime) -> list[LagLine]:
    """Whatever is behind, the longest first; then the others, read models in one row."""
    behind = [
        LagLine(each, each.events, timedelta(seconds=each.seconds(now))) for each in lags if each.events
    ]
    level = [each for each in lags if not each.events]
    models = sum(each.kind == "readModel" for each in level)
    return [
        *sorted(behind, key=lambda row: row.time, reverse=True),
        *([LagLine(None, models=models)] if models else []),
        *(LagLine(each) for each in level if each.kind != "readModel"),
    ]
