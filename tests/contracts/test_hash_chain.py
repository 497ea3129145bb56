"""Tamper evidence: whatever is done to the stored events behind the program's back is found and named."""

import asyncio

import pytest

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.history_check import check_history
from eosvolt.adapters.postgres.history_findings import Kind
from eosvolt.adapters.postgres.sealer import EVENTS_PER_SEAL, Sealer
from eosvolt.application.ports import StreamAppend
from tests.contracts.accounts_example import WHY, Opened
from tests.contracts.sealed_history import SECRET, forge
from tests.eventually import eventually


async def findings(dsn: str) -> list[tuple[Kind, int]]:
    return [(found.kind, found.position) for found in (await check_history(dsn, SECRET)).findings]


async def test_an_untouched_history_is_intact(sealed: str) -> None:
    report = await check_history(sealed, SECRET)
    assert report.intact
    assert (report.events, report.seals, report.unsealed) == (2_300, 3, 0)


async def test_what_is_not_sealed_yet_is_counted(sealed: str, store: PostgresEventStore) -> None:
    await store.append([StreamAppend("account:99", 0, [Opened(owner="Ada")] * 3)], WHY)
    report = await check_history(sealed, SECRET)
    assert report.intact
    assert report.unsealed == 3


@pytest.mark.parametrize("position", [1, 999, 1_000, 1_001, 2_300])
async def test_one_changed_byte_is_found_and_named(sealed: str, position: int) -> None:
    forge(
        sealed,
        "UPDATE stored_events SET state = set_byte(state, length(state) - 3,"
        " get_byte(state, length(state) - 3) # 1) WHERE notification_id = POSITION",
        position=position,
    )
    report = await check_history(sealed, SECRET)
    assert [(found.kind, found.position) for found in report.findings] == [(Kind.CHANGED, position)]
    assert f"account:{(position - 1) // 100}" in report.findings[0].text


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE stored_events SET topic = 'closed'",
        "UPDATE stored_events SET originator_version = 700",
        "UPDATE stored_events SET originator_id = gen_random_uuid()",
        "UPDATE stored_events SET company = 7",
    ],
)
async def test_every_column_of_an_event_is_guarded(sealed: str, change: str) -> None:
    forge(sealed, f"{change} WHERE notification_id = 1234")
    assert await findings(sealed) == [(Kind.CHANGED, 1_234)]


@pytest.mark.parametrize("position", [1, 1_000, 1_500, 2_300])
async def test_a_removed_event_is_missed(sealed: str, position: int) -> None:
    forge(sealed, "DELETE FROM stored_events WHERE notification_id = POSITION", position=position)
    assert await findings(sealed) == [(Kind.MISSING, position)]


@pytest.mark.parametrize("position", [0, -5])
async def test_an_event_added_before_the_first_is_found(sealed: str, position: int) -> None:
    forge(
        sealed,
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, topic, state, POSITION, company"
        " FROM stored_events WHERE notification_id = 5",
        position=position,
    )
    assert await findings(sealed) == [(Kind.ADDED, position)]


async def test_an_event_added_in_a_gap_is_found(dsn: str, store: PostgresEventStore) -> None:
    await store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)
    forge(dsn, "SELECT nextval('stored_events_notification_id_seq')")
    await store.append([StreamAppend("account:2", 0, [Opened(owner="Bob")])], WHY)
    async with await connect(dsn, "test") as connection:
        await Sealer(dsn).seal(connection)
    assert (await check_history(dsn)).intact
    forge(
        dsn,
        "INSERT INTO stored_events SELECT gen_random_uuid(), 1, topic, state, 2, company"
        " FROM stored_events WHERE notification_id = 1",
    )
    assert [(f.kind, f.position) for f in (await check_history(dsn)).findings] == [(Kind.ADDED, 2)]


