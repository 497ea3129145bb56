"""A file that is streamed while it is made, and given up as soon as its client goes away."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class Download(StreamingResponse):
    """Streams ``body`` as an attachment. Afterwards, or when the client goes away, ``closing`` is closed.

    Cancellation reaches ``body`` once, so it may await what it has to put away. After an error the connection
    is closed in the middle of the body: the last chunk is missing (RFC 9112 §7.1), and no client takes the
    file for complete.
    """

    def __init__(
        self, body: AsyncGenerator[bytes, None], name: str, media_type: str, closing: AsyncExitStack
    ) -> None:
        """``name`` is the name of the file, in ASCII."""
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        super().__init__(body, headers=headers, media_type=media_type)
        self._closing = closing

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Send the file."""
        async with self._closing:
            sending = asyncio.create_task(self.stream_response(send))
            leaving = asyncio.create_task(self.listen_for_disconnect(receive))
            try:
                await asyncio.wait({sending, leaving}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                leaving.cancel()
                await asyncio.wait({sending, leaving})
            if not sending.cancelled():
                sending.result()
