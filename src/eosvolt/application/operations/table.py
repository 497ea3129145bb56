"""Every operation that there is."""

from typing import Any

from eosvolt.application.operations import (
    api_keys,
    chargers,
    commands,
    company,
    failed_jobs,
    faults,
    locations,
    notification_rules,
    registration,
    sessions,
    tokens,
    unknown_chargers,
)
from eosvolt.application.operations.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *tokens.OPERATIONS,
    *locations.OPERATIONS,
    *chargers.OPERATIONS,
    *unknown_chargers.OPERATIONS,
    *commands.OPERATIONS,
    *sessions.OPERATIONS,
    *faults.OPERATIONS,
    *failed_jobs.OPERATIONS,
    *api_keys.OPERATIONS,
    *company.OPERATIONS,
    *notification_rules.OPERATIONS,
    *registration.OPERATIONS,
)
