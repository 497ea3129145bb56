"""The doctor's checks: each is seen to pass and to fail."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from eosvolt.adapters.certificates.keeping import authority, read_certificate
from eosvolt.adapters.clock import WallClock
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.failed_jobs import PostgresFailedJobs
from eosvolt.adapters.postgres.frame_partitions import Partitions
from eosvolt.adapters.postgres.frame_retention import drop_old_frames, frames_kept
from eosvolt.adapters.postgres.head_file import HeadFile
from eosvolt.adapters.postgres.schema import migrate, pending
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.application.failed_jobs import PAUSES, Job
from eosvolt.application.frames_lost import dropped_on
from eosvolt.config import Settings
from eosvolt.console import checks
from tests.contracts.sealed_history import SECRET, forge
from tests.contracts.test_known_head import another_event

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def settings_in(folder: Path, **more: object) -> Settings:
    return Settings(data_dir=folder, **more)  # type: ignore[arg-type]  # a test names what matters


def test_a_data_directory_that_is_missing_or_full_is_named(tmp_path: Path) -> None:
    assert checks.data_directory(tmp_path).good
    assert not checks.data_directory(tmp_path / "nowhere").good
    assert not checks.room(tmp_path, 2**30 - 1).good


def test_a_secret_that_others_can_read_or_that_is_short_is_named(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    assert "the first start makes it" in checks.secret_key(settings).sentence
    assert list(tmp_path.iterdir()) == [], "looking must not make one"
    settings.secret()
    assert checks.secret_key(settings).good
    (tmp_path / "secret_key").chmod(0o640)
    assert not checks.secret_key(settings).good
    (tmp_path / "secret_key").write_text("short", encoding="ascii")
    assert not checks.secret_key(settings).good
    assert checks.secret_key(settings_in(tmp_path, secret_key="x" * 32)).good


def test_a_certificate_that_ends_soon_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    authority(tmp_path, "ecdsa", timedelta(days=90))
    (file,) = tmp_path.glob("*.pem")
    ends = read_certificate(file).not_valid_after_utc
    with_tls = settings_in(tmp_path, tls_port=8443)
    for left, good in ((timedelta(days=15), True), (timedelta(days=14), False)):
        assert [each.good for each in checks.certificates(with_tls, lambda: [file], ends - left)] == [good]
    file.write_text("nonsense", encoding="ascii")
    assert [each.good for each in checks.certificates(with_tls, lambda: [file], NOW)] == [False]
    assert [each.good for each in checks.certificates(with_tls, list, NOW)] == [False]
    assert checks.certificates(settings_in(tmp_path), list, NOW) == []


def test_an_old_server_a_careless_one_and_another_time_are_named() -> None:
    assert checks.version(150_004).good
    assert not checks.version(140_011).good
    assert checks.durable("fsync", "on").good
    assert not checks.durable("synchronous_commit", "off").good
    assert checks.clock(NOW, NOW - timedelta(seconds=5)).good
    assert not checks.clock(NOW, NOW + timedelta(seconds=6)).good


async def test_nobody_at_the_public_address_is_named() -> None:
    (check,) = await checks.reachable("http://127.0.0.1:1")
    assert not check.good


async def test_another_schema_is_named_and_left_as_it_is(dsn: str, empty_database: str) -> None:
    assert (await checks.schema(dsn)).good
    assert not (await checks.schema(empty_database)).good
    assert await pending(empty_database) == await migrate(empty_database)
    forge(dsn, "INSERT INTO schema_migrations (number, name, checksum) VALUES (9999, 'newer', '')")
    assert "newer" in (await checks.schema(dsn)).sentence


async def test_a_head_that_is_not_in_the_database_is_named(sealed: str, tmp_path: Path) -> None:
    heads = HeadFile(tmp_path, SECRET)
    async with await connect(sealed, "test") as connection:
        assert not (await checks.chain(connection, heads)).good
        await Sealer(sealed, SECRET, heads).close()
        assert (await checks.chain(connection, heads)).good
        forge(sealed, "DELETE FROM history_seals WHERE up_to > 1000")
        assert not (await checks.chain(connection, heads)).good
        heads.path.write_bytes(b"nonsense")
        assert not (await checks.chain(connection, heads)).good


async def test_events_that_nobody_seals_are_named(sealed: str, store: PostgresEventStore) -> None:
    async with await connect(sealed, "test") as connection:
        assert (await checks.sealed(connection, NOW)).good
        await another_event(store)
        (fact,) = [each async for each in store.search(after=2_300, limit=1)]
        assert (await checks.sealed(connection, fact.recorded_at + timedelta(seconds=60))).good
        assert not (await checks.sealed(connection, fact.recorded_at + timedelta(seconds=61))).good


async def test_a_log_of_messages_that_is_not_cut_when_it_should_is_named(dsn: str) -> None:
    async with await connect(dsn, "test") as connection:
        assert (await checks.frames(connection, 90, NOW.date())).good
        await Partitions().make(connection, [NOW.date()])
        for days in (90, 91):
            assert (await checks.frames(connection, 90, (NOW + timedelta(days=days)).date())).good
        late = await checks.frames(connection, 90, (NOW + timedelta(days=92)).date())
        size = (await frames_kept(connection)).size
        assert not late.good
        assert late.sentence == (
            f"The log of OCPP messages takes {size / 2**20:,.1f} MiB, and goes back to 2026-11-21"
            " (kept for 90 days): that day should have been dropped on 2027-02-20"
        )


async def test_retention_drops_a_day_on_the_day_that_it_is_said_to(dsn: str) -> None:
    async with await connect(dsn, "test") as connection:
        await Partitions().make(connection, [NOW.date()])
    drops_on = datetime.combine(dropped_on(NOW.date(), 90), time(), UTC)
    kept = timedelta(days=90)
    assert await drop_old_frames(dsn, kept, drops_on - timedelta(seconds=1), SECRET) == []
    assert await drop_old_frames(dsn, kept, drops_on, SECRET) == [NOW.date()]


async def test_failed_jobs_that_wait_for_an_operator_are_named(dsn: str) -> None:
    async with await connect(dsn, "test") as connection, PostgresFailedJobs(dsn) as failed:
        for attempt in range(len(PAUSES) + 1):
            assert (await checks.jobs(connection)).good, attempt
            await failed.failed(Job.DEADLINE, "session:1", 242, "broken", NOW)
        assert not (await checks.jobs(connection)).good


async def test_a_whole_database_is_looked_at_without_a_change(dsn: str, tmp_path: Path) -> None:
    found = await checks.database(dsn, HeadFile(tmp_path, SECRET), WallClock().now, 90)
    assert [each.sentence for each in found if not each.good] == [
        f"The database writes to disk before it acknowledges ({setting} is off)"
        for setting in ("fsync", "synchronous_commit")
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "it gives no reason"),
        (b"[]", "it gives no reason"),
        (b'{"reasons":["The database is slow."]}', "The database is slow."),
    ],
)
def test_reasons_are_read_from_whatever_answers(body: bytes, said: str) -> None:
    assert checks._reasons(body) == said
