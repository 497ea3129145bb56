"""What a charger still has to say.

In order, kept while the link is down, tried again while nobody answers.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from ocpp.exceptions import OCPPError

Answered = Callable[[Any], None]


@dataclass(slots=True, eq=False)
class Message:
    """One message.

    ``write`` makes its payload when it is sent, because a start's answer names what follows it.

    ``kept`` messages belong to transactions and outlive a lost link; the others say how things are now and
    are dropped then. ``missed`` is told when the message can never be answered.
    """

    write: Callable[[], Any]
    kept: bool = False
    answered: Answered | None = None
    missed: Callable[[], None] | None = None
    tries: int = 0


class Outbox:
    """The messages of one charger, the oldest first."""

    def __init__(self) -> None:
        """Nothing to say; ``empty`` is set as long as that is so."""
        self._waiting: deque[Message] = deque()
        self._news = asyncio.Event()
        self.empty = asyncio.Event()
        self.empty.set()
        self.delivered = 0
        self.given_up = 0
        self.tried_again = 0

    def __len__(self) -> int:
        """How many messages wait, with the one under way."""
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Say this after all the rest."""
        self._waiting.append(message)
        self._changed()

    def put_first(self, *messages: Message) -> None:
        """Say these before all the rest, in this order."""
        self._waiting.extendleft(reversed(messages))
        self._changed()

    def link_lost(self) -> None:
        """Forget what is only true now; keep what belongs to transactions."""
        lost = [message for message in self._waiting if not message.kept]
        self._waiting = deque(message for message in self._waiting if message.kept)
        self._changed()
        for message in lost:
            if message.missed is not None:
                message.missed()

    async def deliver(
        self, send: Callable[[Any], Awaitable[Any]], attempts: Callable[[], int], pause_s: Callable[[], float]
    ) -> None:
        """Say everything, one after the other, for ever.

        ``send`` raises ``TimeoutError`` or ``OCPPError`` where it failed.

        A transaction's message is tried ``attempts`` times with ``pause_s`` times the number of tries in
        between, then given up; any other is tried once. Each try is a message of its own, with an id of its
        own.
        """
        # The package's wait for an answer (Python 3.11) may swallow a cancellation that comes with it.
        while not _cancelled():
            while not self._waiting:
                await self._news.wait()
            message = self._waiting[0]
            message.tries += 1
            try:
                answer = await send(message.write())
            except (TimeoutError, OCPPError):
                await self._failed(message, attempts(), pause_s())
                continue
            self._forget(message)
            self.delivered += 1
            if message.answered is not None:
                message.answered(answer)

        raise asyncio.CancelledError

    async def _failed(self, message: Message, attempts: int, pause_s: float) -> None:
        if message.kept and message.tries < attempts:
            self.tried_again += 1
            await asyncio.sleep(pause_s * message.tries)
            return
        self._forget(message)
        self.given_up += 1
        if message.missed is not None:
            message.missed()

    def _forget(self, message: Message) -> None:
        if message in self._waiting:
            self._waiting.remove(message)
            self._changed()

    def _changed(self) -> None:
        on, off = (self._news, self.empty) if self._waiting else (self.empty, self._news)
        on.set()
        off.clear()


def _cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
