"""How the installation is doing: what runs, how far behind it is, what failed, and how much room is left."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.api.system import failed_counts, state
from eosvolt.adapters.http.web.visit import Pages, Visit, show
from eosvolt.application.frames_lost import dropped_on

PAGE = "/settings/system"
CERTIFICATE_ENDS_SOON = timedelta(days=14)
LEAST_FREE_BYTES = 2**30


def system_routes(pages: Pages) -> list[Route]:
    """``/settings/system``."""
    return [pages.get(PAGE, system)]


async def system(visit: Visit) -> Response:
    """The page, or its figures alone."""
    return await show(visit, "settings/system/page.html", {"figures": _figures}, page="settings")


async def _figures(visit: Visit) -> Mapping[str, Any]:
    dependencies, now = visit.dependencies, visit.now
    found = await dependencies.installation.facts(now)
    log = await dependencies.frame_account.log_of_frames(visit.number, now.date())
    kept_days = dependencies.frame_kept_days
    return {
        "installation": found,
        "jobs": [(each, state(each, now)) for each in found.jobs],
        "lags": [(each, timedelta(seconds=each.seconds(now))) for each in found.lags],
        "failed": failed_counts(await dependencies.failed_jobs.of(visit.number)),
        "frames": log,
        "kept_days": kept_days,
        "drops_on": dropped_on(log.since, kept_days) if log.since else None,
        "ends_soon": now + CERTIFICATE_ENDS_SOON,
        "little_room": found.disk.data_free < LEAST_FREE_BYTES,
    }
