"""Every page of users."""

from starlette.routing import Route

from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.users.actions import user_action_routes
from eosvolt.adapters.http.web.users.form import user_form_routes
from eosvolt.adapters.http.web.users.page import user_list_routes


def routes(pages: Pages) -> list[Route]:
    """Every page of users, for who is signed in."""
    return [*user_list_routes(pages), *user_form_routes(pages), *user_action_routes(pages)]
