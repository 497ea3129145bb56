"""Every page of auditors."""

from starlette.routing import Route

from eosvolt.adapters.http.web.audit.events.page import event_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of auditors."""
    return [*event_routes(pages)]
