"""Frames of days that are over are sealed: whoever changes, removes or replaces them later is found."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.evidence_check import check_files, check_frames
from eosvolt.adapters.postgres.frame_retention import drop_frames_before, frames_kept
from eosvolt.adapters.postgres.frame_seals import ALONE, FramesChainBroken, seal_days
from eosvolt.adapters.postgres.head_file import FramesHead, HeadFile
from eosvolt.adapters.postgres.history_findings import Kind
from eosvolt.adapters.postgres.uploaded_files import UploadedFiles
from tests.contracts.sealed_history import SECRET, forge
from tests.contracts.test_frame_log import frame, logging_to

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAYS = [NOON + timedelta(days=n) for n in range(3)]
LATER = NOON + timedelta(days=3)


@pytest.fixture
def heads(tmp_path: Path) -> HeadFile:
    return HeadFile(tmp_path, SECRET)


@pytest.fixture
async def sealed_days(dsn: str, heads: HeadFile) -> str:
    """Three days with fifty frames each, all of them sealed."""
    async with logging_to(dsn) as log:
        for day in DAYS:
            for n in range(50):
                log.put(frame(n, at=day))
    assert await seal_days(dsn, SECRET, heads, LATER) == [day.date() for day in DAYS]
    return dsn


async def found(dsn: str, heads: HeadFile) -> list[str]:
    record = heads.read()
    assert record is not None
    return [each.text for each in (await check_frames(dsn, SECRET, record.frames)).findings]


async def test_untouched_frames_are_as_they_were_sealed(sealed_days: str, heads: HeadFile) -> None:
    record = heads.read()
    assert record is not None
    report = await check_frames(sealed_days, SECRET, record.frames)
    assert (report.compared, report.findings, report.later) == (3, [], 0)
    assert await seal_days(sealed_days, SECRET, heads, LATER) == []


async def test_a_day_is_sealed_once_it_is_over_and_settled(dsn: str, heads: HeadFile) -> None:
    async with logging_to(dsn) as log:
        log.put(frame(1, at=NOON))
    midnight = datetime(2026, 11, 22, tzinfo=UTC)
    assert await seal_days(dsn, SECRET, heads, midnight + timedelta(minutes=119)) == []
    assert await seal_days(dsn, SECRET, heads, midnight + timedelta(minutes=120)) == [NOON.date()]


@pytest.mark.parametrize(
    ("forgery", "says"),
    [
        ("UPDATE ocpp_frames_20261122 SET text = text || ' ' WHERE id = 60", "50 frames of 2026-11-22"),
        ("UPDATE ocpp_frames_20261122 SET at = at + interval '1 ms' WHERE id = 60", "were changed"),
        ("UPDATE ocpp_frames_20261122 SET company = 7 WHERE id = 60", "were changed"),
        ("UPDATE ocpp_frames_20261122 SET outcome = 'x' WHERE id = 60", "were changed"),
        ("DELETE FROM ocpp_frames_20261122 WHERE id = 60", "49 of them are found"),
        ("DROP TABLE ocpp_frames_20261122", "gone, and not by retention"),
        ("UPDATE frame_seals SET content = sha256(content) WHERE day = '2026-11-22'", "is broken"),
        ("UPDATE frame_seals SET sealed_at = now() WHERE day = '2026-11-22'", "signature"),
        ("DELETE FROM frame_seals WHERE day = '2026-11-22'", "is broken"),
        ("DELETE FROM frame_seals WHERE day = '2026-11-23'", "not the one in the signed file"),
    ],
)
async def test_whatever_is_done_to_sealed_frames_is_found(
    sealed_days: str, heads: HeadFile, forgery: str, says: str
) -> None:
    forge(sealed_days, forgery)
    assert any(says in text for text in await found(sealed_days, heads))


async def test_a_partition_that_was_dropped_as_if_by_retention_is_missed(
    sealed_days: str, heads: HeadFile
) -> None:
    forge(
        sealed_days,
        "DROP TABLE ocpp_frames_20261121",
        "UPDATE frame_seals SET dropped_at = now(), dropped_signature = sha256('x') WHERE day = '2026-11-21'",
    )
    assert await found(sealed_days, heads) == ["the frames of 2026-11-21 are gone, and not by retention"]


async def test_what_retention_drops_is_no_finding(sealed_days: str, heads: HeadFile) -> None:
    assert await drop_frames_before(sealed_days, DAYS[1].date(), SECRET) == [DAYS[0].date()]
    record = heads.read()
    assert record is not None
    report = await check_frames(sealed_days, SECRET, record.frames)
    assert (report.compared, report.dropped, report.findings) == (2, 1, [])
    async with await connect(sealed_days, "test") as connection:
        assert (await frames_kept(connection)).since == DAYS[1].date()


async def test_no_day_is_dropped_while_days_are_sealed(sealed_days: str) -> None:
    async with await connect(sealed_days, "sealing") as sealing, sealing.transaction():
        await sealing.execute(ALONE)
        with pytest.raises(LockNotAvailable):
            await drop_frames_before(sealed_days, DAYS[1].date(), SECRET)
    assert await drop_frames_before(sealed_days, DAYS[1].date(), SECRET) == [DAYS[0].date()]


async def test_frames_that_come_in_after_the_seal_are_said_not_to_be_covered(
    sealed_days: str, heads: HeadFile
) -> None:
    async with logging_to(sealed_days) as log:
        log.put(frame(99, at=DAYS[0]))
    record = heads.read()
    assert record is not None
    report = await check_frames(sealed_days, SECRET, record.frames)
    assert (report.findings, report.later) == ([], 1)


async def test_the_running_system_does_not_seal_a_forgery(sealed_days: str, heads: HeadFile) -> None:
    forge(
        sealed_days,
        "UPDATE ocpp_frames_20261123 SET text = 'forged'",
        "DELETE FROM frame_seals WHERE day = '2026-11-23'",
    )
    with pytest.raises(FramesChainBroken):
        await seal_days(sealed_days, SECRET, heads, LATER)


async def test_without_a_file_yet_the_last_seal_has_to_be_whole(sealed_days: str, tmp_path: Path) -> None:
    fresh = HeadFile(tmp_path / "fresh", SECRET)
    async with logging_to(sealed_days) as log:
        log.put(frame(1, at=LATER))
    later = LATER + timedelta(days=1)
    assert await seal_days(sealed_days, SECRET, fresh, later) == [LATER.date()]
    forge(sealed_days, "UPDATE frame_seals SET signature = sha256(signature) WHERE day = '2026-11-24'")
    other = HeadFile(tmp_path / "other", SECRET)
    with pytest.raises(FramesChainBroken, match="signature"):
        await seal_days(sealed_days, SECRET, other, later)


async def test_a_head_of_another_chain_is_a_finding(sealed_days: str) -> None:
    report = await check_frames(sealed_days, SECRET, FramesHead(DAYS[2].date(), "00" * 32))
    assert [each.kind for each in report.findings] == [Kind.OTHER_HEAD]


async def test_uploaded_files_are_hashed_again(dsn: str) -> None:
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    for position, upload in enumerate(("whole", "changed", "gone"), 1):
        event = f'{{"type":"file-received","upload":"{upload}","name":"{upload}.log","sha256":"{digest}"}}'
        forge(
            dsn,
            "INSERT INTO stored_events (originator_id, originator_version, topic, state, company)"
            " VALUES (gen_random_uuid(), 1, 'file-received', convert_to("
            f"""'{{"company":242,"recorded_at":"2026-11-21T12:00:00Z","event":{event}}}', 'UTF8'), 242)""",
            position=position,
        )
    async with UploadedFiles(dsn) as files:
        for upload, parts in (("whole", [b"a", b"bc"]), ("changed", [b"a", b"bd"])):
            file = await files.begin(upload)
            for number, part in enumerate(parts):
                await files.add(file, number, part)
            await files.finish(file, digest)
    kept = timedelta(days=90)
    report = await check_files(dsn, kept, NOON + kept)
    assert report.compared == 2
    assert [(each.position, each.text) for each in report.findings] == [
        (2, "the uploaded file changed.log was changed"),
        (3, "the uploaded file gone.log is gone"),
    ]
    later = await check_files(dsn, kept, NOON + kept + timedelta(days=1))
    assert (later.expired, len(later.findings)) == (1, 1)
