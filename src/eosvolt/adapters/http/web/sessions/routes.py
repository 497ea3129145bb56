"""Every page of sessions."""

from starlette.routing import Route

from eosvolt.adapters.http.web.sessions.one.page import session_routes
from eosvolt.adapters.http.web.sessions.one.receipt import receipt_routes
from eosvolt.adapters.http.web.sessions.one.refund import refund_routes
from eosvolt.adapters.http.web.sessions.page import session_list_routes
from eosvolt.adapters.http.web.sessions.saved_views import saved_view_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of sessions."""
    return [
        *session_list_routes(pages),
        *saved_view_routes(pages),
        *session_routes(pages),
        *receipt_routes(pages),
        *refund_routes(pages),
    ]
