"""Each changing route declares its one operation; running another one is an error."""

from typing import Any

from eosvolt.application.operations.operation import Operation

Named = Operation[Any, Any] | None


class AnotherOperation(Exception):  # noqa: N818 - a mistake in a route, not an answer to anybody
    """A route ran an operation that it does not declare."""


def check_named(named: Named, asked: Operation[Any, Any]) -> None:
    """Raise ``AnotherOperation`` if ``asked`` is not the operation that the route declares."""
    if asked is not named:
        raise AnotherOperation(f"{asked.name} on a route of {'nothing' if named is None else named.name}")
