"""Every operation that there is."""

from typing import Any

from eosvolt.application.operations import tokens
from eosvolt.application.operations.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = (*tokens.OPERATIONS,)
