"""Every page of notification rules."""

from starlette.routing import Route

from eosvolt.adapters.http.web.notifications.form import notification_form_routes
from eosvolt.adapters.http.web.notifications.page import notification_routes
from eosvolt.adapters.http.web.shell.pages import Pages


def routes(pages: Pages) -> list[Route]:
    """Every page of notification rules."""
    return [
        *notification_form_routes(pages),
        *notification_routes(pages),
    ]
