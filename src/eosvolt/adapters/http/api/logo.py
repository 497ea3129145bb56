"""``/settings/logo``: the company's logo."""

from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.framework.api_types import View
from eosvolt.adapters.http.framework.endpoint import endpoint
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.application.images import MEDIA_TYPES
from eosvolt.application.operations import company as operations
from eosvolt.application.operations.company import LogoRemoval, LogoUpload


class LogoView(View, frozen=True, kw_only=True):
    """The stored logo: ``sha256`` of its bytes, which are not those of the upload."""

    sha256: str


@endpoint("GET", "/settings/logo", media=MEDIA_TYPES, refusals=(404,), needs=operations.VIEW)
async def logo(call: ApiCall) -> Response:
    """The picture. 404 without one."""
    row = await call.queries.company(call.company)
    found = None
    if row is not None and row.logo:
        found = await call.dependencies.pictures.picture(call.company, row.logo)
    if found is None:
        raise not_found()
    return Response(found.content, media_type=found.media_type)


@endpoint("PUT", "/settings/logo", refusals=(409,), operation=operations.set_logo, takes=MEDIA_TYPES)
async def put_logo(call: ApiCall, content: bytes) -> LogoView:
    """Show a picture as the logo: square, at least 400 pixels a side, at most 5 MiB.

    Only its pixels are stored: it is decoded and encoded again.
    """
    return LogoView(sha256=await call.run(operations.set_logo, LogoUpload(content=content)))


@endpoint("DELETE", "/settings/logo", status=204, refusals=(409,), operation=operations.remove_logo)
async def remove_logo(call: ApiCall) -> None:
    """Show no logo any more."""
    await call.run(operations.remove_logo, LogoRemoval())


ENDPOINTS = (logo, put_logo, remove_logo)
