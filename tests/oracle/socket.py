"""A charger on a bare WebSocket: asks one thing after the other and accepts whatever it is asked."""

import asyncio
import contextlib
import itertools
import json
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

ANSWERED_WITHIN = 60.0


@dataclass
class Socket:
    """The line of a charger to ``url``. ``refused`` holds what was not answered with a result."""

    url: str
    refused: list[str] = field(default_factory=list)
    _line: ClientConnection | None = None
    _reading: asyncio.Task[None] | None = None
    _waiting: dict[str, asyncio.Future[list[Any]]] = field(default_factory=dict)
    _ids: "itertools.count[int]" = field(default_factory=itertools.count)

    async def up(self) -> None:
        """Connect."""
        self._line = await connect(
            self.url, subprotocols=[Subprotocol("ocpp1.6")], open_timeout=ANSWERED_WITHIN
        )
        self._reading = asyncio.create_task(self._read(self._line))

    async def down(self) -> None:
        """Hang up, if connected."""
        line, self._line = self._line, None
        if line is not None and self._reading is not None:
            await line.close()
            await self._reading

    async def call(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """The result; empty where there was none, which is noted."""
        assert self._line is not None, f"{action} without a line"
        id_ = f"o{next(self._ids)}"
        answer = self._waiting[id_] = asyncio.get_running_loop().create_future()
        await self._line.send(json.dumps([2, id_, action, payload]))
        async with asyncio.timeout(ANSWERED_WITHIN):
            message = await answer
        if message[0] != 3:
            self.refused.append(f"{action} {json.dumps(payload)}: {message[2:]}")
            return {}
        result: dict[str, Any] = message[2]
        return result

    async def _read(self, line: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for text in line:
                message = json.loads(text)
                if message[0] == 2:
                    await line.send(json.dumps([3, message[1], {"status": "Accepted"}]))
                elif (waiting := self._waiting.pop(message[1], None)) is not None:
                    waiting.set_result(message)
