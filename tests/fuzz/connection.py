"""A charger's connection in memory: it calls the endpoint as the web server does, without a socket."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Message

PATIENCE = 10.0
OFFERED = ("ocpp1.6",)


class Line:
    """One connection. What the system says is in ``heard``, in order."""

    def __init__(
        self,
        endpoint: ASGIApp,
        raw_path: bytes,
        *,
        offered: tuple[str, ...] = OFFERED,
        authorization: bytes | None = None,
        address: str = "192.0.2.1",
    ) -> None:
        headers = [(b"host", b"test")]
        if authorization is not None:
            headers.append((b"authorization", authorization))
        self._endpoint = endpoint
        self._scope: dict[str, Any] = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": raw_path.decode("latin-1"),
            "raw_path": raw_path,
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": (address, 50_000),
            "server": ("test", 80),
            "subprotocols": list(offered),
            "state": {},
            "extensions": {"websocket.http.response": {}},
        }
        self.message: list[str] = []
        self.status = 0
        self.closed: int | None = None
        self._news = asyncio.Event()
        self._coming: asyncio.Queue[Message] = asyncio.Queue()
        self._coming.put_nowait({"type": "websocket.connect"})
        self._life: asyncio.Task[None] | None = None

    async def open(self) -> int:
        """ConnectionAttempt. 101 where the charger is let in, else the status of the refusal."""
        self._life = asyncio.create_task(self._live())
        await self._until(lambda: self.status != 0)
        return self.status

    def say(self, frame: str | bytes) -> None:
        """Send a message; nobody waits for what comes of it."""
        kind = "text" if isinstance(frame, str) else "bytes"
        self._coming.put_nowait({"type": "websocket.receive", kind: frame})

    async def answered(self, id_: str) -> None:
        """Wait until the last thing said is the answer to this id."""
        begins = (f'[3,"{id_}"', f'[4,"{id_}"')
        await self._until(lambda: bool(self.message) and self.message[-1].startswith(begins))

    async def asked(self, count: int) -> list[Any] | None:
        """The system's CALL after ``count`` others, if it comes soon."""
        for _ in range(50):
            calls = [message for text in self.message if (message := json.loads(text))[0] == 2]
            if len(calls) > count:
                return list(calls[count])
            await asyncio.sleep(0)
        return None

    async def hang_up(self) -> None:
        """Close the line and wait until the system is done with it."""
        self._coming.put_nowait({"type": "websocket.disconnect", "code": 1006})
        if self._life is not None:
            async with asyncio.timeout(PATIENCE):
                await self._life

    async def _live(self) -> None:
        try:
            await self._endpoint(self._scope, self._coming.get, self._take)
        finally:
            self.status = self.status or 500
            self._news.set()

    async def _take(self, message: Message) -> None:
        match message["type"]:
            case "websocket.send":
                message["text"].encode()
                self.message.append(message["text"])
            case "websocket.accept":
                self.status = 101
            case "websocket.close":
                self.closed = message["code"]
                self.status = self.status or 403
            case "websocket.http.response.start":
                self.status = message["status"]
            case _:
                pass
        self._news.set()

    async def _until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                if self._life is not None and self._life.done():
                    await self._life
                    raise ConnectionError("the line is dead")
                self._news.clear()
                await self._news.wait()
