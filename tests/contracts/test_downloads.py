"""Files that are streamed while they are made, over real sockets: one that is cut is not complete."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from starlette.types import Receive, Scope, Send

from eosvolt.adapters.http.framework.compression import Compressed
from eosvolt.adapters.http.framework.download import Download
from tests.contracts.small_server import PATIENCE, Server, serving

LINE = b"a,b,c\r\n" * 20_000


class Making:
    """A file in the making, and what became of it."""

    def __init__(self, *parts: bytes, broken: bool = False, endless: bool = False) -> None:
        self.parts, self.broken, self.endless = parts, broken, endless
        self.begun, self.put_away, self.closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def body(self) -> AsyncGenerator[bytes, None]:
        try:
            self.begun.set()
            for part in self.parts:
                yield part
            if self.broken:
                raise ConnectionError("the database is gone")
            while self.endless:
                await asyncio.sleep(1)
        finally:
            # What is put away has to be awaited, as a connection that goes back to its pool is.
            await asyncio.sleep(0.01)
            self.put_away.set()

    async def ended(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self.put_away.wait()
            await self.closed.wait()

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        closing, body = AsyncExitStack(), self.body()
        closing.callback(self.closed.set)
        closing.push_async_callback(body.aclose)
        await Download(body, "table.csv", "text/csv", closing)(scope, receive, send)


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with serving("plain", tmp_path) as served:
        yield served


async def fetched(server: Server, making: Making, **headers: str) -> httpx2.Response:
    server.apps["/file"] = Compressed(making.app)
    async with httpx2.AsyncClient(headers=headers) as client:
        return await client.get(f"http://127.0.0.1:{server.port}/file")


@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_a_whole_file_arrives(server: Server, coding: str) -> None:
    making = Making(LINE, LINE)
    answer = await fetched(server, making, **{"accept-encoding": coding})
    assert answer.content == LINE * 2
    assert answer.headers["content-disposition"] == 'attachment; filename="table.csv"'
    await making.ended()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
async def test_a_file_that_an_error_cuts_is_no_complete_answer(server: Server, coding: str) -> None:
    making = Making(LINE, broken=True)
    with pytest.raises(httpx2.RemoteProtocolError, match="incomplete"):
        await fetched(server, making, **{"accept-encoding": coding})
    await making.ended()


@pytest.mark.parametrize("parts", [(), (LINE,)])
async def test_the_work_ends_when_the_client_goes_away(server: Server, parts: tuple[bytes, ...]) -> None:
    making = Making(*parts, endless=True)
    server.apps["/file"] = making.app
    async with server.connected() as client:
        client.say(b"GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(PATIENCE):
            await making.begun.wait()
    await making.ended()


async def test_the_work_ends_when_the_client_reads_nothing(server: Server) -> None:
    making = Making(*[LINE] * 200, endless=True)
    server.apps["/file"] = making.app
    async with server.connected() as client:
        client.say(b"GET /file HTTP/1.1\r\nHost: localhost\r\n\r\n")
        await making.ended()
        await server.emptied()
