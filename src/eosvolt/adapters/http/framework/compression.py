"""gzip for pages and API responses, if the client accepts it.

Responses to changes are never compressed. Only they contain a secret (a new API key or signing secret) beside
the client's input, and the compressed size would leak the secret (BREACH).
"""

import re

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

SMALLEST = 1024
LEVEL = 6
# Larger bodies, in bytes, are compressed in a thread.
LARGEST_IN_THE_LOOP = 64 * 1024

_REFUSED = re.compile(r"q=0(\.0*)?")


class Compressed:
    """Wraps an application. Event streams and compressed responses pass unchanged."""

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
    """The content codings that the client accepts, without those of weight 0 (RFC 9110 §12.5.3)."""
    found = set()
    for part in headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if not _REFUSED.fullmatch(weight.strip()):
            found.add(name.strip().casefold())
    return found
