"""The queue of a simulated charger's undelivered messages.

Messages keep their order, are kept while the link is lost, and are repeated while there is no answer.
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

    ``write`` builds the payload when it is sent: later messages contain the transaction id of a start's
    answer.

    ``kept`` messages belong to transactions and are kept while the link is lost; the others are dropped then.
    ``missed`` is called when the message will never be answered.
    """

    write: Callable[[], Any]
    kept: bool = False
    answered: Answered | None = None
    missed: Callable[[], None] | None = None
    tries: int = 0


class Outbox:
    """The messages of one charger, the oldest first."""

    def __init__(self) -> None:
        """Start empty; ``empty`` is set while there are no messages."""
        self._waiting: deque[Message] = deque()
        self._news = asyncio.Event()
        self.empty = asyncio.Event()
        self.empty.set()
        self.delivered = 0
        self.given_up = 0
        self.tried_again = 0

    def __len__(self) -> int:
        """The number of messages, including the one being sent."""
        return len(self._waiting)

    def put(self, message: Message) -> None:
        """Append a message."""
        self._waiting.append(message)
        self._changed()

    def put_first(self, *messages: Message) -> None:
        """Insert messages before all others, in this order."""
        self._waiting.extendleft(reversed(messages))
        self._changed()

    def link_lost(self) -> None:
        """Drop the messages that are not ``kept``."""
        lost = [message for message in self._waiting if not message.kept]
        self._waiting = deque(message for message in self._waiting if message.kept)
        self._changed()
        for message in lost:
            if message.missed is not None:
                message.missed()

    async def deliver(
        self, send: Callable[[Any], Awaitable[Any]], attempts: Callable[[], int], pause_s: Callable[[], float]
    ) -> None:
        """Send the messages one after the other, until cancelled.

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
