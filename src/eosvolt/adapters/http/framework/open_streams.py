"""Open event streams: how many a client may have, and that they end with its access."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import get_args

from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.domain.companies.events import ApiKeyRevoked, OwnershipTransferred
from eosvolt.domain.kernel import Fact
from eosvolt.domain.operators.events import OperatorEvent

STREAMS_EACH = 20
ASKED_EVERY_SECONDS = 5.0
# What may end the access of a user or program, or change it.
ACCESS_CHANGES = (*get_args(OperatorEvent), ApiKeyRevoked, OwnershipTransferred)


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


async def while_admitted(
    batches: AsyncIterator[Sequence[Fact]],
    admitted: Callable[[], Awaitable[bool]],
    clock: Callable[[], float] = time.monotonic,
) -> AsyncIterator[Sequence[Fact]]:
    """The same batches, until the client's access ends or changes: then it has to come again.

    ``admitted`` is asked about each fact that may be about access, when nothing happened for a while, and
    every few seconds while much happens: a web session that was ended leaves no fact.
    """
    yield await anext(batches)
    asked = clock()
    async for batch in batches:
        about_access = not batch or any(isinstance(fact.event, ACCESS_CHANGES) for fact in batch)
        if about_access or clock() - asked >= ASKED_EVERY_SECONDS:
            if not await admitted():
                return
            asked = clock()
        yield batch
