"""How an operation is asked for by API and by page."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from tests.web_in_memory import Site


class Ways(NamedTuple):
    """How a program asks for an operation and how a person does, after the same beginning.

    ``api`` and ``form`` are what is sent; ``None`` where that way does not exist.
    """

    api: tuple[str, str, Any] | None
    form: tuple[str, Mapping[str, object]] | None
    before: Callable[[Site], Awaitable[object]] | None = None
