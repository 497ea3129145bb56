"""Every page of load balancing zones."""

from starlette.routing import Route

from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.zones.form import zone_form_routes
from eosvolt.adapters.http.web.zones.one import zone_routes
from eosvolt.adapters.http.web.zones.page import zone_list_routes
from eosvolt.adapters.http.web.zones.wizard import wizard_routes


def routes(pages: Pages) -> list[Route]:
    """Every page of load balancing zones."""
    return [
        # `new` and the files of the list are no zones.
        *wizard_routes(pages),
        *zone_list_routes(pages),
        *zone_form_routes(pages),
        *zone_routes(pages),
    ]
