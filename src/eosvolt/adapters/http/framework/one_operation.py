"""A route that changes something is one operation, which it names; another one is refused."""

from typing import Any

from eosvolt.application.operations.operation import Operation

Named = Operation[Any, Any] | None


class AnotherOperation(Exception):  # noqa: N818 - a mistake in a route, not an answer to anybody
    """A route asked for an operation that it does not name."""


def check_named(named: Named, asked: Operation[Any, Any]) -> None:
    """Raise ``AnotherOperation`` where ``asked`` is not the one that the route names."""
    if asked is not named:
        raise AnotherOperation(f"{asked.name} on a route of {'nothing' if named is None else named.name}")
