"""Every page of auditors."""

from starlette.routing import Route

from eosvolt.adapters.http.web.audit.events.page import event_routes
from eosvolt.adapters.http.web.audit.proof.page import proof_routes
from eosvolt.adapters.http.web.audit.what_if.page import what_if_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of auditors."""
    return [*event_routes(pages), *what_if_routes(pages), *proof_routes(pages)]
