"""A real socket between the store and PostgreSQL that breaks when a test says so."""

import asyncio
from typing import Self
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

PURPOSE = b"eosvolt append"


class FaultyWire:
    """Passes everything on, until it is told to break the append connection at a certain moment.

    ``lose_answer``: the next request reaches the server and is carried out; its answer is never seen.
    ``lose_request``: the next request never reaches the server.
    """

    def __init__(self, dsn: str) -> None:
        self._place = conninfo_to_dict(dsn)
        self.lose_answer = False
        self.lose_request = False
        self.broken = 0
        self.refusing = False
        self.address = ""
        self._links: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        user, name = quote(str(self._place["user"])), quote(str(self._place["dbname"]))
        self.address = f"postgresql://{user}@127.0.0.1:{port}/{name}?sslmode=disable&gssencmode=disable"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        links = [*self._links]
        for link in links:
            link.cancel()
        await asyncio.gather(*links, return_exceptions=True)
        # A transport lets go of its socket in the loop's next turn.
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = asyncio.current_task()
        assert link is not None
        self._links.add(link)
        ends = [writer]
        try:
            if not self.refusing:
                await self._connect(reader, writer, ends)
        finally:
            self._links.discard(link)
            for end in ends:
                end.transport.abort()

    async def _connect(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, ends: list[asyncio.StreamWriter]
    ) -> None:
        host, port = str(self._place["host"]), str(self._place.get("port") or "5432")
        if host.startswith("/"):
            upstream, downstream = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            upstream, downstream = await asyncio.open_connection(host, int(port))
        ends.append(downstream)
        first = await reader.read(65_536)
        watched = PURPOSE in first
        downstream.write(first)
        cut = False

        async def requests() -> None:
            nonlocal cut
            while data := await reader.read(65_536):
                if watched and self.lose_request:
                    self.lose_request = False
                    self.broken += 1
                    return
                if watched and self.lose_answer:
                    self.lose_answer = False
                    cut = True
                downstream.write(data)

        async def answers() -> None:
            while data := await upstream.read(65_536):
                if cut:
                    self.broken += 1
                    return
                writer.write(data)

        tasks = [asyncio.create_task(requests()), asyncio.create_task(answers())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
