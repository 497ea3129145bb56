"""Every operation that there is."""

from typing import Any

from eosvolt.application.operations import api_keys, company, faults, locations, notification_rules, tokens
from eosvolt.application.operations.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *tokens.OPERATIONS,
    *locations.OPERATIONS,
    *faults.OPERATIONS,
    *api_keys.OPERATIONS,
    *company.OPERATIONS,
    *notification_rules.OPERATIONS,
)
