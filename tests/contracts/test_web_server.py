"""What a connection may cost, over real sockets: plain, over TLS, and with clients' certificates."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contracts.small_server import KINDS, PATIENCE, Client, Server, serving

# asyncio leaves the transport of a TLS handshake that failed to the garbage collector, and it complains.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed transport <asyncio._SSL:ResourceWarning")
GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """Collect the garbage of this module while its filter of warnings holds."""
    yield
    gc.collect()


@pytest.fixture(params=KINDS)
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(request.param, tmp_path) as served:
        yield served


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


async def test_an_idle_connection_is_closed(server: Server) -> None:
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


async def test_the_rest_of_an_unwanted_body_is_not_awaited(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET.replace(b"GET", b"POST") % b"early" + b"Content-Length: 99999999\r\n\r\n")
        assert (await client.heard()).startswith(b"HTTP/1.1 200 ")


async def test_an_unread_answer_is_given_up(server: Server) -> None:
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


async def test_anonymous_connections_that_say_nothing_make_room_for_others(server: Server) -> None:
    with server.anonymous(60):
        async with server.connected() as client:
            client.say(GET % b"a" + b"\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert server.limits.connected <= 40


async def test_known_connections_keep_their_places(server: Server) -> None:
    async with server.connected() as client:
        client.say(GET % b"known" + b"\r\n")
        await client.answer()
        with server.anonymous(60):
            client.say(GET % b"a" + b"\r\n")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")


async def _drip(client: Client, data: bytes, step: int = 1) -> None:
    for start in range(0, len(data), step):
        client.say(data[start : start + step])
        await asyncio.sleep(0.05)
