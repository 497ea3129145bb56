"""The raw limit of a WebSocket server in Python: answers every CALL with an empty result and knows nothing.

The load benchmark runs it as a process of its own, with the port as its only argument.
"""

import asyncio
import sys

import orjson
import uvloop
from websockets.asyncio.server import ServerConnection, serve


async def answer(charger: ServerConnection) -> None:
    """Read, decode, encode, write."""
    async for text in charger:
        await charger.send(orjson.dumps([3, orjson.loads(text)[1], {}]).decode())


async def listen(port: int) -> None:
    """Until killed."""
    async with serve(answer, "127.0.0.1", port, subprotocols=["ocpp1.6"], compression=None):  # type: ignore[list-item]  # a NewType of str
        await asyncio.get_running_loop().create_future()


def main() -> None:
    """Listen on the port that was given."""
    uvloop.run(listen(int(sys.argv[1])))
