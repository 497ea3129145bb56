"""Every page of diagnostics entries."""

from starlette.routing import Route

from eosvolt.adapters.http.web.diagnostics.actions import diagnostics_action_routes
from eosvolt.adapters.http.web.diagnostics.one.page import diagnostics_entry_routes
from eosvolt.adapters.http.web.diagnostics.page import diagnostics_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of diagnostics entries."""
    return [
        *diagnostics_routes(pages),
        *diagnostics_action_routes(pages),
        *diagnostics_entry_routes(pages),
    ]
