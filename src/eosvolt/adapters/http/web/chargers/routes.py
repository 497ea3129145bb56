"""Every page of chargers, one by one or many at once."""

from starlette.routing import Route

from eosvolt.adapters.http.web.chargers.bulk.page import bulk_routes
from eosvolt.adapters.http.web.chargers.export import export_chargers
from eosvolt.adapters.http.web.chargers.form import charger_form_routes
from eosvolt.adapters.http.web.chargers.one.device_management import charger_upkeep_routes
from eosvolt.adapters.http.web.chargers.one.history import charger_history_routes
from eosvolt.adapters.http.web.chargers.one.messages import charger_message_routes
from eosvolt.adapters.http.web.chargers.one.operations import charger_operation_routes
from eosvolt.adapters.http.web.chargers.one.page import charger_routes
from eosvolt.adapters.http.web.chargers.one.qr_codes import qr_code_routes
from eosvolt.adapters.http.web.chargers.page import LIST_QUERY, charger_list_routes
from eosvolt.adapters.http.web.chargers.unknown.page import unknown_charger_routes
from eosvolt.adapters.http.web.shell.exports import export_routes
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.application.operations.chargers import EXPORT


def routes(pages: Pages) -> list[Route]:
    """Every page of chargers."""
    return [
        *charger_list_routes(pages),
        *export_routes(pages, "/chargers", export_chargers, LIST_QUERY, EXPORT),
        *charger_form_routes(pages),
        *unknown_charger_routes(pages),
        *bulk_routes(pages),
        *charger_routes(pages),
        *charger_operation_routes(pages),
        *charger_history_routes(pages),
        *charger_message_routes(pages),
        *charger_upkeep_routes(pages),
        *qr_code_routes(pages),
    ]
