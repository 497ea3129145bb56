"""All pages of the site."""

from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route, Router

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.raw_path import RawPath
from eosvolt.adapters.http.web.chargers.bulk.page import bulk_routes
from eosvolt.adapters.http.web.chargers.form import charger_form_routes
from eosvolt.adapters.http.web.chargers.one.device_management import charger_upkeep_routes
from eosvolt.adapters.http.web.chargers.one.history import charger_history_routes
from eosvolt.adapters.http.web.chargers.one.messages import charger_message_routes
from eosvolt.adapters.http.web.chargers.one.operations import charger_operation_routes
from eosvolt.adapters.http.web.chargers.one.page import charger_routes
from eosvolt.adapters.http.web.chargers.page import charger_list_routes
from eosvolt.adapters.http.web.chargers.unknown.page import unknown_charger_routes
from eosvolt.adapters.http.web.dashboard.page import dashboard_routes
from eosvolt.adapters.http.web.diagnostics.actions import diagnostics_action_routes
from eosvolt.adapters.http.web.diagnostics.one.page import diagnostics_entry_routes
from eosvolt.adapters.http.web.diagnostics.page import diagnostics_routes
from eosvolt.adapters.http.web.live import live_routes
from eosvolt.adapters.http.web.locations.form import location_form_routes
from eosvolt.adapters.http.web.locations.page import location_routes
from eosvolt.adapters.http.web.notifications.form import notification_form_routes
from eosvolt.adapters.http.web.notifications.page import notification_routes
from eosvolt.adapters.http.web.search.page import search_routes
from eosvolt.adapters.http.web.sessions.one.page import session_routes
from eosvolt.adapters.http.web.sessions.page import session_list_routes
from eosvolt.adapters.http.web.settings.failed_jobs import failed_job_routes
from eosvolt.adapters.http.web.settings.page import settings_routes
from eosvolt.adapters.http.web.settings.system.page import system_routes
from eosvolt.adapters.http.web.shell.assets import PREFIX, static_routes
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.sign_in.page import sign_in_routes
from eosvolt.adapters.http.web.tokens.exchange import token_exchange_routes
from eosvolt.adapters.http.web.tokens.page import token_routes


def page_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """Every page, with the methods that it answers to."""
    pages = Pages(dependencies, gate)
    return [
        *sign_in_routes(dependencies, gate),
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
