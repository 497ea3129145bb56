"""Progress of long work: a bar on a terminal, a plain line every few seconds elsewhere."""

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

LINE_EVERY_SECONDS = 5.0


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A callback ``(events done, total)`` that shows events per second and the remaining time."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(what, console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} events"),
        TextColumn("{task.fields[rate]:,.0f} events/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=0, rate=0.0)
        since = time.monotonic()

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, rate=done / max(time.monotonic() - since, 1e-9))

        yield show


@contextlib.contextmanager
def shares(console: Console, what: str) -> Iterator[Callable[[float], None]]:
    """A callback with the share that is done, 0 to 1; without a terminal one line is printed."""
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    if not console.is_terminal:
        console.print(f"{what} …")
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=1.0)

        def show(share: float) -> None:
            bar.update(task, completed=share)

        yield show


@contextlib.contextmanager
def waiting(console: Console, what: str) -> Iterator[None]:
    """Show a spinner for work of unknown length."""
    if console.is_terminal:
        with console.status(f"  {what}"):
            yield
    else:
        console.print(f"{what} …")
        yield


class _Lines:
    """Progress as plain lines, at most one every few seconds."""

    def __init__(self, what: str, console: Console) -> None:
        self._what = what
        self._console = console
        self._since = self._last = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last < LINE_EVERY_SECONDS:
            return
        self._last = now
        rate = done / max(now - self._since, 1e-9)
        left = (total - done) / max(rate, 1e-9)
        self._console.print(f"{self._what}: {done:,} of {total:,} events, {rate:,.0f}/s, {left:,.0f} s left")
