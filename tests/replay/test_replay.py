"""Replay: rebuilding beside the live tables, and the proof that both are the same, while the system runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import psycopg
import pytest

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.adapters.postgres.rebuild import drop_abandoned, replay
from eosvolt.adapters.postgres.verification import verify
from eosvolt.application.ports import StreamAppend
from tests.contracts.accounts_example import ACCOUNTS, EXAMPLES, MODELS, WHY, Closed, Moved, Opened


@pytest.fixture
async def store(database: str) -> AsyncIterator[PostgresEventStore]:
    clock = SteppedClock(datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    async with PostgresEventStore(database, EXAMPLES, clock) as opened:
        yield opened


@contextlib.asynccontextmanager
async def projecting(database: str, store: PostgresEventStore) -> AsyncIterator[ProjectionEngine]:
    engine = ProjectionEngine(database, store, MODELS, EXAMPLES)
    task = asyncio.create_task(engine.run())
    try:
        yield engine
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tell(store: PostgresEventStore, accounts: int, prefix: str = "account") -> int:
    """A history in which accounts open, move, are poisoned and close."""
    position = 0
    for n in range(accounts):
        events = [Opened(owner=f"owner {n % 5}"), *(Moved(amount=i, to=f"{n % 7},{i}") for i in range(5))]
        if n % 11 == 0:
            events.append(Moved(amount=1, note="poison", to="x"))
        if n % 3 == 0:
            events.append(Closed())
        position = await store.append([StreamAppend(f"{prefix}:{n}", 0, events)], WHY)
    return position


async def test_the_live_read_models_are_what_the_history_leads_to(
    database: str, store: PostgresEventStore
) -> None:
    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 100))
        progress: list[tuple[int, int]] = []
        verdicts = await verify(
            database, store, MODELS, EXAMPLES, lambda done, total: progress.append((done, total))
        )
    assert [verdict.name for verdict in verdicts] == ["example_accounts", "example_other_sides"]
    assert all(verdict.same and verdict.live for verdict in verdicts)
    assert verdicts[0].rows == 66
    assert verdicts[0].events == 100 + 500 + 10 + 34
    assert progress[-1][0] == progress[-1][1] > 0


async def test_a_row_that_somebody_patched_is_noticed(database: str, store: PostgresEventStore) -> None:
    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 20))
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute("UPDATE rm_example_accounts_v1 SET balance = balance + 1 WHERE account = '4'")
        verdicts = await verify(database, store, MODELS, EXAMPLES)
    assert [verdict.same for verdict in verdicts] == [False, True]


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM rm_example_accounts_v1 WHERE account = '4'",
        "UPDATE rm_example_accounts_v1 SET changed = changed + 1 WHERE account = '4'",
        "DELETE FROM projection_dead_letters WHERE model = 'example_accounts' AND position < 100",
    ],
)
async def test_missing_rows_positions_and_dead_letters_are_noticed(
    database: str, store: PostgresEventStore, damage: str
) -> None:
    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 20))
        with psycopg.connect(database, autocommit=True) as admin:
            assert admin.execute(damage.encode()).rowcount > 0
        verdicts = await verify(database, store, MODELS, EXAMPLES)
    assert [verdict.same for verdict in verdicts] == [False, True]


async def test_a_replay_mends_what_was_patched(database: str, store: PostgresEventStore) -> None:
    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 50))
        with psycopg.connect(database, autocommit=True) as admin:
            admin.execute("UPDATE rm_example_accounts_v1 SET balance = 0")
            admin.execute("DELETE FROM projection_dead_letters")
        await replay(database, store, MODELS, EXAMPLES)
        assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))
        await engine.wait_until(await tell(store, 10, "later"))
        assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))


async def test_replay_and_verify_run_beside_a_busy_system(database: str, store: PostgresEventStore) -> None:
    stop = asyncio.Event()
    reading_failed: list[Exception] = []

    async def busy(n: int) -> None:
        version = 0
        while not stop.is_set():
            await store.append(
                [StreamAppend(f"busy:{n}", version, [Moved(amount=1, to=f"{version % 50}")])], WHY
            )
            version += 1

    async def watch() -> None:
        rows = LiveRows(store.reading, readers_of(MODELS))
        while not stop.is_set():
            try:
                assert await rows.rows(ACCOUNTS, "LIMIT 10", {})
            except Exception as error:  # noqa: BLE001 - any failure of a reader is what this looks for
                reading_failed.append(error)
            await asyncio.sleep(0.002)

    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 100))
        tasks = [asyncio.create_task(busy(n)) for n in range(5)] + [asyncio.create_task(watch())]
        for _ in range(3):
            await replay(database, store, MODELS, EXAMPLES)
            assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))
        stop.set()
        await asyncio.gather(*tasks)
        await engine.wait_until(await store.head())
        assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))
    assert reading_failed == []


async def test_a_replay_without_a_running_system_fills_the_live_tables(
    database: str, store: PostgresEventStore
) -> None:
    last = await tell(store, 30)
    await replay(database, store, MODELS, EXAMPLES)
    assert len(await LiveRows(store.reading, readers_of(MODELS)).rows(ACCOUNTS, "", {})) == 20
    async with projecting(database, store) as engine:
        await engine.wait_until(last)
        assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))


async def test_what_a_dead_builder_left_behind_is_dropped_and_a_living_ones_table_is_not(
    database: str, store: PostgresEventStore
) -> None:
    with psycopg.connect(database, autocommit=True) as admin:
        for name in ("rm_left_behind", "rm_alive"):
            admin.execute(f"CREATE TABLE {name} (x int)")
            admin.execute("INSERT INTO read_model_builds (table_name) VALUES (%s)", (name,))
        admin.execute("SELECT pg_advisory_lock(hashtextextended('eosvolt.build.rm_alive', 0))")
        async with await connect(database, "test") as connection:
            await drop_abandoned(connection)
        found = admin.execute(
            "SELECT tablename FROM pg_tables WHERE tablename IN ('rm_left_behind', 'rm_alive')"
        )
        assert found.fetchall() == [("rm_alive",)]


async def test_an_event_that_cannot_be_read_any_more_is_set_aside_everywhere(
    database: str, store: PostgresEventStore
) -> None:
    async with projecting(database, store) as engine:
        await engine.wait_until(await tell(store, 5))
    with psycopg.connect(database, autocommit=True) as admin:
        admin.execute("UPDATE stored_events SET state = '{' WHERE notification_id = 3")
    verdicts = await verify(database, store, MODELS, EXAMPLES)
    assert [verdict.same for verdict in verdicts] == [False, False]
    await replay(database, store, MODELS, EXAMPLES)
    assert all(verdict.same for verdict in await verify(database, store, MODELS, EXAMPLES))
    dead = await store.reading.fetch(
        "SELECT DISTINCT position FROM projection_dead_letters WHERE error ~ 'Decode'"
    )
    assert dead == [(3,)]
