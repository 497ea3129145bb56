"""Every page of customer groups."""

from starlette.routing import Route

from eosvolt.adapters.http.web.customer_groups.form import group_form_routes
from eosvolt.adapters.http.web.customer_groups.page import group_list_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of customer groups."""
    return [*group_list_routes(pages), *group_form_routes(pages)]
