"""One request to the group committer."""

import asyncio
from collections.abc import Sequence

from eosvolt.adapters.postgres.stored_events import Stored
from eosvolt.application.ports import Alongside, StreamAppend
from eosvolt.domain.kernel import Provenance


class AppendRequest:
    """The events of one append, and the future that its caller awaits."""

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
        """The request is not stored; raise ``error`` in the caller."""
        if not self.done.done():
            self.done.set_exception(error)

    def acknowledge(self, position: int) -> None:
        """The request is stored; return the position of its last event to the caller."""
        if not self.done.done():
            self.done.set_result(position)
