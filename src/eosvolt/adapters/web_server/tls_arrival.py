"""A connection to a TLS listener, from its acceptance to the end of its handshake.

asyncio's own TLS servers tell of a connection only when its handshake is over: until then nobody could count
it, and nobody could close it.
"""

import asyncio
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from uvicorn.config import Config
from uvicorn.server import ServerState

from eosvolt.adapters.web_server.http_protocol import BoundedHttp

HANDSHAKE_SECONDS = 10.0
FAREWELL_SECONDS = 5.0


class TlsArrival(asyncio.Protocol):
    """Takes a place among all connections first, and hands it on to the protocol behind the handshake."""

    def __init__(
        self, context: ssl.SSLContext, make: Callable[[], BoundedHttp], handshake_seconds: float
    ) -> None:
        """``make`` gives the protocol that is spoken over TLS, after a handshake of so many seconds."""
        self._context = context
        self._handshake_seconds = handshake_seconds
        self._make = make
        self._plain: asyncio.Transport | None = None
        self._early: list[bytes] = []
        self._shaking: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Count it, then begin the handshake."""
        self._plain = plain = cast("asyncio.Transport", transport)
        plain.pause_reading()
        protocol = self._make()
        address = plain.get_extra_info("peername")
        protocol.ticket = protocol.limits.enter(str(address[0]) if address else "", plain.abort)
        if protocol.ticket is None:
            plain.abort()
            return
        self._shaking = asyncio.get_running_loop().create_task(self._shake(plain, protocol))

    def data_received(self, data: bytes) -> None:
        """Keep what comes before the handshake has begun: uvloop reads on whatever it was asked above."""
        self._early.append(data)
        if self._plain is not None:
            self._plain.pause_reading()

    async def _shake(self, plain: asyncio.Transport, protocol: BoundedHttp) -> None:
        loop = asyncio.get_running_loop()
        handshake = loop.create_task(
            loop.start_tls(
                plain,
                protocol,
                self._context,
                server_side=True,
                ssl_handshake_timeout=self._handshake_seconds,
                ssl_shutdown_timeout=FAREWELL_SECONDS,
            )
        )
        try:
            await asyncio.sleep(0)
            # The handshake's own protocol has taken over, and reads nothing before it has this.
            _feed(plain.get_protocol(), self._early)
            encrypted = await handshake
        except OSError:
            # Whoever cannot speak TLS is told so by an alert; ssl.SSLError is an OSError too.
            encrypted = None
        if encrypted is None:
            if protocol.ticket is not None:
                protocol.ticket.left()
            plain.abort()
        else:
            protocol.connection_made(encrypted)


def _feed(protocol: asyncio.BaseProtocol, early: list[bytes]) -> None:
    # uvloop's does what this says without being derived from it.
    buffered = cast("asyncio.BufferedProtocol", protocol)
    for data in early:
        left = memoryview(data)
        while left:
            room = cast("memoryview", buffered.get_buffer(len(left)))
            size = min(len(room), len(left))
            room[:size] = left[:size]
            buffered.buffer_updated(size)
            left = left[size:]


def arrival(
    protocol: type[BoundedHttp],
    context: ssl.SSLContext | None,
    handshake_seconds: float = HANDSHAKE_SECONDS,
) -> type[asyncio.Protocol]:
    """What uvicorn is to give new connections to, in place of a protocol class; plain without ``context``."""
    if context is None:
        return protocol

    def arrived(
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> asyncio.Protocol:
        make = partial(protocol, config, server_state, app_state, _loop)
        return TlsArrival(context, make, handshake_seconds)

    return cast("type[asyncio.Protocol]", arrived)
