"""How many event streams one asker may have open at once."""

from collections import Counter
from collections.abc import AsyncIterator

from eosvolt.adapters.http.framework.problems import Problem

STREAMS_EACH = 20


class OpenStreams:
    """How many event streams each asker has open: one that is not read costs memory until it is found out."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    async def limited(self, asker: str, body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The same stream, counted for as long as it is sent."""
        self._open[asker] += 1
        try:
            async for part in body:
                yield part
        finally:
            self._open[asker] -= 1
            self._open += Counter()  # forgets those that have none

    def check(self, asker: str) -> None:
        """Raises a 429 ``Problem`` where the asker has as many as it may have."""
        if self._open[asker] >= STREAMS_EACH:
            raise Problem(429, "Too many event streams are open already.", headers={"Retry-After": "10"})
