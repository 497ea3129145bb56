"""The files that chargers were asked for, and the status of their uploads."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Fact
from eosvolt.domain.maintenance.events import FileReceived, UploadOpened, UploadProgressed
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class Progress(msgspec.Struct, frozen=True, array_like=True):
    """The statuses of an upload, with their times."""

    at: datetime
    status: str


class FileRow(Row, frozen=True, kw_only=True):
    """A place for a file. ``kind``: diagnostics, diagnosticsLog or securityLog.

    ``status`` is the last report in OCPP's words, empty before the first. ``received_at`` with name, size (in
    bytes) and SHA-256 says that the file is here.
    """

    upload: str
    company: int
    charge_point: str
    kind: str
    request: int
    command: str
    by: str
    opened_at: datetime
    expires_at: datetime
    status: str = ""
    progress: tuple[Progress, ...] = ()
    received_at: datetime | None = None
    name: str = ""
    size: int = 0
    sha256: str = ""


PROGRESS_KEPT = 50


def keys(fact: Fact) -> Iterable[str]:
    """The upload; reports about none that was asked for here are left to the history."""
    match fact.event:
        case UploadOpened(upload=upload) | UploadProgressed(upload=upload) | FileReceived(upload=upload):
            return (upload,) if upload else ()
        case _:
            return ()


def apply(row: FileRow | None, fact: Fact, key: str) -> FileRow | None:
    """The upload after the fact."""
    match fact.event, row:
        case UploadOpened() as opened, _:
            return FileRow(
                upload=key,
                company=fact.why.company,
                charge_point=fact.key,
                kind=opened.kind,
                request=opened.request,
                command=opened.command,
                by=fact.why.by,
                opened_at=opened.at,
                expires_at=opened.expires_at,
            )
        case UploadProgressed(at=at, status=status), FileRow(progress=progress):
            history = (*progress, Progress(at, status))[-PROGRESS_KEPT:]
            return msgspec.structs.replace(row, status=status, progress=history)
        case FileReceived() as file, FileRow():
            return msgspec.structs.replace(
                row, received_at=file.at, name=file.name, size=file.size, sha256=file.sha256
            )
        case _:
            return row


charger_files = ReadModel(
    name="charger_files",
    version=1,
    row=FileRow,
    reads=tags(UploadOpened, UploadProgressed, FileReceived),
    keys=keys,
    apply=apply,
    indexes=("company, charge_point, opened_at DESC",),
)
