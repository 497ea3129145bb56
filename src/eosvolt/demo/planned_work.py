"""What colleagues did in the demo's past, carried out in the order of time once it was lived."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Planned(NamedTuple):
    """A piece of work and its instant."""

    at: datetime
    carry_out: Callable[[], Awaitable[None]]


async def carried_out(work: Iterable[Planned]) -> None:
    """Carry out all work, the earliest first: later work builds on it."""
    for each in sorted(work, key=lambda one: one.at):
        await each.carry_out()
