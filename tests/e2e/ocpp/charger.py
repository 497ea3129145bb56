"""A charger for tests: raw frames over a real socket, or the ``ocpp`` package's charge point."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PATIENCE = 30.0
OCPP16 = Subprotocol("ocpp1.6")


class Charger:
    """Says exactly what it is told to say."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self._ids = itertools.count(1)

    async def say(self, text: str | bytes) -> None:
        await self.socket.send(text)

    async def receive(self) -> Any:
        async with asyncio.timeout(PATIENCE):
            return orjson.loads(await self.socket.recv())

    async def exchange(self, action: str, payload: Any, id_: Any = None) -> Any:
        """Send a CALL and return the whole answer."""
        id_ = f"c{next(self._ids)}" if id_ is None else id_
        await self.say(orjson.dumps([2, id_, action, payload]).decode())
        answer = await self.receive()
        assert answer[1] == id_
        return answer

    async def call(self, action: str, /, **payload: Any) -> dict[str, Any]:
        """Send a CALL and return the payload of its CALLRESULT."""
        answer = await self.exchange(action, payload)
        assert answer[0] == 3, answer
        result: dict[str, Any] = answer[2]
        return result


@asynccontextmanager
async def charger(
    url: str,
    headers: dict[str, str] | None = None,
    offers: tuple[str, ...] = ("ocpp1.6",),
    **options: Any,
) -> AsyncIterator[Charger]:
    """A connected charger."""
    async with connect(
        url,
        subprotocols=[Subprotocol(offer) for offer in offers] or None,
        additional_headers=headers,
        **options,
    ) as socket:
        yield Charger(socket)
