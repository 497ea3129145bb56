"""The table of all operations, collected from the modules of this package."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from eosvolt.application import operations
from eosvolt.application.operations.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = tuple(
    each
    for module in iter_modules(operations.__path__)
    if module.name != __name__.rpartition(".")[2]
    for each in getattr(import_module(f"{operations.__name__}.{module.name}"), "OPERATIONS", ())
)
