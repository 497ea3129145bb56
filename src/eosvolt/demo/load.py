"""Loads a large history through the system itself: the real application decides every event.

The park is divided among processes, which play their parts by a clock that shows the past. Their events are
merged in the order of recording, appended and sealed, a stretch of hours at a time.
"""

import asyncio
import contextlib
import heapq
import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from multiprocessing.connection import Connection
from operator import itemgetter
from typing import NamedTuple

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.past import append_rows, seal_past, write_past
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.composition.chain import head_file
from eosvolt.composition.office import Office
from eosvolt.demo.load_park import LoadSize, load_park
from eosvolt.demo.load_worker import LoadPart, PlayedStretch, play
from eosvolt.demo.past import PastSystem
from eosvolt.demo.preparation import registered
from eosvolt.domain.kernel import Rejected

SEED = 7
DAY = timedelta(days=1)

# Called with the number of events that are stored and the share of the time that was played, 0 to 1.
Progress = Callable[[int, float], None]


class LoadFailed(Exception):  # noqa: N818 - one line for the operator
    """A process of the load failed. The text says why."""


class Load(NamedTuple):
    """A load: a park of this size and its last ``days``, played by so many processes."""

    size: LoadSize
    days: int
    processes: int


async def load(office: Office, dsn: str, wanted: Load, password: str, progress: Progress) -> int:
    """Load a company into an empty history; returns the number of events.

    Each stretch is stored whole or not at all; what was stored when this is interrupted stays. Raises
    ``Rejected`` if there is a history, as its times of recording must only grow, and ``LoadFailed``.
    """
    if await office.store.head():
        raise Rejected("A load needs an empty history, because it is recorded in the past.")
    until = office.clock.now()
    since = until - wanted.days * DAY
    company = PastSystem(since - DAY, MemoryNumbers(), wanted.size.company)
    park = load_park(wanted.size)
    creation = await registered(office, company.application, since - DAY, park, password)
    facts = company.hand_over()
    await write_past(dsn, office.store.mapper, facts, (), (creation,), lambda _share: None)
    sealer = Sealer(dsn, office.settings.secret().encode(), head_file(office.settings))
    await seal_past(dsn, sealer, [fact.recorded_at for fact in facts])
    stored = len(facts)
    processes = min(wanted.processes, wanted.size.locations)
    parts = [LoadPart(wanted.size, n, processes, since, until, SEED) for n in range(processes)]
    with _played(dsn, parts) as pipes:
        async with await connect(dsn, "load") as connection:
            while stretches := await _next(pipes):
                rows = list(heapq.merge(*(each.rows for each in stretches), key=itemgetter(0)))
                await append_rows(connection, [row for _, row in rows])
                await seal_past(dsn, sealer, [at for at, _ in rows])
                stored += len(rows)
                progress(stored, (stretches[0].until - since) / (until - since))
    await sealer.close()
    return stored


@contextlib.contextmanager
def _played(dsn: str, parts: Sequence[LoadPart]) -> Iterator[list[Connection]]:
    """The pipes from the processes that play ``parts``; the processes end with the context."""
    fresh = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    try:
        for part in parts:
            here, there = fresh.Pipe(duplex=False)
            process = fresh.Process(target=play, args=(there, dsn, part), daemon=True)
            process.start()
            there.close()
            pipes.append(here)
            processes.append(process)
        yield pipes
    finally:
        for process in processes:
            process.terminate()
            process.join()


async def _next(pipes: Sequence[Connection]) -> list[PlayedStretch]:
    """The next stretch of each process; empty after the last. Raises ``LoadFailed``."""
    heard = [await asyncio.to_thread(_heard, pipe) for pipe in pipes]
    return [each for each in heard if each is not None]


def _heard(pipe: Connection) -> PlayedStretch | None:
    try:
        message = pipe.recv()
    except EOFError:
        raise LoadFailed("A process of the load ended without a word.") from None
    if isinstance(message, str):
        raise LoadFailed(f"A process of the load failed: {message}")
    return message if isinstance(message, PlayedStretch) else None
