"""The limit of open event streams per client."""

from collections import Counter
from collections.abc import AsyncIterator

from eosvolt.adapters.http.framework.problems import Problem

STREAMS_EACH = 20


class OpenStreams:
    """Counts the open event streams of each client, because an unread stream costs memory."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    async def limited(self, asker: str, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same stream, counted until it ends."""
        self._open[asker] += 1
        try:
            async for part in body:
                yield part
        finally:
            self._open[asker] -= 1
            self._open += Counter()  # forgets those that have none

    def check(self, asker: str) -> None:
        """Raise a 429 ``Problem`` if the client has reached the limit."""
        if self._open[asker] >= STREAMS_EACH:
            raise Problem(429, "Too many event streams are open already.", headers={"Retry-After": "10"})
