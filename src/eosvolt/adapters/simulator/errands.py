"""Long work that somebody asked a charger for.

It goes on whatever else happens, and there is one of a kind at a time.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Errands:
    """What is under way, by its kind."""

    def __init__(self) -> None:
        """Nothing is."""
        self._under_way: dict[str, asyncio.Task[None]] = {}

    def busy(self, kind: str) -> bool:
        """Something of this kind is under way."""
        return kind in self._under_way

    def begin(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work``, and no longer what of its kind was under way."""
        self.give_up(kind)
        task = asyncio.create_task(work)
        self._under_way[kind] = task
        task.add_done_callback(lambda done: self._forget(kind, done))

    def give_up(self, *kinds: str) -> None:
        """Stop work of these kinds; of every kind where none is named."""
        for kind in kinds or tuple(self._under_way):
            task = self._under_way.pop(kind, None)
            if task is not None:
                task.cancel()

    def _forget(self, kind: str, done: asyncio.Task[None]) -> None:
        if self._under_way.get(kind) is done:
            del self._under_way[kind]
        if not done.cancelled():
            done.result()
