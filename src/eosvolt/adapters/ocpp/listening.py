"""How the web server shall treat chargers' sockets: their size, their keepalive, their compression."""

import asyncio
from hashlib import sha256
from typing import Any, cast

from starlette.types import Scope
from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from eosvolt.adapters.ocpp.inbox import Inbox
from eosvolt.application.entrance import Peer
from eosvolt.application.standing import PROVEN, Standing

PEER = "eosvolt.peer"


class PatientWebSockets(WebSocketsSansIOProtocol):
    """Does not mistake its own full inbox for a dead charger.

    While nothing is read from a socket, a pong cannot arrive: its absence says something about us, not about
    the charger. The deadline is then moved instead of enforced.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.queue = Inbox(self.loop)  # type: ignore[assignment]  # it does what a queue is asked for here
        # The connection's place among all, where the listener counts them.
        self.ticket: Standing | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        """Free what the connection held."""
        super().connection_lost(exc)
        if self.ticket is not None:
            self.ticket.left()

    async def run_asgi(self) -> None:
        """Run the application, which is told whose certificate came with the connection."""
        if self.ticket is not None:
            cast("dict[str, object]", self.scope["extensions"])[PROVEN] = self.ticket.proven
        connection = self.transport.get_extra_info("ssl_object")
        if connection is not None and (certificate := connection.getpeercert(binary_form=True)):
            extensions = cast("dict[str, object]", self.scope["extensions"])
            extensions[PEER] = _peer(connection.getpeercert() or {}, certificate)
        await super().run_asgi()

    def keepalive_timeout(self) -> None:
        """Close the connection, unless the pong may be among what was not read yet."""
        if self.read_paused and not self.transport.is_closing():
            self.pong_timer = self.loop.call_later(self.ping_timeout or 0, self.keepalive_timeout)
        else:
            super().keepalive_timeout()


def proven(scope: Scope) -> None:
    """Its charger may come in: the connection is no stranger's any more."""
    tell = (scope.get("extensions") or {}).get(PROVEN)
    if callable(tell):
        tell()


def peer_of(scope: Scope) -> Peer | None:
    """The client certificate of the connection, if it brought one that the listener trusts."""
    peer = (scope.get("extensions") or {}).get(PEER)
    return peer if isinstance(peer, Peer) else None


def _peer(described: dict[str, Any], certificate: bytes) -> Peer:
    """The parts of a verified certificate that say who it is about; of several names the last counts."""
    subject = {name: value for part in described.get("subject", ()) for name, value in part}
    issuer = {name: value for part in described.get("issuer", ()) for name, value in part}
    return Peer(
        common_name=subject.get("commonName", ""),
        organization=subject.get("organizationName", ""),
        issuer=issuer.get("commonName", ""),
        fingerprint=sha256(certificate).hexdigest(),
    )


# Mobile networks are slow to answer a ping; OCPP messages are small, and a frame of 300 KiB is an error.
WEBSOCKETS: dict[str, Any] = {
    "ws": PatientWebSockets,
    "ws_max_size": 256 * 1024,
    "ws_ping_interval": 60.0,
    "ws_ping_timeout": 30.0,
    "ws_per_message_deflate": True,
}
