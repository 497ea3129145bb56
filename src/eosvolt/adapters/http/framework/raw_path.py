"""Routing by the path as it was sent, still percent-encoded."""

from starlette.types import ASGIApp, Receive, Scope, Send


class RawPath:
    """Routes by the path as it was sent: ``A%2FB`` is one segment.

    Endpoints decode their parameters themselves.
    """

    def __init__(self, app: ASGIApp) -> None:
        """``app`` sees the encoded path."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the encoded path."""
        raw = scope.get("raw_path")
        if raw:
            scope = {**scope, "path": raw.partition(b"?")[0].decode("ascii", "replace")}
        await self._app(scope, receive, send)
