"""All pages of the site."""

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router

from eosvolt.adapters.http.app import RawPath
from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.web.assets import PREFIX, static_routes
from eosvolt.adapters.http.web.bulk import bulk_routes
from eosvolt.adapters.http.web.charger_form import charger_form_routes
from eosvolt.adapters.http.web.charger_history import charger_history_routes
from eosvolt.adapters.http.web.charger_messages import charger_message_routes
from eosvolt.adapters.http.web.charger_operations import charger_operation_routes
from eosvolt.adapters.http.web.charger_page import charger_routes
from eosvolt.adapters.http.web.charger_upkeep import charger_upkeep_routes
from eosvolt.adapters.http.web.chargers import charger_list_routes
from eosvolt.adapters.http.web.dashboard import dashboard_routes
from eosvolt.adapters.http.web.diagnostics import diagnostics_routes
from eosvolt.adapters.http.web.diagnostics_actions import diagnostics_action_routes
from eosvolt.adapters.http.web.diagnostics_entry import diagnostics_entry_routes
from eosvolt.adapters.http.web.entrance import entrance_routes
from eosvolt.adapters.http.web.failed_jobs import failed_job_routes
from eosvolt.adapters.http.web.live import live_routes
from eosvolt.adapters.http.web.location_form import location_form_routes
from eosvolt.adapters.http.web.locations import location_routes
from eosvolt.adapters.http.web.notification_form import notification_form_routes
from eosvolt.adapters.http.web.notifications import notification_routes
from eosvolt.adapters.http.web.search import search_routes
from eosvolt.adapters.http.web.session_page import session_routes
from eosvolt.adapters.http.web.sessions import session_list_routes
from eosvolt.adapters.http.web.settings import settings_routes
from eosvolt.adapters.http.web.system import system_routes
from eosvolt.adapters.http.web.token_exchange import token_exchange_routes
from eosvolt.adapters.http.web.tokens import token_routes
from eosvolt.adapters.http.web.unknown_chargers import unknown_charger_routes
from eosvolt.adapters.http.web.visit import Pages


def page_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """Every page, with the methods that it answers to."""
    pages = Pages(dependencies, gate)
    return [
        *entrance_routes(dependencies, gate),
        *live_routes(dependencies, gate),
        *dashboard_routes(pages),
        *search_routes(pages),
        *session_list_routes(pages),
        *session_routes(pages),
        # `new` is a form, not a charger or a location of that name.
        *location_form_routes(pages),
        *location_routes(pages),
        *charger_list_routes(pages),
        *charger_form_routes(pages),
        *unknown_charger_routes(pages),
        *bulk_routes(pages),
        *charger_routes(pages),
        *charger_operation_routes(pages),
        *charger_history_routes(pages),
        *charger_message_routes(pages),
        *charger_upkeep_routes(pages),
        *token_routes(pages),
        *token_exchange_routes(pages),
        *diagnostics_routes(pages),
        *diagnostics_action_routes(pages),
        *diagnostics_entry_routes(pages),
        *settings_routes(pages),
        *failed_job_routes(pages),
        *system_routes(pages),
        *notification_form_routes(pages),
        *notification_routes(pages),
    ]


def web_routes(dependencies: Dependencies, gate: Gate) -> list[BaseRoute]:
    """The pages' routes. They take whatever path is left, so they come last."""
    return [
        *static_routes(),
        Route("/favicon.ico", lambda _: RedirectResponse(f"{PREFIX}/logo.svg", 308), methods=["GET"]),
        # Charge box ids may hold an encoded slash, so paths are matched as they were sent.
        Mount("", RawPath(Router(page_routes(dependencies, gate), redirect_slashes=False))),
    ]
