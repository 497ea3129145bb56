"""One request to the group committer."""

import asyncio
from collections.abc import Sequence

from eosvolt.adapters.postgres.stored_events import Stored
from eosvolt.application.ports import Alongside, StreamAppend
from eosvolt.domain.kernel import Provenance


class AppendRequest:
    """The events that one plan wants to store, and the future of whoever waits for them."""

    __slots__ = ("alongside", "done", "entries", "rows", "size", "why")

    def __init__(
        self,
        entries: Sequence[StreamAppend],
        why: Provenance,
        done: "asyncio.Future[int]",
        alongside: Sequence[Alongside] = (),
    ) -> None:
        self.entries = entries
        self.alongside = alongside
        self.why = why
        self.done = done
        self.size = sum(len(entry.events) for entry in entries)
        self.rows: list[Stored] = []

    def refuse(self, error: Exception) -> None:
        """It is not stored, and whoever waits learns why."""
        if not self.done.done():
            self.done.set_exception(error)

    def acknowledge(self, position: int) -> None:
        """It is stored, its last event at this position."""
        if not self.done.done():
            self.done.set_result(position)
