"""Every page of customers."""

from starlette.routing import Route

from eosvolt.adapters.http.web.customers.account import customer_account_routes
from eosvolt.adapters.http.web.customers.form import customer_form_routes
from eosvolt.adapters.http.web.customers.one import customer_page_routes
from eosvolt.adapters.http.web.customers.page import customer_list_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of customers."""
    return [
        *customer_list_routes(pages),
        *customer_form_routes(pages),
        *customer_page_routes(pages),
        *customer_account_routes(pages),
    ]
