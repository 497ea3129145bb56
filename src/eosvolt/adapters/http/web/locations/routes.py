"""Every page of locations."""

from starlette.routing import Route

from eosvolt.adapters.http.web.locations.form import location_form_routes
from eosvolt.adapters.http.web.locations.geocoding import geocoding_routes
from eosvolt.adapters.http.web.locations.one.page import location_routes
from eosvolt.adapters.http.web.locations.page import location_list_routes
from eosvolt.adapters.http.web.locations.rules.choices import choice_routes
from eosvolt.adapters.http.web.locations.rules.pages import location_rules_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of locations."""
    return [
        # `new` is a form, `geocoded` finds places, and `choices` are what may be listed: none is a location.
        *location_form_routes(pages),
        *geocoding_routes(pages),
        *choice_routes(pages),
        *location_list_routes(pages),
        *location_routes(pages),
        *location_rules_routes(pages),
    ]
