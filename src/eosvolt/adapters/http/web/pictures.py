"""``/pictures/{digest}``: pictures for the pages of the company that they belong to.

The address names the content, so browsers may keep it for ever. It needs no permission of its own: whoever
knows a digest was shown the page that has the picture.
"""

import re

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.shell.addresses import PICTURE, sign_in_first

_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEADERS = {
    # Not to be kept by proxies, and not for whoever signs in next.
    "cache-control": "private, max-age=31536000, immutable",
    "vary": "cookie",
    "x-content-type-options": "nosniff",
}


def picture_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """The route of pictures."""

    async def picture(request: Request) -> Response:
        account = await gate.signed_in(request)
        if account is None:
            return sign_in_first(request)
        digest = request.path_params["digest"]
        found = None
        if _DIGEST.fullmatch(digest):
            found = await dependencies.pictures.picture(account.company, digest)
        if found is None:
            raise not_found()
        return Response(found.content, media_type=found.media_type, headers=_HEADERS)

    return [Route(PICTURE, picture, methods=["GET"])]
