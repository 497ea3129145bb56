"""How far everything has come that follows the history, as the page System shows it."""

from datetime import timedelta

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.backups import record_backup
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.installation_figures import PostgresInstallation
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.companies.events import CompanyRenamed
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.vocabulary import EVENTS

WHY = Provenance(company=242, by="admin:test")


async def renamed(store: PostgresEventStore, clock: SteppedClock, after: int) -> int:
    event = CompanyRenamed(name=f"name {after}", at=clock.now())
    return await store.append([StreamAppend("company:242", after, [event])], WHY)


async def test_who_is_behind_waits_since_the_first_event_that_it_has_not_seen(
    dsn: str, clock: SteppedClock
) -> None:
    async with PostgresEventStore(dsn, EVENTS, clock) as store, PostgresInstallation(dsn) as figures:
        first = await renamed(store, clock, 0)
        clock.step(timedelta(minutes=1))
        waits_since = clock.now()
        await renamed(store, clock, 1)
        clock.step(timedelta(minutes=1))
        last = await renamed(store, clock, 2)
        clock.step(timedelta(minutes=1))
        found = await figures.history([], [], [("at the head", last), ("behind", first)])
    lags = {lag.name: lag for lag in found.lags}
    assert found.head == last
    assert (lags["at the head"].events, lags["at the head"].seconds(clock.now())) == (0, 0)
    assert lags["behind"].events == last - first
    assert lags["behind"].since == waits_since
    assert lags["behind"].seconds(clock.now()) == 120
    assert found.database_size > 0


async def test_the_seals_follow_the_history_too(dsn: str, clock: SteppedClock) -> None:
    async with PostgresEventStore(dsn, EVENTS, clock) as store, PostgresInstallation(dsn) as figures:
        first = await renamed(store, clock, 0)
        unsealed = await figures.history([], [], [])
        async with await connect(dsn, "seal") as connection:
            await Sealer(dsn).seal(connection, at=clock.now())
        sealed = await figures.history([], [], [])
    assert unsealed.seal is None
    assert [(lag.kind, lag.events > 0) for lag in unsealed.lags] == [("seals", True)]
    assert sealed.seal is not None
    assert (sealed.seal.position, sealed.seal.sealed_at) == (first, clock.now())
    assert [(lag.kind, lag.events) for lag in sealed.lags] == [("seals", 0)]


async def test_the_newest_backup_counts_whatever_was_recorded_last(dsn: str, clock: SteppedClock) -> None:
    async with PostgresInstallation(dsn) as figures:
        before = await figures.history([], [], [])
        for hours in (2, 1, 1, 3):
            await record_backup(dsn, clock.now() - timedelta(hours=hours))
        after = await figures.history([], [], [])
    assert before.last_backup_at is None
    assert after.last_backup_at == clock.now() - timedelta(hours=1)


async def test_only_a_hundred_backups_are_remembered(dsn: str, clock: SteppedClock) -> None:
    for hours in range(102):
        await record_backup(dsn, clock.now() + timedelta(hours=hours))
    async with await connect(dsn, "count") as connection:
        found = await (await connection.execute("SELECT count(*), min(made_at) FROM backups")).fetchone()
    assert found == (100, clock.now() + timedelta(hours=2))
