"""Background jobs of a simulated charger, such as uploads and firmware installations.

They continue while the connection changes. There is at most one job of each kind.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


class BackgroundJobs:
    """The running jobs by kind."""

    def __init__(self) -> None:
        """Start without jobs."""
        self._running: dict[str, asyncio.Task[None]] = {}

    def busy(self, kind: str) -> bool:
        """Whether a job of this kind is running."""
        return kind in self._running

    def begin(self, kind: str, work: Coroutine[Any, Any, None]) -> None:
        """Start ``work`` and cancel the running job of its kind."""
        self.give_up(kind)
        task = asyncio.create_task(work)
        self._running[kind] = task
        task.add_done_callback(lambda done: self._forget(kind, done))

    def give_up(self, *kinds: str) -> None:
        """Cancel the jobs of these kinds; all jobs where none is given."""
        for kind in kinds or tuple(self._running):
            task = self._running.pop(kind, None)
            if task is not None:
                task.cancel()

    def _forget(self, kind: str, done: asyncio.Task[None]) -> None:
        if self._running.get(kind) is done:
            del self._running[kind]
        if not done.cancelled():
            done.result()
