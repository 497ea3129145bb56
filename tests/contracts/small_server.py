"""A web server of a test's own on a plain listener, over TLS, and over TLS with clients' certificates."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from eosvolt.adapters.certificates.contexts import Pair, server_context
from eosvolt.adapters.certificates.keeping import authority, server_files
from eosvolt.adapters.ocpp.websocket_server import ChargerWebSockets
from eosvolt.adapters.web_server.http_protocol import Bounds, http_protocol
from eosvolt.adapters.web_server.limits import ConnectionLimits
from eosvolt.adapters.web_server.tls_arrival import arrival
from eosvolt.application.standing import PROVEN
from tests.e2e.ocpp.certificates import Keyring, OtherAuthority

SHORT = Bounds(
    head_seconds=0.4,
    step_bytes=1000,
    step_seconds=0.4,
    unread_seconds=0.4,
    rest_seconds=0.2,
    body_seconds=2.0,
)
# A handshake takes a while where the machine is busy.
HANDSHAKE_SECONDS = 5.0
PATIENCE = 30
KINDS = ("plain", "tls", "mtls")


@dataclass
class Server:
    """A server with an application that reads the body and says how long it was.

    ``apps`` answer at addresses of their own.
    """

    limits: ConnectionLimits
    trusts: ssl.SSLContext | None
    port: int = 0
    bodies: list[int | str] = field(default_factory=list)
    apps: dict[str, ASGIApp] = field(default_factory=dict)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if answering := self.apps.get(scope["path"]):
            await answering(scope, receive, send)
            return
        if scope["path"] == "/known":
            scope["extensions"][PROVEN]()
        if scope["path"] != "/early":
            self.bodies.append(length := await _length(receive))
            if length == "gone":
                return
        answer = b"x" * 20_000_000 if scope["path"] == "/large" else b"fine"
        size = str(len(answer)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", size)]})
        await send({"type": "http.response.body", "body": answer})

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["Client"]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, ssl=self.trusts)
        try:
            yield Client(reader, writer)
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def emptied(self) -> None:
        """Wait until no connection is left."""
        async with asyncio.timeout(PATIENCE):
            while self.limits.connected:
                await asyncio.sleep(0.02)

    async def entered(self, count: int) -> None:
        """Wait until so many connections have a place."""
        async with asyncio.timeout(PATIENCE):
            while self.limits.connected < count:
                await asyncio.sleep(0.02)

    @contextlib.contextmanager
    def anonymous(self, count: int) -> Iterator[None]:
        """Connections on which nothing is said, not even a greeting of TLS."""
        with contextlib.ExitStack() as idle:
            for _ in range(count):
                idle.enter_context(socket.create_connection(("127.0.0.1", self.port)))
            yield


async def _length(receive: Receive) -> int | str:
    length = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return "gone"
        length += len(message["body"])
        if not message["more_body"]:
            return length


@dataclass
class Client:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    async def heard(self) -> bytes:
        """Everything until the server closes the connection."""
        heard = b""
        async with asyncio.timeout(PATIENCE):
            try:
                while data := await self.reader.read(65536):
                    heard += data
            except (ConnectionError, ssl.SSLError):
                pass
        return heard

    async def answer(self) -> bytes:
        """One answer on a connection that goes on."""
        async with asyncio.timeout(PATIENCE):
            head = await self.reader.readuntil(b"\r\n\r\n")
            return head + await self.reader.readexactly(4)


@asynccontextmanager
async def serving(kind: str, folder: Path) -> AsyncIterator[Server]:
    """A listener of a kind, with 40 places, and 10 for anonymous connections of one address that stay."""
    context = trusts = None
    if kind != "plain":
        signer = authority(folder, "ecdsa", timedelta(days=1))
        file = server_files(folder, "ecdsa", signer, ["127.0.0.1"])
        trusts = ssl.create_default_context(cadata=signer.pem)
        maker = OtherAuthority("Maker")
        if kind == "mtls":
            (folder / "authority.pem").write_text(signer.pem)
            ring = Keyring(folder)
            trusts = ring.shown(maker.signed(ring.key, "CP-1", "Volt"), folder / "authority.pem")
        trusted = [maker.pem] if kind == "mtls" else []
        context = server_context([Pair(file, file)], static_rsa=False, trusted=trusted)
    served = Server(ConnectionLimits(40, 10, monotonic), trusts)
    config = uvicorn.Config(
        served.app,
        port=0,
        loop="none",
        lifespan="off",
        log_config=None,
        interface="asgi3",
        http=arrival(http_protocol(served.limits, SHORT), context, HANDSHAKE_SECONDS),
        ws=ChargerWebSockets,
    )
    running = uvicorn.Server(config)
    running.config.load()
    running.lifespan = config.lifespan_class(config)
    await running.startup()
    served.port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        await running.shutdown()
