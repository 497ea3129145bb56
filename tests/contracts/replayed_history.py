"""A history that was made in memory, written to PostgreSQL with the same instants."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import groupby

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import EVENTS, tag
from eosvolt.projections import READ_MODELS
from eosvolt.projections.fold import Fold
from eosvolt.projections.read_model import R, ReadModel

# A busy machine has to write a day's rows within it.
LONG_ENOUGH = 60.0


async def _append(store: PostgresEventStore, facts: list[Fact]) -> int:
    """Facts that were stored together, all or nothing."""
    entries = []
    for stream, theirs in groupby(facts, lambda fact: fact.stream):
        its = list(theirs)
        entries.append(StreamAppend(stream, its[0].version - 1, [fact.event for fact in its]))
    return await store.append(entries, facts[0].why)


@asynccontextmanager
async def replayed_history(
    dsn: str, facts: Sequence[Fact]
) -> AsyncIterator[tuple[PostgresQueries, ProjectionEngine]]:
    clock = SteppedClock(facts[0].recorded_at)
    async with PostgresEventStore(dsn, EVENTS, clock) as store:
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        running = asyncio.create_task(engine.run())
        try:
            async with PostgresQueries(dsn, store, engine) as queries:
                last = 0
                for instant, together in groupby(facts, lambda fact: fact.recorded_at):
                    clock.set(instant)
                    last = await _append(store, list(together))
                assert last == len(facts)
                assert await queries.caught_up(LONG_ENOUGH)
                yield queries, engine
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running


def folded(model: ReadModel[R], facts: Sequence[Fact]) -> dict[str, R]:
    """The rows of a model after ``facts``, by brute force."""
    fold = Fold[R](model, lambda _, __: None)
    for fact in facts:
        if tag(type(fact.event)) in model.reads:
            keys = fold.keys(fact)
            fold.rows = dict.fromkeys(keys) | fold.rows
            fold.apply(fact, keys)
    assert not fold.dead
    return {key: row for key, row in fold.rows.items() if row is not None}
