"""What colleagues did in the demo's past, carried out in the order of time once it was lived."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from eosvolt.adapters.simulator.clock import PastClock
from eosvolt.application.actor import Actor
from eosvolt.application.executor import Application
from eosvolt.application.operations.operation import I, Operation, Operations
from eosvolt.application.operations.ports import Ports


class Planned(NamedTuple):
    """A piece of work and its instant."""

    at: datetime
    carry_out: Callable[[], Awaitable[None]]


def work_at(
    at: datetime,
    application: Application,
    actor: Actor,
    operation: Operation[I, Any],
    wanted: I,
    ports: Ports = Ports(),  # noqa: B008 - a frozen value
) -> Planned:
    """An operation that ``actor`` carries out at an instant of the past."""
    operations = Operations(application, PastClock(at), ports)

    async def carry_out() -> None:
        await operations.run(operation, actor, wanted)

    return Planned(at, carry_out)


async def carried_out(work: Iterable[Planned]) -> None:
    """Carry out all work, the earliest first: later work builds on it."""
    for each in sorted(work, key=lambda one: one.at):
        await each.carry_out()