async def test_two_events_that_changed_places_are_named_as_such(sealed: str) -> None:
    forge(
        sealed,
        "UPDATE stored_events SET notification_id = -1 WHERE notification_id = 300",
        "UPDATE stored_events SET notification_id = 300 WHERE notification_id = 1700",
        "UPDATE stored_events SET notification_id = 1700 WHERE notification_id = -1",
    )
    report = await check_history(sealed, SECRET)
    assert [(f.kind, f.position) for f in report.findings] == [(Kind.REORDERED, 300), (Kind.REORDERED, 1_700)]
    assert "now at 1700" in report.findings[0].text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history_seals SET digest = sha256(digest) WHERE up_to = 2000",
        "UPDATE history_seals SET signature = sha256(signature) WHERE up_to = 2000",
        "UPDATE history_seals SET signature = NULL WHERE up_to = 2000",
        "UPDATE history_seals SET count = 999 WHERE up_to = 2000",
    ],
)
async def test_a_forged_seal_is_broken(sealed: str, statement: str) -> None:
    forge(sealed, statement)
    assert (Kind.BROKEN_SEAL, 2_000) in await findings(sealed)


async def test_a_seal_whose_list_was_forged_does_not_hide_the_event(sealed: str) -> None:
    forge(
        sealed,
        "UPDATE stored_events SET state = state || ' ' WHERE notification_id = 1234",
        "UPDATE history_seals SET leaves = overlay(leaves placing sha256('x') from 100) WHERE up_to = 2000",
    )
    assert (Kind.BROKEN_SEAL, 2_000) in await findings(sealed)
    assert (Kind.CHANGED, 1_234) in await findings(sealed)


async def test_a_removed_seal_breaks_the_chain(sealed: str) -> None:
    forge(sealed, "DELETE FROM history_seals WHERE up_to = 1000")
    assert (Kind.BROKEN_SEAL, 2_000) in await findings(sealed)


async def test_resealing_a_changed_history_without_the_secret_is_found(sealed: str) -> None:
    forge(
        sealed,
        "UPDATE stored_events SET state = state || ' ' WHERE notification_id = 1234",
        "DELETE FROM history_seals",
    )
    async with await connect(sealed, "test") as connection:
        forger = Sealer(sealed, b"guessed")
        while await forger.seal(connection) == EVENTS_PER_SEAL:
            pass
    assert await findings(sealed) == [(Kind.BROKEN_SEAL, up_to) for up_to in (1_000, 2_000, 2_300)]


async def test_a_history_cut_off_behind_a_read_model_is_missed(sealed: str) -> None:
    forge(
        sealed,
        "INSERT INTO notification_tracking VALUES ('accounts:v1', 2300)",
        "DELETE FROM stored_events WHERE notification_id > 2000",
        "DELETE FROM history_seals WHERE up_to > 2000",
    )
    assert await findings(sealed) == [(Kind.MISSING, 2_300)]


async def test_the_sealer_follows_the_head_within_seconds(dsn: str, store: PostgresEventStore) -> None:
    sealing = asyncio.create_task(Sealer(dsn, SECRET).run())
    try:
        await store.append([StreamAppend("account:1", 0, [Opened(owner="Ada")])], WHY)

        async def all_sealed() -> bool:
            return (await check_history(dsn, SECRET)).unsealed == 0

        await eventually(all_sealed, 3)
    finally:
        sealing.cancel()
        await asyncio.gather(sealing, return_exceptions=True)
    assert (await check_history(dsn, SECRET)).seals == 1


async def test_two_sealers_make_one_chain(sealed: str, store: PostgresEventStore) -> None:
    async def seal(sealer: Sealer) -> None:
        async with await connect(sealed, "test") as connection:
            for _ in range(20):
                await sealer.seal(connection)

    async def write() -> None:
        for n in range(60):
            await store.append([StreamAppend(f"late:{n}", 0, [Opened(owner="Ada")])], WHY)

    await asyncio.gather(seal(Sealer(sealed, SECRET)), seal(Sealer(sealed, SECRET)), write())
    report = await check_history(sealed, SECRET)
    assert report.intact
    assert report.events == 2_360
