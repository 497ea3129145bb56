"""A TLS handshake takes a place and is bounded, also where clients have to show certificates."""

import gc
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contracts.small_server import Server, serving

# asyncio leaves the transport of a TLS handshake that failed to the garbage collector, and it complains.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed transport <asyncio._SSL:ResourceWarning")
GET = b"GET /%s HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(scope="module", autouse=True)
def _collected() -> Iterator[None]:
    """Collect the garbage of this module while its filter of warnings holds."""
    yield
    gc.collect()


@pytest.fixture(params=["tls", "mtls"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Server]:
    async with serving(request.param, tmp_path) as served:
        yield served


def _hello(trusts: ssl.SSLContext | None) -> bytes:
    """The first message of a client's handshake."""
    assert trusts is not None
    outgoing = ssl.MemoryBIO()
    client = trusts.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="127.0.0.1")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0], ids=["nothing", "half a greeting", "a greeting"])
async def test_a_handshake_that_does_not_come_to_its_end_is_closed(server: Server, share: float) -> None:
    hello = _hello(server.trusts)
    with socket.create_connection(("127.0.0.1", server.port)) as idle:
        idle.sendall(hello[: int(len(hello) * share)])
        await server.entered(1)
        await server.emptied()
    assert server.bodies == []


async def test_what_is_no_tls_is_closed_and_its_place_is_free(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as plain:
        plain.sendall(GET % b"a")
        await server.emptied()
    assert server.bodies == []


async def test_handshakes_in_the_making_take_no_more_places_than_there_are(server: Server) -> None:
    with server.anonymous(60):
        await server.entered(40)
        async with server.connected() as client:
            client.say(GET % b"known")
            assert (await client.answer()).startswith(b"HTTP/1.1 200 ")
            assert server.limits.connected == 40
            with server.anonymous(60):
                client.say(GET % b"a")
                assert (await client.answer()).startswith(b"HTTP/1.1 200 ")


async def test_a_client_without_a_certificate_is_sent_away_where_one_is_wanted(tmp_path: Path) -> None:
    async with serving("mtls", tmp_path) as server:
        server.trusts = ssl.create_default_context(cafile=str(tmp_path / "authority.pem"))
        # With TLS 1.3 the client believes that all is well until it reads.
        with pytest.raises((ssl.SSLError, ConnectionError, EOFError)):
            await _ask(server)
        await server.emptied()
    assert server.bodies == []


async def _ask(server: Server) -> bytes:
    async with server.connected() as client:
        client.say(GET % b"a")
        return await client.answer()
