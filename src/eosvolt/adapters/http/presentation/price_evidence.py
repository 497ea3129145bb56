"""Files that prove prices, to download."""

from collections.abc import Iterable

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.domain.price_profiles.reimbursement import PriceSource

_HEADERS = {
    # The address names the content: it never changes.
    "cache-control": "private, max-age=31536000, immutable",
    "vary": "cookie, authorization",
    "x-content-type-options": "nosniff",
    # Nothing in an upload is to run, wherever it is opened.
    "content-security-policy": "default-src 'none'; sandbox",
}


async def evidence_download(
    dependencies: Dependencies, company: int, sources: Iterable[PriceSource], digest: str
) -> Response:
    """The file of one of these prices. Raises a 404 ``Problem`` if none of them has it."""
    found = None
    if any(digest and each.file == digest for each in sources):
        found = await dependencies.evidence_files.file(company, digest)
    if found is None:
        raise not_found()
    disposition = f'attachment; filename="evidence-{digest[:12]}.{found.ending}"'
    headers = {**_HEADERS, "content-disposition": disposition}
    return Response(found.content, media_type=found.media_type, headers=headers)
