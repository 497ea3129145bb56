"""Every page of home chargers and price profiles."""

from starlette.routing import Route

from eosvolt.adapters.http.web.home_chargers.form import home_form_routes
from eosvolt.adapters.http.web.home_chargers.one import home_routes
from eosvolt.adapters.http.web.home_chargers.page import home_list_routes
from eosvolt.adapters.http.web.home_chargers.profiles import profile_routes
from eosvolt.adapters.http.web.home_chargers.reimbursing import reimbursing_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of home chargers and price profiles."""
    return [
        # `new` is a form and `profiles` are another list: none of both is a home charger.
        *home_form_routes(pages),
        *profile_routes(pages),
        *reimbursing_routes(pages),
        *home_list_routes(pages),
        *home_routes(pages),
    ]
