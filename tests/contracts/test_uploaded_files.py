"""Uploaded files on PostgreSQL: whole or not at all, for as long as they are kept."""

from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from eosvolt.adapters.postgres.uploaded_files import UploadedFiles

KEPT = timedelta(days=90)


@pytest.fixture
async def files(database: str) -> AsyncIterator[UploadedFiles]:
    async with UploadedFiles(database) as opened:
        yield opened


async def stored(files: UploadedFiles, upload: str, *parts: bytes, whole: bool = True) -> int:
    file = await files.begin(upload)
    for number, part in enumerate(parts):
        await files.add(file, number, part)
    if whole:
        await files.finish(file, f"digest of {upload}")
    return file


async def content(files: UploadedFiles, upload: str) -> bytes | None:
    parts = await files.content(upload, f"digest of {upload}")
    return None if parts is None else b"".join([part async for part in parts])


def aged(database: str, file: int, days: float) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "UPDATE uploaded_files SET begun_at = now() - %s::interval WHERE id = %s",
            (timedelta(days=days), file),
        )


def parts_left(database: str) -> int:
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT count(*) FROM uploaded_file_parts").fetchone()
    assert row is not None
    return int(row[0])


async def test_a_file_comes_back_as_it_was_put(files: UploadedFiles) -> None:
    await stored(files, "one", b"\x00first", b"second\xff")
    await stored(files, "two", b"other")
    assert await content(files, "one") == b"\x00firstsecond\xff"


async def test_a_file_that_is_not_whole_yet_is_not_there(files: UploadedFiles) -> None:
    await stored(files, "one", b"first", whole=False)
    assert await content(files, "one") is None


async def test_a_dropped_file_leaves_nothing(files: UploadedFiles, database: str) -> None:
    await files.drop(await stored(files, "one", b"first", b"second"))
    assert await content(files, "one") is None
    assert parts_left(database) == 0


async def test_old_files_go_and_so_does_what_was_never_finished(files: UploadedFiles, database: str) -> None:
    aged(database, await stored(files, "old", b"a"), days=91)
    aged(database, await stored(files, "kept", b"b"), days=89)
    aged(database, await stored(files, "abandoned", b"c", whole=False), days=2)
    await stored(files, "coming", b"d", whole=False)
    await files.tidy(KEPT)
    assert await content(files, "old") is None
    assert await content(files, "kept") == b"b"
    assert parts_left(database) == 2
