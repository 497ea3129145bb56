"""gzip for pages and answers of the API, for whoever takes it.

What answers a change is never compressed: only there a secret (a new API key, a new signing secret) stands
beside words of whoever asked, and the size of the two together would tell about the secret (BREACH).
"""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 1024
LEVEL = 6
# More than this is compressed in a thread.
LARGEST_IN_THE_LOOP = 64 * 1024

_REFUSED = re.compile(r"q=0(\.0*)?")


class Compressed:
    """Wraps an application. Event streams and what is compressed already go through as they are."""

    def __init__(self, app: ASGIApp) -> None:
        """``app`` is the application."""
        self._app = app
        self._compressing = GZipMiddleware(app, SMALLEST, LEVEL, LARGEST_IN_THE_LOOP)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        looks = scope["type"] == "http" and scope["method"] == "GET"
        compressed = looks and "gzip" in accepted(Headers(scope=scope))
        await (self._compressing if compressed else self._app)(scope, receive, send)


def accepted(headers: Headers) -> set[str]:
    """The content codings that the asker takes; one of the weight 0 it refuses (RFC 9110 §12.5.3)."""
    found = set()
    for part in headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if not _REFUSED.fullmatch(weight.strip()):
            found.add(name.strip().casefold())
    return found
