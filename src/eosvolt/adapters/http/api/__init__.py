"""The API's endpoints, one file for each resource."""

from eosvolt.adapters.http.api import (
    api_keys,
    chargers,
    commands,
    companies,
    dashboard,
    events,
    faults,
    locations,
    notification_rules,
    notifications,
    sessions,
    stream,
    tokens,
    unknown_chargers,
)
from eosvolt.adapters.http.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *companies.ENDPOINTS,
    *locations.ENDPOINTS,
    *chargers.ENDPOINTS,
    *unknown_chargers.ENDPOINTS,
    *commands.ENDPOINTS,
    *sessions.ENDPOINTS,
    *tokens.ENDPOINTS,
    *faults.ENDPOINTS,
    *notification_rules.ENDPOINTS,
    *notifications.ENDPOINTS,
    *dashboard.ENDPOINTS,
    *events.ENDPOINTS,
    *stream.ENDPOINTS,
    *api_keys.ENDPOINTS,
)
