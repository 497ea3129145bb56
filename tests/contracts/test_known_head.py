"""The sealer knows its head: a history that was cut or changed in the database alone is not sealed anew."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.hash_chain import signature
from eosvolt.adapters.postgres.head_acceptance import EMPTY, NotTheHead, accept_head
from eosvolt.adapters.postgres.head_file import Head, HeadFile, HeadFileUnusable
from eosvolt.adapters.postgres.history_check import Expected, check_history
from eosvolt.adapters.postgres.history_findings import Kind
from eosvolt.adapters.postgres.sealer import EVENTS_PER_SEAL, ChainBroken, Sealer
from eosvolt.application.ports import StreamAppend
from tests.contracts.accounts_example import WHY, Moved, Opened
from tests.contracts.sealed_history import SECRET, forge
from tests.eventually import eventually, in_background

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
# What somebody does who can write to the database and has not got the secret.
FORGERIES = {
    "the newest seals are gone": ["DELETE FROM history_seals WHERE up_to > 1000"],
    "an event is changed and the newest seals are gone": [
        "UPDATE stored_events SET state = overlay(state placing '9' from 20) WHERE notification_id = 2200",
        "DELETE FROM history_seals WHERE up_to > 2000",
    ],
    "all seals are gone": ["DELETE FROM history_seals"],
    "the last seal has another digest": [
        "UPDATE history_seals SET digest = sha256(digest) WHERE up_to = 2300"
    ],
    "an unsigned seal follows": [
        "INSERT INTO history_seals SELECT 2301, 1, leaves, digest FROM history_seals LIMIT 1"
    ],
    "the history ends earlier": [
        "DELETE FROM stored_events WHERE notification_id > 2000",
        "DELETE FROM history_seals WHERE up_to > 2000",
    ],
}


async def caught_up(sealer: Sealer, dsn: str) -> None:
    async with await connect(dsn, "test") as connection:
        while await sealer.seal(connection) == EVENTS_PER_SEAL:
            pass


async def another_event(store: PostgresEventStore, account: str = "late") -> None:
    await store.append([StreamAppend(f"account:{account}", 0, [Opened(owner="Eve"), Moved(amount=1)])], WHY)


@pytest.fixture
async def heads(sealed: str, tmp_path: Path) -> HeadFile:
    """The file of a sealer that was there when everything was in order."""
    file = HeadFile(tmp_path, SECRET)
    await Sealer(sealed, SECRET, file).close()
    assert (record := file.read()) is not None
    assert record.head is not None
    assert record.head.position == 2_300
    return file


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_running_sealer_does_not_sign_a_forgery(
    sealed: str, store: PostgresEventStore, forgery: list[str]
) -> None:
    sealer = Sealer(sealed, SECRET)
    await caught_up(sealer, sealed)
    forge(sealed, *forgery)
    await another_event(store)
    before = (await check_history(sealed, SECRET)).seals
    with pytest.raises(ChainBroken):
        await caught_up(sealer, sealed)
    assert (await check_history(sealed, SECRET)).seals == before


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES.keys())
async def test_a_restart_does_not_make_it_forget_its_head(
    sealed: str, store: PostgresEventStore, heads: HeadFile, forgery: list[str]
) -> None:
    forge(sealed, *forgery)
    await another_event(store)
    before = (await check_history(sealed, SECRET)).seals
    sealer = Sealer(sealed, SECRET, heads)
    await sealer.close()
    assert sealer.broken
    assert (await check_history(sealed, SECRET)).seals == before


async def test_events_changed_under_the_last_seal_while_nothing_ran_are_noticed(
    sealed: str, heads: HeadFile
) -> None:
    forge(
        sealed,
        "UPDATE stored_events SET state = overlay(state placing '9' from 20) WHERE notification_id = 2200",
    )
    for known in (heads, None):
        sealer = Sealer(sealed, SECRET, known)
        await sealer.close()
        assert "others now" in sealer.broken


async def test_a_crash_between_a_seal_and_the_file_leaves_a_head_to_go_on_from(
    sealed: str, store: PostgresEventStore, heads: HeadFile
) -> None:
    await another_event(store, "a")
    await caught_up(Sealer(sealed, SECRET), sealed)
    await another_event(store, "b")
    sealer = Sealer(sealed, SECRET, heads)
    await sealer.close()
    assert not sealer.broken
    assert sealer.head is not None
    assert sealer.head.position == 2_304
    assert (await check_history(sealed, SECRET)).intact


async def test_sealers_of_two_hosts_follow_each_other(
    sealed: str, store: PostgresEventStore, tmp_path: Path
) -> None:
    files = [HeadFile(tmp_path / host, SECRET) for host in ("a", "b")]
    hosts = [Sealer(sealed, SECRET, file) for file in files]
    for n in range(6):
        await another_event(store, f"late-{n}")
        for sealer in (hosts[n % 2], hosts[(n + 1) % 2]):
            await sealer.close()
            assert not sealer.broken
    assert files[0].read() == files[1].read()


async def test_a_first_start_trusts_what_it_finds_where_its_last_seal_is_whole(
    sealed: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    heads = HeadFile(tmp_path, SECRET)
    sealer = Sealer(sealed, SECRET, heads)
    await sealer.close()
    assert not sealer.broken
    assert "the present one is trusted" in caplog.text
    forge(sealed, "UPDATE history_seals SET signature = sha256(signature) WHERE up_to = 2300")
    other = Sealer(sealed, SECRET, HeadFile(tmp_path / "new", SECRET))
    await other.close()
    assert "signature" in other.broken


async def test_seals_of_the_release_before_are_right_and_are_gone_on_from(
    sealed: str, store: PostgresEventStore
) -> None:
    async with await connect(sealed, "test") as connection:
        cursor = await connection.execute("SELECT up_to, count, digest FROM history_seals")
        for up_to, count, digest in await cursor.fetchall():
            await connection.execute(
                "UPDATE history_seals SET format = 1, signature = %s WHERE up_to = %s",
                (signature(SECRET, up_to, count, digest), up_to),
            )
    await another_event(store)
    await caught_up(Sealer(sealed, SECRET), sealed)
    assert (await check_history(sealed, SECRET)).findings == []


@pytest.mark.parametrize("change", ["sealed_at = sealed_at - interval '1 second'", "format = 1"])
async def test_when_a_seal_was_made_is_signed(sealed: str, change: str) -> None:
    forge(sealed, f"UPDATE history_seals SET {change} WHERE up_to = 2000")
    found = (await check_history(sealed, SECRET)).findings
    assert [(each.kind, each.position) for each in found] == [(Kind.BROKEN_SEAL, 2_000)]


async def test_a_restored_backup_is_gone_on_from_once_an_operator_accepts_it(
    sealed: str, store: PostgresEventStore, heads: HeadFile, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    forge(
        sealed,
        "DELETE FROM stored_events WHERE notification_id > 2000",
        "DELETE FROM history_seals WHERE up_to > 2000",
    )
    alarms: list[str] = []

    async def alarm(text: str) -> None:
        alarms.append(text)

    sealer = Sealer(sealed, SECRET, heads, alarm)
    async with in_background(sealer.run()):
        await eventually(lambda: _said(any(alarms)))
        digest = (await check_history(sealed, SECRET)).digest
        with pytest.raises(NotTheHead, match="position 2000"):
            await accept_head(sealed, heads, "00" * 32, reason="no", by="ada", now=NOW)
        await accept_head(sealed, heads, digest[:16], reason="backup of Monday", by="ada", now=NOW)
        await eventually(lambda: _said(alarms[-1] == ""))
        await another_event(store)
        await eventually(lambda: _said(sealer.head is not None and sealer.head.position > 2_300))
    await sealer.close()
    record = heads.read()
    assert record is not None
    (accepted,) = record.accepted
    assert (accepted.by, accepted.reason, accepted.at) == ("ada", "backup of Monday", NOW)
    assert (accepted.before and accepted.before.position, accepted.after.position) == (2_300, 2_000)
    assert f"history head: position 2000, digest {digest}" in caplog.text
    again = Sealer(sealed, SECRET, heads)
    await again.close()
    assert not again.broken


async def test_a_history_that_starts_again_is_accepted_by_name(dsn: str, tmp_path: Path) -> None:
    heads = HeadFile(tmp_path, SECRET)
    heads.update(lambda record: type(record)(head=Head(7, "ab" * 32)))
    sealer = Sealer(dsn, SECRET, heads)
    await sealer.close()
    assert sealer.broken
    with pytest.raises(NotTheHead, match="empty"):
        await accept_head(dsn, heads, "ab" * 32, reason="new", by="ada", now=NOW)
    await accept_head(dsn, heads, EMPTY, reason="new", by="ada", now=NOW)
    again = Sealer(dsn, SECRET, heads)
    await again.close()
    assert not again.broken


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"record":{},"signature":"00"}'])
async def test_a_file_that_is_not_ours_is_refused(sealed: str, tmp_path: Path, content: bytes) -> None:
    heads = HeadFile(tmp_path, SECRET)
    heads.path.write_bytes(content)
    with pytest.raises(HeadFileUnusable):
        heads.read()
    sealer = Sealer(sealed, SECRET, heads)
    await sealer.close()
    assert str(heads.path) in sealer.broken


async def test_a_head_written_with_another_secret_is_refused(heads: HeadFile) -> None:
    with pytest.raises(HeadFileUnusable, match="secret"):
        HeadFile(heads.path.parent, b"another").read()


async def test_a_check_compares_the_history_with_heads_from_elsewhere(sealed: str, heads: HeadFile) -> None:
    record, report = heads.read(), await check_history(sealed, SECRET)
    assert record is not None
    assert record.head is not None
    right = Expected(heads=(record.head,), digests=(report.digest, report.digest[:16]))
    assert (await check_history(sealed, SECRET, expected=right)).intact
    forge(sealed, "DELETE FROM history_seals WHERE up_to > 2000")
    found = (await check_history(sealed, SECRET, expected=right)).findings
    assert [each.kind for each in found] == [Kind.OTHER_HEAD] * 3


async def test_events_unsealed_for_longer_than_a_minute_are_a_finding(
    sealed: str, store: PostgresEventStore
) -> None:
    await another_event(store)
    (fact,) = [fact async for fact in store.search(after=2_300, limit=1)]
    at = fact.recorded_at
    soon = Expected(now=at + timedelta(seconds=59))
    assert (await check_history(sealed, SECRET, expected=soon)).intact
    (found,) = (
        await check_history(sealed, SECRET, expected=Expected(now=at + timedelta(seconds=61)))
    ).findings
    assert (found.kind, found.position) == (Kind.UNSEALED, 2_301)
    assert found.text.startswith("2 events")


async def test_unreadable_events_are_findings(sealed: str, store: PostgresEventStore) -> None:
    forge(
        sealed,
        "INSERT INTO stored_events (originator_id, originator_version, topic, state, company) VALUES"
        " (gen_random_uuid(), 1, 'from-the-future', '{}', 1),"
        " (gen_random_uuid(), 1, 'moved', '\\xff00', 1),"
        " (gen_random_uuid(), 1, 'moved', '[]', 1)",
    )
    found = (await check_history(sealed, SECRET, expected=Expected(mapper=store.mapper))).findings
    assert [each.kind for each in found] == [Kind.UNREADABLE] * 3
    assert "from-the-future" in found[0].text


async def _said(what: bool) -> bool:
    return what


async def test_an_empty_history_has_no_head_to_warn_of(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealer = Sealer(database, SECRET, HeadFile(tmp_path, SECRET))
    await caught_up(sealer, database)
    await sealer.close()
    assert caplog.messages == []


async def test_a_history_whose_head_is_unknown_is_warned_of_once(
    sealed: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sealer = Sealer(sealed, SECRET, HeadFile(tmp_path, SECRET))
    await sealer.close()
    await sealer.close()
    assert [message.split(" in ")[0] for message in caplog.messages] == ["no head of the history is known"]
