"""Processor cores: who runs on which, and how much of one they spend."""

import contextlib
import os
import time
from collections.abc import Iterator

import psutil  # type: ignore[import-untyped]  # it comes without types


class Spent:
    """Processor time that processes and their children spend between two moments."""

    def __init__(self, **pids: int) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in pids.items()}
        self._before = self._spent()
        self._since = time.perf_counter()

    def shares(self) -> dict[str, float]:
        """Of one core, since the beginning."""
        seconds = time.perf_counter() - self._since
        return {name: (spent - self._before[name]) / seconds for name, spent in self._spent().items()}

    def _spent(self) -> dict[str, float]:
        found = {}
        for name, process in self._processes.items():
            family = [process, *process.children(recursive=True)]
            # Of those that have ended, only their parent still knows.
            found[name] = sum(sum(each.cpu_times()[:4]) for each in family)
        return found


@contextlib.contextmanager
def on(core: int) -> Iterator[None]:
    """Run there, with everything that is started meanwhile."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
