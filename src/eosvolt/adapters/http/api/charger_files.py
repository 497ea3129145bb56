"""``/chargers/{charger}/files``: the requested uploads of a charger, and their files."""

from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import quote

import msgspec
from starlette.responses import Response, StreamingResponse

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.maintenance import known_charger
from eosvolt.adapters.http.framework.api_types import Items, Limit, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import PageQuery, paged
from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.application.operations.chargers import VIEW
from eosvolt.projections.charger_files import FileRow

# More than the retention keeps of one charger.
MOST_FILES = 10_000


class ProgressView(View, frozen=True, kw_only=True):
    """A reported status of an upload, as in OCPP."""

    at: datetime
    status: str


class FileView(View, frozen=True, kw_only=True):
    """A requested file; ``kind`` is diagnostics, diagnosticsLog or securityLog.

    ``size`` is in bytes; both it and ``receivedAt`` are absent until the upload. ``commandId`` is the command
    that requested it.
    """

    id: str
    kind: str
    request: int
    command_id: str
    by: str
    opened_at: datetime
    expires_at: datetime
    status: str = ""
    progress: list[ProgressView]
    received_at: datetime | None = None
    name: str = ""
    size: int = 0
    sha256: str = ""


class FilesQuery(PageQuery, frozen=True, kw_only=True):
    """The page of the list."""

    limit: Limit = 50


@endpoint("GET", "/chargers/{charger}/files", needs=VIEW)
async def list_files(call: ApiCall, charger: str, query: FilesQuery) -> Answer[Items[FileView]]:
    """The requested files of a charger, the newest first. Request one with `getDiagnostics` or `getLog`."""
    await known_charger(call, charger)
    rows = await call.queries.files(call.company, charger, MOST_FILES)
    return paged(call, [file_view(row) for row in rows], lambda each: each.id, query)


@endpoint(
    "GET",
    "/chargers/{charger}/files/{upload}",
    media=("application/octet-stream",),
    refusals=(410,),
    needs=VIEW,
)
async def download_file(call: ApiCall, charger: str, upload: str) -> Response:
    """Download a file. 404 before its upload, 410 after its retention."""
    row = await call.queries.file(call.company, upload)
    if row is None or row.charge_point != f"{call.company}/{charger}" or row.received_at is None:
        raise not_found()
    content = await call.dependencies.files.content(upload, row.sha256)
    if content is None:
        raise Problem(410, "This file is not kept any more.")
    return download(row, content)


def download(row: FileRow, content: AsyncIterator[bytes]) -> Response:
    """The file as an attachment, which browsers do not open by themselves."""
    name = quote(row.name or f"{row.kind}-{row.request}.bin")
    return StreamingResponse(
        content,
        media_type="application/octet-stream",
        headers={
            "content-disposition": f"attachment; filename*=UTF-8''{name}",
            "content-length": str(row.size),
            "cache-control": "no-store",
        },
    )


def file_view(row: FileRow) -> FileView:
    """A file as the API shows it."""
    return FileView(
        id=row.upload,
        kind=row.kind,
        request=row.request,
        command_id=row.command,
        by=row.by,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        status=row.status,
        progress=msgspec.convert(row.progress, list[ProgressView], from_attributes=True),
        received_at=row.received_at,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
    )


ENDPOINTS = (list_files, download_file)
