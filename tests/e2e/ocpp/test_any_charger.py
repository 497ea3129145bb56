"""Whatever a charger does, a good one beside it or after it notices nothing: over sockets, to the disk."""

import asyncio
import contextlib
import re
import socket
from collections.abc import Iterator
from random import Random
from typing import Any

import psutil  # type: ignore[import-untyped]  # it comes without types
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from tests.e2e.ocpp.charger import OCPP16, charger
from tests.e2e.ocpp.site import Site
from tests.e2e.running import RunningSystem
from tests.fuzz.mutation import Mutator
from tests.hypothesis_profiles import share
from tests.postgres_server import fresh_database

STATUS: dict[str, Any] = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
GROWTH_MB = 64
OFFENCE = re.compile(r'"level": ?"(error|critical)"|Traceback')
GIANT = f'[3,"never-asked","{"x" * 60_000}"]'
HEADERS = (
    b"Host: charger.example",
    b"Upgrade: websocket",
    b"Connection: Upgrade",
    b"Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
    b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Protocol: ocpp1.6",
)
ODD_HEADERS = st.sampled_from(
    (
        b"Sec-WebSocket-Key: short",
        b"Sec-WebSocket-Version: 8",
        b"Sec-WebSocket-Protocol: ,, ocpp1.6 ,OCPP1.6;x=1",
        b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=99",
        b"Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=8, x",
        b"Authorization: Basic ====",
        b"Authorization: Basic " + b"A" * 4_000,
        b"Authorization: \xff\xfe",
        b"Content-Length: 10",
        b"Content-Length: -1",
        b"Transfer-Encoding: chunked",
        b"Upgrade: h2c",
        b"Connection: close",
        b"X: " + b"y" * 20_000,
        b"no colon",
    )
)
DOINGS = st.sampled_from(
    (
        "connect again",
        "say something",
        "say something",
        "send bytes",
        "break the framing",
        "answer what nobody asked",
        "leave",
        "vanish",
    )
)
PATHS = st.sampled_from(
    (b"/ocpp/242/GOOD", b"/ocpp/GOOD", b"/ocpp/", b"/ocpp/242/%ff", b"/ocpp/1/2/3", b"*", b"")
)
HEAD = st.tuples(
    st.sampled_from((b"GET", b"POST", b"get", b"PRI", b"")),
    PATHS | st.binary(max_size=30),
    st.sampled_from((b"HTTP/1.1", b"HTTP/1.0", b"HTTP/2.0", b"HTTP/9", b"")),
    st.lists(st.sampled_from(HEADERS) | ODD_HEADERS | st.binary(max_size=40), max_size=10),
    st.binary(max_size=200),
    st.booleans(),
)


@pytest.fixture(scope="module")
def good(postgres: str, _migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site with the chargers ``GOOD`` and ``ANY``; in the end nothing may be wrong behind the scenes."""
    with fresh_database(postgres, template=_migrated) as address:
        running = RunningSystem(address, tmp_path_factory.mktemp("any-charger"))
        try:
            running.start()
            site = Site(running)
            site.add_charger("GOOD")
            site.add_charger("ANY")
            yield site
            assert running.sql("SELECT * FROM projection_dead_letters") == []
            log = (running.folder / "serve.log").read_text(errors="replace").splitlines()
            assert [line for line in log if OFFENCE.search(line)] == []
        finally:
            running.close()


async def still_served(site: Site) -> None:
    """A good charger connects, reports, and hears its heartbeat's answer."""
    async with charger(site.url("GOOD")) as cp:
        assert await cp.call("StatusNotification", **STATUS) == {}
        assert "currentTime" in await cp.call("Heartbeat")


def handshake(port: int, request: bytes, *, wait: bool) -> bytes:
    """What the server answers to some bytes, if it does before it closes or has nothing to say."""
    with socket.create_connection(("127.0.0.1", port)) as line, contextlib.suppress(OSError):
        line.settimeout(0.1)
        line.sendall(request)
        if wait:
            return line.recv(4_096)
    return b""


def test_no_request_harms_the_endpoint(good: Site) -> None:
    @settings(max_examples=share(80))
    @given(HEAD)
    def one(head: tuple[bytes, bytes, bytes, list[bytes], bytes, bool]) -> None:
        method, path, version, headers, rest, wait = head
        request = b"\r\n".join((b" ".join((method, path, version)), *headers)) + b"\r\n\r\n" + rest
        answer = handshake(good.system.port, request, wait=wait)
        assert b" 500 " not in answer.partition(b"\r\n")[0]

    one()
    asyncio.run(still_served(good))


class AnyCharger:
    """One that does what it likes. Its own line may be closed on it: that is the system's right."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.line: ClientConnection | None = None
        self._opened: list[ClientConnection] = []

    async def _connect(self) -> ClientConnection:
        self.line = await connect(self.url, subprotocols=[OCPP16])
        self._opened.append(self.line)
        return self.line

    async def ends(self) -> None:
        """Let go of every line it ever had."""
        for line in self._opened:
            line.transport.abort()
        await asyncio.gather(*(line.wait_closed() for line in self._opened))
        # A transport lets go of its socket in the loop's next turn.
        await asyncio.sleep(0)

    async def does(self, doing: str, seed: int) -> None:
        """Some bytes come from ``seed``."""
        try:
            await self._do(doing, Random(seed), self.line or await self._connect())
        except (OSError, RuntimeError, WebSocketException, TimeoutError):
            self.line = None

    async def _do(self, doing: str, rng: Random, line: ClientConnection) -> None:
        match doing:
            case "connect again":
                await self._connect()
            case "say something":
                for text in Mutator(rng).conversation():
                    await line.send(text)
            case "send bytes":
                await line.send(rng.randbytes(rng.randrange(300)))
            case "break the framing":
                line.transport.write(rng.randbytes(rng.randrange(1, 60)))
            case "answer what nobody asked":
                await line.send('[3,"nobody-asked",{"status":"Accepted"}]')
            case "leave":
                await line.close()
            case _:
                line.transport.abort()


def test_no_sequence_of_a_charger_s_doings_is_noticed_by_another(good: Site) -> None:
    # A system that remembers cannot be asked the same again: what was found is not made smaller.
    @settings(max_examples=share(12), phases=[Phase.generate])
    @given(st.lists(st.tuples(DOINGS, st.integers(0, 2**32)), min_size=4, max_size=16))
    def one(doings: list[tuple[str, int]]) -> None:
        async def live() -> None:
            anyone = AnyCharger(good.url("ANY"))
            async with charger(good.url("GOOD")) as cp:
                for doing, seed in doings:
                    await anyone.does(doing, seed)
                    assert "currentTime" in await cp.call("Heartbeat")
                assert await cp.call("StatusNotification", **STATUS) == {}
            await anyone.ends()

        asyncio.run(live())

    one()


async def test_garbage_and_giants_leave_nothing_behind_in_memory(good: Site) -> None:
    process = psutil.Process(good.system.pid)

    async def round_(count: int) -> None:
        for _ in range(count):
            with contextlib.suppress(OSError, WebSocketException):
                async with connect(good.url("ANY"), subprotocols=[OCPP16]) as line:
                    await line.send("[" * 60_000)
                    await line.send(GIANT)
                    await line.send("x" * 300 * 1024)
                    await line.recv()

    await round_(5)
    before = process.memory_full_info().uss
    await round_(20)
    grown = (process.memory_full_info().uss - before) / 2**20
    assert grown < GROWTH_MB, f"{grown:.0f} MB more"
    await still_served(good)
