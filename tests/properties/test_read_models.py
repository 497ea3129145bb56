"""Read models: the same history gives the same rows in batches of any size, whatever is in it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import StoredPage
from eosvolt.adapters.postgres.poison_event_isolation import project
from eosvolt.adapters.postgres.projection_batch import ProjectionBatch, ProjectionTarget
from eosvolt.adapters.postgres.row_tables import RowTable
from eosvolt.adapters.postgres.stored_events import EventMapper, without_nul
from eosvolt.domain.kernel import Event, Fact
from tests.contracts.accounts_example import EXAMPLES, MODELS, WHY, Closed, Moved, Opened
from tests.hypothesis_profiles import share

AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
KEYS = st.sampled_from(["1", "2", "nul\x00", "k" * 600, "ключ", ""])
TEXTS = st.one_of(st.text(max_size=5), st.sampled_from(["", "poison", "\x00", "\\u0000", "x" * 600]))
EVENTS = st.one_of(
    st.builds(Opened, owner=TEXTS, at=st.none() | st.datetimes(timezones=st.just(UTC))),
    st.builds(
        Moved,
        amount=st.one_of(st.integers(-3, 3), st.sampled_from([2**62, -(2**62), 2**63 - 1])),
        to=st.lists(KEYS, max_size=3).map(",".join),
        note=TEXTS,
        weight=st.sampled_from([0.0, 0.1, 1e308, -1e308]),
    ),
    st.builds(Closed),
)
HISTORIES = st.lists(st.tuples(KEYS, EVENTS), max_size=40)


def facts_of(history: Sequence[tuple[str, Event]]) -> list[Fact]:
    """The facts as the log gives them to read models."""
    mapper = EventMapper(EXAMPLES)
    facts = []
    for position, (key, event) in enumerate(history, 1):
        row = mapper.stored(f"account:{key}", position, event, AT, WHY)
        facts.append(mapper.fact(position, position, row.topic, without_nul(row.state)))
    return facts


async def digests(
    dsn: str, facts: Sequence[Fact], cuts: Sequence[int], *, cached: bool
) -> list[tuple[int, str]]:
    async with await connect(dsn, "test") as connection:
        targets = []
        for model in MODELS:
            table: RowTable[Any] = RowTable(model, f"{model.name}_tried")
            await table.create(connection, temporary=True)
            targets.append(ProjectionTarget(table, 0, complete=cached))
        batch = ProjectionBatch(targets, EXAMPLES)

        async def write(last: int) -> None:
            async with connection.transaction():
                await batch.write(connection)
            batch.written(last)
            if not cached:
                batch.forget()

        edges = sorted({0, len(facts), *(cut % (len(facts) + 1) for cut in cuts)})
        for begin, end in pairwise(edges):
            part = list(facts[begin:end])
            await project(connection, batch, StoredPage(part, [], len(part), part[-1].position), write)
        return [await target.table.digest(connection, target.fold.dead) for target in targets]


@pytest.fixture(scope="module")
def anywhere(postgres: str) -> str:
    """Temporary tables need no database of their own."""
    return postgres


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=share(60)
)
@given(history=HISTORIES, cuts=st.lists(st.integers(0, 40), max_size=8), cached=st.booleans())
def test_batches_of_any_size_give_the_same_rows(
    anywhere: str, history: list[tuple[str, Event]], cuts: list[int], cached: bool
) -> None:
    facts = facts_of(history)

    async def both() -> tuple[Any, Any]:
        one_by_one = await digests(anywhere, facts, range(len(facts)), cached=False)
        return one_by_one, await digests(anywhere, facts, cuts, cached=cached)

    one_by_one, some = asyncio.run(both())
    assert one_by_one == some
