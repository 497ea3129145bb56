"""The table of capabilities of the API and the pages, one line each."""

from collections.abc import Callable
from typing import NamedTuple

from starlette.routing import Route

from eosvolt.adapters.http.api import (
    admins,
    api_keys,
    booking_fees,
    booking_rules,
    bookings,
    bulk_commands,
    charger_files,
    chargers,
    commands,
    companies,
    customer_accounts,
    customer_groups,
    customers,
    dashboard,
    device_resources,
    driver_accounts,
    driver_bookings,
    driver_homes,
    driver_places,
    driver_sessions,
    driver_sign_in,
    driver_statements,
    events,
    exclusions,
    failed_jobs,
    fault_attention,
    faults,
    finance,
    home_chargers,
    home_statements,
    invoices,
    locations,
    logo,
    maintenance,
    message_log,
    notification_rules,
    notifications,
    performance,
    platform,
    platform_finance,
    price_evidence,
    price_profiles,
    proof,
    receipts,
    refunds,
    regulator_reports,
    saved_views,
    search,
    session_changes,
    session_export,
    sessions,
    settings,
    stream,
    system,
    tokens,
    unknown_chargers,
    withdrawals,
    zones,
)
from eosvolt.adapters.http.framework.endpoint import Endpoint
from eosvolt.adapters.http.web.account.page import account_routes as account_pages
from eosvolt.adapters.http.web.activity.page import activity_routes as activity_pages
from eosvolt.adapters.http.web.api_keys.page import api_key_routes as api_key_pages
from eosvolt.adapters.http.web.audit.routes import routes as audit_pages
from eosvolt.adapters.http.web.bookings.routes import routes as booking_pages
from eosvolt.adapters.http.web.chargers.routes import routes as charger_pages
from eosvolt.adapters.http.web.customer_groups.routes import routes as customer_group_pages
from eosvolt.adapters.http.web.customers.routes import routes as customer_pages
from eosvolt.adapters.http.web.dashboard.page import dashboard_routes as dashboard_pages
from eosvolt.adapters.http.web.diagnostics.routes import routes as diagnostics_pages
from eosvolt.adapters.http.web.exclusions.page import exclusion_routes as exclusion_pages
from eosvolt.adapters.http.web.finance.routes import routes as finance_pages
from eosvolt.adapters.http.web.home_chargers.routes import routes as home_charger_pages
from eosvolt.adapters.http.web.locations.routes import routes as location_pages
from eosvolt.adapters.http.web.notifications.routes import routes as notification_pages
from eosvolt.adapters.http.web.regulators.page import regulator_routes as regulator_pages
from eosvolt.adapters.http.web.search.page import search_routes as search_pages
from eosvolt.adapters.http.web.sessions.routes import routes as session_pages
from eosvolt.adapters.http.web.settings.routes import routes as settings_pages
from eosvolt.adapters.http.web.shell.pages import Pages
from eosvolt.adapters.http.web.tokens.routes import routes as token_pages
from eosvolt.adapters.http.web.users.routes import routes as user_pages
from eosvolt.adapters.http.web.zones.routes import routes as zone_pages


class Capability(NamedTuple):
    """Its part of the API, in the order of the API's document, and its pages, if it has any."""

    endpoints: tuple[Endpoint, ...]
    pages: Callable[[Pages], list[Route]] | None = None


CHARGERS = (
    *chargers.ENDPOINTS,
    *unknown_chargers.ENDPOINTS,
    *maintenance.ENDPOINTS,
    *device_resources.ENDPOINTS,
    *charger_files.ENDPOINTS,
    *message_log.ENDPOINTS,
    *commands.ENDPOINTS,
    *bulk_commands.ENDPOINTS,
)

SESSIONS = (
    *session_export.ENDPOINTS,
    *sessions.ENDPOINTS,
    *session_changes.ENDPOINTS,
    *receipts.ENDPOINTS,
    *refunds.ENDPOINTS,
    *saved_views.ENDPOINTS,
)

DRIVERS = (
    *driver_sign_in.ENDPOINTS,
    *driver_places.ENDPOINTS,
    *driver_sessions.ENDPOINTS,
    *driver_bookings.ENDPOINTS,
    *driver_homes.ENDPOINTS,
    *driver_statements.ENDPOINTS,
    *driver_accounts.ENDPOINTS,
)

FINANCE = (
    *finance.ENDPOINTS,
    *withdrawals.ENDPOINTS,
    *home_statements.ENDPOINTS,
    *invoices.ENDPOINTS,
)

CAPABILITIES: tuple[Capability, ...] = (
    Capability(companies.ENDPOINTS),
    Capability(locations.ENDPOINTS, location_pages),
    Capability(CHARGERS, charger_pages),
    Capability(
        (*price_profiles.ENDPOINTS, *price_evidence.ENDPOINTS, *home_chargers.ENDPOINTS), home_charger_pages
    ),
    Capability(SESSIONS, session_pages),
    Capability((*booking_rules.ENDPOINTS, *bookings.ENDPOINTS, *booking_fees.ENDPOINTS), booking_pages),
    Capability(tokens.ENDPOINTS, token_pages),
    Capability((*customers.ENDPOINTS, *customer_accounts.ENDPOINTS), customer_pages),
    Capability(customer_groups.ENDPOINTS, customer_group_pages),
    Capability((*fault_attention.ENDPOINTS, *faults.ENDPOINTS), diagnostics_pages),
    Capability((*notification_rules.ENDPOINTS, *notifications.ENDPOINTS), notification_pages),
    Capability(search.ENDPOINTS, search_pages),
    Capability((*dashboard.ENDPOINTS, *performance.ENDPOINTS), dashboard_pages),
    Capability(exclusions.ENDPOINTS, exclusion_pages),
    Capability(zones.ENDPOINTS, zone_pages),
    Capability(regulator_reports.ENDPOINTS, regulator_pages),
    Capability(FINANCE, finance_pages),
    Capability((*events.ENDPOINTS, *proof.ENDPOINTS), audit_pages),
    Capability((*failed_jobs.ENDPOINTS, *system.ENDPOINTS, *stream.ENDPOINTS)),
    Capability(admins.ENDPOINTS, user_pages),
    Capability((), activity_pages),
    Capability(api_keys.ENDPOINTS, api_key_pages),
    Capability((*settings.ENDPOINTS, *logo.ENDPOINTS), settings_pages),
    # For platform staff; their pages have a frame of their own.
    Capability((*platform.ENDPOINTS, *platform_finance.ENDPOINTS)),
    # For drivers, who are of no company; their pages have a frame of their own.
    Capability(DRIVERS),
    # One's own account is no part of a company's data, so programs have nothing to do with it.
    Capability((), account_pages),
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(
    endpoint for capability in CAPABILITIES for endpoint in capability.endpoints
)
