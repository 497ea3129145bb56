"""``/chargers/{charger}/files``: what a charger was asked to upload, and what came."""

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

# Nobody has more of one charger; see how long they are kept.
MOST_FILES = 10_000


class ProgressView(View, frozen=True, kw_only=True):
    """What was said of an upload, in OCPP's words."""

    at: datetime
    status: str


class FileView(View, frozen=True, kw_only=True):
    """A file that the charger was asked for; ``kind`` is diagnostics, diagnosticsLog or securityLog.

    It is here since ``receivedAt``, with ``size`` in bytes. ``commandId`` is the command that asked for it.
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
    """How many, and from where on."""

    limit: Limit = 50


@endpoint("GET", "/chargers/{charger}/files", needs=VIEW)
async def list_files(call: ApiCall, charger: str, query: FilesQuery) -> Answer[Items[FileView]]:
    """The files that a charger was asked for, the newest first. Ask with `getDiagnostics` or `getLog`."""
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
    """One of them, to download. 404 before it came, 410 when it is not kept any more."""
    row = await call.queries.file(call.company, upload)
    if row is None or row.charge_point != f"{call.company}/{charger}" or row.received_at is None:
        raise not_found()
    content = await call.dependencies.files.content(upload, row.sha256)
    if content is None:
        raise Problem(410, "This file is not kept any more.")
    return download(row, content)


def download(row: FileRow, content: AsyncIterator[bytes]) -> Response:
    """The file as an attachment that no browser opens by itself."""
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
