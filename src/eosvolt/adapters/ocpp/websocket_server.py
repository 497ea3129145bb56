"""The web server's WebSocket protocol and its settings: message size, keepalive, compression."""

import asyncio
from hashlib import sha256
from typing import Any, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from eosvolt.adapters.ocpp.inbox import Inbox
from eosvolt.application.charger_authentication import ClientCertificate
from eosvolt.application.standing import PROVEN, Standing

CLIENT_CERTIFICATE = "eosvolt.certificate"


class ChargerWebSockets(WebSocketsSansIOProtocol):
    """Does not take a connection for dead while reading from it is paused.

    While nothing is read from the socket a pong cannot be received, so its absence proves nothing. The
    deadline is moved then.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.queue = Inbox(self.loop)  # type: ignore[assignment]  # it has the methods of a queue that are used here
        # The connection's entry in the connection limits, where the listener has limits.
        self.ticket: Standing | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Release the connection's entry in the connection limits."""
        super().connection_lost(exc)
        if self.ticket is not None:
            self.ticket.left()

    async def run_asgi(self) -> None:
        """Run the application with the client certificate in the scope's extensions."""
        if self.ticket is not None:
            cast("dict[str, object]", self.scope["extensions"])[PROVEN] = self.ticket.proven
        connection = self.transport.get_extra_info("ssl_object")
        if connection is not None and (certificate := connection.getpeercert(binary_form=True)):
            extensions = cast("dict[str, object]", self.scope["extensions"])
            extensions[CLIENT_CERTIFICATE] = _client_certificate(connection.getpeercert() or {}, certificate)
        await super().run_asgi()

    def keepalive_timeout(self) -> None:
        """Close the connection, unless reading is paused and the pong may be unread."""
        if self.read_paused and not self.transport.is_closing():
            self.pong_timer = self.loop.call_later(self.ping_timeout or 0, self.keepalive_timeout)
        else:
            super().keepalive_timeout()


def proven(scope: Scope) -> None:
    """The charger is authenticated: its connection no longer counts against the limits."""
    mark = (scope.get("extensions") or {}).get(PROVEN)
    if callable(mark):
        mark()


def client_certificate_of(scope: Scope) -> ClientCertificate | None:
    """The verified client certificate of the connection; ``None`` where there is none."""
    certificate = (scope.get("extensions") or {}).get(CLIENT_CERTIFICATE)
    return certificate if isinstance(certificate, ClientCertificate) else None


def _client_certificate(described: dict[str, Any], certificate: bytes) -> ClientCertificate:
    """The names of a verified certificate; of several values of one attribute the last counts."""
    subject = {name: value for part in described.get("subject", ()) for name, value in part}
    issuer = {name: value for part in described.get("issuer", ()) for name, value in part}
    return ClientCertificate(
        common_name=subject.get("commonName", ""),
        organization=subject.get("organizationName", ""),
        issuer=issuer.get("commonName", ""),
        fingerprint=sha256(certificate).hexdigest(),
    )


# Mobile networks are slow to answer a ping. OCPP messages are small: a frame of 300 KiB is an error.
WEBSOCKETS: dict[str, Any] = {
    "ws": ChargerWebSockets,
    "ws_max_size": 256 * 1024,
    "ws_ping_interval": 60.0,
    "ws_ping_timeout": 30.0,
    "ws_per_message_deflate": True,
}
