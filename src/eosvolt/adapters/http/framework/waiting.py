"""The answer to too many attempts at something secret."""

from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.texts import gettext


def check_wait(seconds: float) -> None:
    """Raise a 429 ``Problem`` if there are seconds left to wait."""
    if seconds:
        raise Problem(
            429,
            gettext("Too many tries. Please wait a little."),
            headers={"Retry-After": str(int(seconds) + 1)},
        )
