"""The live projection: fresh, exact, and not stopped by anything."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import psycopg
import pytest

from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.adapters.postgres.verification import verify
from eosvolt.application.ports import StreamAppend
from eosvolt.application.questions import ReadModelRebuilding
from eosvolt.projections.read_model import ReadModel, Row
from tests.contracts.accounts_example import (
    ACCOUNTS,
    EXAMPLES,
    MODELS,
    OTHER_SIDES,
    WHY,
    AccountRow,
    Closed,
    Moved,
    Opened,
)


@contextlib.asynccontextmanager
async def projecting(
    dsn: str, store: PostgresEventStore, models: Sequence[ReadModel[Any]] = MODELS
) -> AsyncIterator[ProjectionEngine]:
    engine = ProjectionEngine(dsn, store, models, EXAMPLES)
    task = asyncio.create_task(engine.run())
    try:
        yield engine
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def account(store: PostgresEventStore, key: str) -> AccountRow | None:
    return await LiveRows(store.reading, readers_of(MODELS)).first(
        ACCOUNTS, "WHERE account = %(key)s", {"key": key}
    )


async def accounts(store: PostgresEventStore) -> list[AccountRow]:
    return await LiveRows(store.reading, readers_of(MODELS)).rows(ACCOUNTS, "ORDER BY account", {})


async def received(store: PostgresEventStore) -> dict[str, int]:
    rows = await LiveRows(store.reading, readers_of(MODELS)).rows(OTHER_SIDES, "", {})
    return {row.name: row.received for row in rows}


async def same(dsn: str, store: PostgresEventStore, models: Sequence[ReadModel[Any]] = MODELS) -> bool:
    verdicts = await verify(dsn, store, models, EXAMPLES)
    assert all(verdict.live for verdict in verdicts)
    return all(verdict.same for verdict in verdicts)


async def test_a_row_shows_what_was_stored_once_its_position_is_reached(
    dsn: str, store: PostgresEventStore
) -> None:
    async with projecting(dsn, store) as engine:
        position, row = 0, None
        for n in range(1, 20):
            position = await store.append(
                [StreamAppend("account:1", n - 1, [Moved(amount=n, to="x,y")])], WHY
            )
            await engine.wait_until(position)
            row = await account(store, "1")
            assert row is not None
            assert row.moves == n
        assert row == AccountRow(account="1", balance=190, moves=19)
        assert await received(store) == {"x": 190, "y": 190}
        assert await engine.bookmark() == position
        assert engine.lag == 0


async def test_a_row_that_ends_is_deleted(dsn: str, store: PostgresEventStore) -> None:
    async with projecting(dsn, store) as engine:
        await store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
        await engine.wait_until(await store.append([StreamAppend("account:1", 1, [Closed()])], WHY))
        assert await account(store, "1") is None
        await engine.wait_until(
            await store.append([StreamAppend("account:1", 2, [Opened(owner="Bob")])], WHY)
        )
        assert [(row.account, row.owner) for row in await accounts(store)] == [("1", "Bob")]


async def test_a_poisonous_fact_is_set_aside_and_the_others_go_on(
    dsn: str, store: PostgresEventStore
) -> None:
    async with projecting(dsn, store) as engine:
        await store.append(
            [StreamAppend("account:1", 0, [Opened(owner="Ada"), Moved(amount=1, to="x")])], WHY
        )
        poison = await store.append(
            [StreamAppend("account:1", 2, [Moved(amount=2, note="poison", to="x")])], WHY
        )
        last = await store.append([StreamAppend("account:1", 3, [Moved(amount=4, to="x")])], WHY)
        await engine.wait_until(last)
        row = await account(store, "1")
        assert row is not None
        assert row.balance == 5
        assert await received(store) == {"x": 7}
        dead = await store.reading.fetch(
            "SELECT model, version, position, error FROM projection_dead_letters"
        )
        assert dead == [("example_accounts", 1, poison, "ValueError: poison")]
        assert await same(dsn, store)


async def test_values_that_postgresql_cannot_hold_stop_nothing(dsn: str, store: PostgresEventStore) -> None:
    huge = 2**62
    async with projecting(dsn, store) as engine:
        await store.append(
            [
                StreamAppend("account:nul\x00key", 0, [Opened(owner="nul \x00 in it")]),
                StreamAppend("account:long", 0, [Opened(owner="x" * 5_000)]),
                StreamAppend("account:sum", 0, [Moved(amount=huge), Moved(amount=huge), Moved(amount=-5)]),
                StreamAppend(
                    "account:inf", 0, [Moved(amount=0, weight=1e308), Moved(amount=1, weight=1e308)]
                ),
                StreamAppend(
                    "account:notes", 0, [Moved(amount=0, note="nul \x00"), Moved(amount=0, note="\\u0000")]
                ),
                StreamAppend("account:" + "k" * 3_000, 0, [Opened(owner="far")]),
            ],
            WHY,
        )
        await engine.wait_until(
            await store.append([StreamAppend("account:fine", 0, [Opened(owner="Ada")])], WHY)
        )
        rows = {row.account: row for row in await accounts(store)}
        assert rows["nul\ufffdkey"].owner == "nul \ufffd in it"
        assert rows["sum"].balance == huge - 5
        assert rows["notes"].notes == ("nul \ufffd", "\\u0000")
        assert rows["fine"].owner == "Ada"
        assert "long" not in rows
        assert await same(dsn, store)


async def test_a_row_that_only_postgresql_refuses_is_found_and_set_aside(
    dsn: str, store: PostgresEventStore
) -> None:
    async with projecting(dsn, store) as engine:
        await engine.wait_until(
            await store.append([StreamAppend("account:0", 0, [Opened(owner="Ada")])], WHY)
        )
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute("ALTER TABLE rm_example_accounts_v1 ADD CHECK (owner <> 'Eve')")
        entries = [
            StreamAppend(f"account:{n}", 0, [Opened(owner="Eve" if n == 70 else "Ada")])
            for n in range(1, 200)
        ]
        await engine.wait_until(await store.append(entries, WHY))
        found = await accounts(store)
        assert {row.account for row in found} == {str(n) for n in range(200) if n != 70}
        dead = await store.reading.fetch("SELECT position FROM projection_dead_letters")
        assert dead == [((await store.read("account:70"))[0].position,)]


async def test_killed_connections_and_a_second_engine_change_nothing(
    dsn: str, store: PostgresEventStore
) -> None:
    async with projecting(dsn, store) as engine, projecting(dsn, store) as standby:
        version = 0
        for _ in range(15):
            with psycopg.connect(dsn, autocommit=True) as admin:
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'eosvolt projections' AND datname = current_database()"
                )
            for _ in range(20):
                await store.append(
                    [StreamAppend("account:1", version, [Moved(amount=1, to=str(version % 7))])], WHY
                )
                version += 1
        last = await store.head()
        await engine.wait_until(last, 20)
        await standby.wait_until(last, 20)
        row = await account(store, "1")
        assert row is not None
        assert row.moves == 300
        assert await same(dsn, store)


async def test_waiting_for_what_never_comes_ends(dsn: str, store: PostgresEventStore) -> None:
    async with projecting(dsn, store) as engine:
        with pytest.raises(TimeoutError):
            await engine.wait_until(10**9, 0.2)


async def test_a_new_version_is_built_beside_the_old_one_and_then_answers(
    dsn: str, store: PostgresEventStore
) -> None:
    class WiderRow(Row, frozen=True, kw_only=True):
        """Another shape of the same question."""

        account: str
        doubled: int = 0

    def doubled(row: WiderRow | None, fact: Any, key: str) -> WiderRow:
        known = row or WiderRow(account=key)
        return msgspec.structs.replace(known, doubled=known.doubled + 2 * getattr(fact.event, "amount", 0))

    newer = ReadModel(
        name=ACCOUNTS.name,
        version=2,
        row=WiderRow,
        reads=ACCOUNTS.reads,
        keys=ACCOUNTS.keys,
        apply=doubled,
        indexes=("doubled",),
    )
    rows = LiveRows(store.reading, readers_of((newer,)))
    async with projecting(dsn, store) as engine:
        for n in range(50):
            await store.append([StreamAppend(f"account:{n}", 0, [Moved(amount=n)])], WHY)
        await engine.wait_until(await store.head())
    with pytest.raises(ReadModelRebuilding):
        await rows.rows(newer, "", {})
    async with projecting(dsn, store, (newer, OTHER_SIDES)) as engine:
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(ReadModelRebuilding):
                    found = await rows.rows(newer, "ORDER BY doubled DESC LIMIT 1", {})
                    break
                await asyncio.sleep(0.05)
        assert found == [WiderRow(account="49", doubled=98)]
        await engine.wait_until(await store.append([StreamAppend("account:0", 1, [Moved(amount=500)])], WHY))
        assert await rows.first(newer, "WHERE account = '0'", {}) == WiderRow(account="0", doubled=1000)
        assert await same(dsn, store, (newer, OTHER_SIDES))
    tables = await store.reading.fetch(
        "SELECT tablename::text FROM pg_tables"
        " WHERE tablename ~ '^rm_example' AND schemaname = 'public' ORDER BY 1"
    )
    assert tables == [("rm_example_accounts_v2",), ("rm_example_other_sides_v1",)]
