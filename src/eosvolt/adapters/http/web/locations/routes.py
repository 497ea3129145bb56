"""Every page of locations."""

from starlette.routing import Route

from eosvolt.adapters.http.web.locations.form import location_form_routes
from eosvolt.adapters.http.web.locations.one.page import location_routes
from eosvolt.adapters.http.web.locations.page import location_list_routes
from eosvolt.adapters.http.web.locations.rules.choices import choice_routes
from eosvolt.adapters.http.web.locations.rules.pages import location_rules_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of locations."""
    return [
        # `new` is a form, and `choices` are what may be listed: neither is a location of that name.
        *location_form_routes(pages),
        *choice_routes(pages),
        *location_list_routes(pages),
        *location_routes(pages),
        *location_rules_routes(pages),
    ]
