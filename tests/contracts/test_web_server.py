"""What a connection may cost, on a plain listener and over TLS, over real sockets."""

import asyncio
import contextlib
import gc
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from eosvolt.adapters.certificates.contexts import Pair, server_context
from eosvolt.adapters.certificates.keeping import authority, server_files
from eosvolt.adapters.ocpp.listening import PatientWebSockets
from eosvolt.adapters.web_server.http_protocol import Bounds, http_protocol
from eosvolt.adapters.web_server.limits import ConnectionLimits
from eosvolt.adapters.web_server.tls_arrival import arrival
from eosvolt.application.standing import PROVEN

# asyncio leaves the transport of a TLS handshake that failed to the garbage collector, and it complains.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed transport <asyncio._SSL:ResourceWarning")
SHORT = Bounds(
    head_seconds=0.4,
    step_bytes=1000,
    step_seconds=0.4,
    unread_seconds=0.4,
    rest_seconds=0.2,
    body_seconds=2.0,
)
GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n"
PATIENCE = 30


@dataclass
class Server:
    """A server with an application that reads the body and says how long it was."""

    limits: ConnectionLimits
    trusts: ssl.SSLContext | None
    port: int = 0
    bodies: list[int | str] = field(default_factory=list)

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
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

    @contextlib.contextmanager
    def strangers(self, count: int) -> Iterator[None]:
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


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """Collect the garbage of this module while its filter of warnings holds."""
    yield
    gc.collect()


@pytest.fixture(params=["plain", "tls"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    context = trusts = None
    if request.param == "tls":
        lasts = timedelta(days=1)
        signer = authority(tmp_path, "ecdsa", lasts)
        file = server_files(tmp_path, "ecdsa", signer, ["127.0.0.1"])
        context = server_context([Pair(file, file)], static_rsa=False)
        trusts = ssl.create_default_context(cadata=signer.pem)
    served = Server(ConnectionLimits(40, 10, monotonic), trusts)
    config = uvicorn.Config(
        served.app,
        port=0,
        loop="none",
        lifespan="off",
        log_config=None,
        interface="asgi3",
        http=arrival(http_protocol(served.limits, SHORT), context),
        ws=PatientWebSockets,
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


async def test_a_head_of_32_kib_and_100_lines_is_taken(server: Server) -> None:
    async with server.connected() as client:
        lines = b"".join(b"x-%d: %s\r\n" % (number, b"v" * 300) for number in range(99))
        assert len(GET + lines) < 32 * 1024
        client.say(GET % b"a" + lines + b"\r\n")
        assert (await client.answer()).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "head",
    [
        GET % b"a" + b"x: y\r\n" * 100 + b"\r\n",
        GET % b"a" + b"x: " + b"y" * 33_000 + b"\r\n\r\n",
        GET % b"a" + b"x: " + b"y" * 400_000,
        GET % b"a" + b"y" * 400_000,
        GET % (b"a" * 33_000) + b"\r\n",
        b"GET /" + b"a" * 400_000,
        GET % b"a" + b"Upgrade: websocket\r\nConnection: Upgrade\r\nx: " + b"y" * 33_000 + b"\r\n\r\n",
    ],
    ids=["lines", "line", "endless line", "endless name", "address", "endless address", "upgrade"],
)
async def test_a_larger_head_is_refused_and_the_connection_closed(server: Server, head: bytes) -> None:
    async with server.connected() as client:
        client.say(head)
        assert (await client.heard()).startswith(b"HTTP/1.1 431 ")
    assert server.bodies == []


async def test_a_head_that_websockets_finds_too_long_is_refused_too(server: Server) -> None:
    async with server.connected() as client:
        client.say(
            GET % b"a" + b"Upgrade: websocket\r\nConnection: Upgrade\r\nx: " + b"y" * 9_000 + b"\r\n\r\n"
        )
        assert (await client.heard()).startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))


async def test_lines_after_a_body_are_counted_like_those_before_it(server: Server) -> None:
    chunked = GET.replace(b"GET", b"POST") % b"a" + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"
    for trailers in (b"x: y\r\n" * 101 + b"\r\n", b"x: " + b"y" * 400_000):
        async with server.connected() as client:
            client.say(chunked + trailers)
            assert b" 200 " not in await client.heard()


async def test_a_connection_on_which_nothing_is_said_is_closed(server: Server) -> None:
    async with server.connected() as client:
        assert await client.heard() == b""
        await server.emptied()


async def test_a_head_that_drips_is_closed(server: Server) -> None:
    async with server.connected() as client:
        dripping = asyncio.create_task(_drip(client, GET % b"a" + b"x: y\r\n" * 50))
        assert (await client.heard()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()


async def test_a_second_head_that_drips_is_closed(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET % b"a" + b"\r\n")
        assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
        dripping = asyncio.create_task(_drip(client, GET % b"a" + b"x: y\r\n" * 50))
        assert (await client.heard()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()


@pytest.mark.parametrize("framing", [b"Content-Length: 9999", b"Transfer-Encoding: chunked"])
async def test_a_body_that_drips_is_closed(server: Server, framing: bytes) -> None:
    async with server.connected() as client:
        client.say(GET.replace(b"GET", b"POST") % b"a" + framing + b"\r\n\r\n")
        dripping = asyncio.create_task(_drip(client, b"1\r\na\r\n" * 50))
        assert (await client.heard()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()
    assert server.bodies == ["gone"]


async def test_a_body_that_goes_on_for_ever_is_closed(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET.replace(b"GET", b"POST") % b"a" + b"Content-Length: 99999999\r\n\r\n")
        dripping = asyncio.create_task(_drip(client, b"a" * 400_000, step=2_000))
        assert (await client.heard()).startswith(b"HTTP/1.1 408 ")
        dripping.cancel()


async def test_a_body_that_is_slow_but_comes_is_taken(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET.replace(b"GET", b"POST") % b"a" + b"Content-Length: 20000\r\n\r\n")
        await _drip(client, b"a" * 20_000, step=1_000)
        assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
    assert server.bodies == [20_000]


async def test_the_rest_of_a_body_that_nobody_wants_is_not_waited_for(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET.replace(b"GET", b"POST") % b"early" + b"Content-Length: 99999999\r\n\r\n")
        assert (await client.heard()).startswith(b"HTTP/1.1 200 ")


async def test_an_answer_that_nobody_reads_is_given_up(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET % b"large" + b"\r\n")
        async with asyncio.timeout(PATIENCE):
            while not server.bodies:
                await asyncio.sleep(0.02)
        await server.emptied()


async def test_requests_one_behind_the_other_are_all_answered(server: Server) -> None:
    async with server.connected() as client:
        client.say((GET % b"a" + b"\r\n") * 20)
        for _ in range(20):
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")


async def test_strangers_that_say_nothing_make_room_for_others(server: Server) -> None:
    with server.strangers(60):
        async with server.connected() as client:
            client.say(GET % b"a" + b"\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert server.limits.connected <= 40


async def test_known_connections_keep_their_places(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET % b"known" + b"\r\n")
        await client.answer()
        with server.strangers(60):
            client.say(GET % b"a" + b"\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")


async def _drip(client: Client, data: bytes, step: int = 1) -> None:
    for start in range(0, len(data), step):
        client.say(data[start : start + step])
        await asyncio.sleep(0.05)
