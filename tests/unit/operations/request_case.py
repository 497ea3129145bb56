"""The requests that run an operation: by API and by page."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tests.web_in_memory import Site


class Ways(NamedTuple):
    """The API request and the form of an operation, after the same preparation.

    ``api`` and ``form`` are the requests; ``None`` where there is none. ``files`` go with the form.
    ``by_staff``: platform staff do it, ``by_driver``: drivers do it, and nobody of a company.
    """

    api: tuple[str, str, Any] | None
    form: tuple[str, Mapping[str, object]] | None
    before: Callable[[Site], Awaitable[object]] | None = None
    files: Mapping[str, bytes] = {}
    by_staff: bool = False
    by_driver: bool = False

    def asked(self) -> Iterator[tuple[str, str]]:
        """The method and path of each way; a form's method is ``PAGE``."""
        if self.api is not None:
            yield self.api[0], self.api[1]
        if self.form is not None:
            yield "PAGE", self.form[0]
