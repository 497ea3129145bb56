"""Every page of settings."""

from starlette.routing import Route

from eosvolt.adapters.http.web.settings.failed_jobs import failed_job_routes
from eosvolt.adapters.http.web.settings.history import history_routes
from eosvolt.adapters.http.web.settings.page import settings_routes
from eosvolt.adapters.http.web.settings.system.page import system_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of settings."""
    return [
        *settings_routes(pages),
        *history_routes(pages),
        *failed_job_routes(pages),
        *system_routes(pages),
    ]
