"""Taking files: while they are waited for, once, and never a whole one in memory."""

from collections.abc import AsyncIterator
from hashlib import sha256

import pytest

from eosvolt.adapters.memory.uploaded_files import MemoryFiles
from eosvolt.application.uploads import (
    PART,
    UploadEmpty,
    UploadExpired,
    Uploads,
    UploadTooLarge,
    UploadUnknown,
)
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.maintenance.events import UploadOpened
from eosvolt.projections.charger_files import FileRow, charger_files
from tests.examples import CHARGE_POINT, COMPANY
from tests.scenario import Scenario

MOST = 3 * PART
DAY = 24 * 60


class Asked(Scenario):
    """A scenario with an upload target, and a charger that was asked for its diagnostics."""

    def __init__(self) -> None:
        super().__init__()
        self.files = MemoryFiles()
        self.uploads = Uploads(self.application, self, self.files, self.clock, MOST)

    async def charger_of_upload(self, upload: str) -> str | None:
        row = self.models.row(charger_files, upload)
        return None if row is None else row.charge_point

    async def asks(self) -> str:
        await self.commands.request(COMPANY, CHARGE_POINT, "getDiagnostics", {}, "admin:test")
        await self.delivers()
        opened = self.events(UploadOpened)[-1].event
        assert isinstance(opened, UploadOpened)
        return opened.upload

    async def puts(self, upload: str, *chunks: bytes) -> bool:
        return await self.uploads.receive(upload, chunked(*chunks), lambda: "diag.zip")

    def row(self, upload: str) -> FileRow:
        row = self.models.row(charger_files, upload)
        assert row is not None
        return row


async def chunked(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def asked() -> tuple[Asked, str]:
    s = Asked()
    await s.opened()
    return s, await s.asks()


async def test_the_charger_receives_an_address_that_holds_the_upload() -> None:
    s, upload = await asked()
    assert s.charger.requests == [
        ("getDiagnostics", {"location": f"http://eosvolt.example/uploads/{upload}"})
    ]


async def test_a_file_is_kept_in_parts_and_on_record() -> None:
    s, upload = await asked()
    content = bytes(PART + 1)
    assert await s.puts(upload, content[:100], content[100:])
    ((file, parts),) = s.files.parts.items()
    assert [len(part) for part in parts] == [PART, 1]
    digest = sha256(content).hexdigest()
    assert s.files.finished == {file: digest}
    row = s.row(upload)
    assert (row.name, row.size, row.sha256) == ("diag.zip", len(content), digest)


async def test_a_file_that_grows_too_large_is_gone_again() -> None:
    s, upload = await asked()
    with pytest.raises(UploadTooLarge):
        await s.puts(upload, *[bytes(PART)] * 4)
    assert s.files.parts == {}
    assert s.row(upload).received_at is None
    assert await s.puts(upload, *[bytes(PART)] * 3)


async def test_an_empty_file_is_none() -> None:
    s, upload = await asked()
    with pytest.raises(UploadEmpty):
        await s.puts(upload)
    assert s.files.parts == {}


async def test_a_connection_that_breaks_leaves_nothing() -> None:
    s, upload = await asked()

    async def broken() -> AsyncIterator[bytes]:
        yield bytes(2 * PART)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await s.uploads.receive(upload, broken(), str)
    assert s.files.parts == {}


async def test_the_same_file_twice_is_kept_once_and_another_is_refused() -> None:
    s, upload = await asked()
    assert await s.puts(upload, b"one")
    assert not await s.puts(upload, b"o", b"ne")
    with pytest.raises(Rejected, match="another file"):
        await s.puts(upload, b"two")
    assert list(s.files.parts.values()) == [[b"one"]]


async def test_a_file_that_comes_after_a_day_is_too_late() -> None:
    s, upload = await asked()
    await s.passes(DAY + 1)
    with pytest.raises(UploadExpired):
        await s.puts(upload, b"one")


async def test_a_file_that_came_can_be_sent_again_after_a_day() -> None:
    s, upload = await asked()
    await s.puts(upload, b"one")
    await s.passes(DAY + 1)
    assert not await s.puts(upload, b"one")


async def test_a_newer_upload_of_the_same_kind_ends_the_one_before() -> None:
    s, first = await asked()
    second = await s.asks()
    with pytest.raises(UploadUnknown):
        await s.puts(first, b"one")
    assert s.row(first).status == "AcceptedCanceled"
    assert await s.puts(second, b"two")


async def test_a_refused_request_leaves_the_one_before_open() -> None:
    s, first = await asked()
    s.charger.accepts = False
    second = await s.asks()
    with pytest.raises(UploadUnknown):
        await s.puts(second, b"two")
    assert await s.puts(first, b"one")


async def test_nobody_waits_for_a_file_of_an_unknown_address() -> None:
    s, _ = await asked()
    with pytest.raises(UploadUnknown):
        await s.puts("elsewhere", b"one")
    assert s.files.parts == {}
