"""``/map/tiles``: the operator's map file (PMTiles), of which browsers read ranges (RFC 9110 §14).

Without a map file maps are a plain grid. Nothing is ever fetched from elsewhere.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.web.shell.addresses import sign_in_first
from eosvolt.adapters.http.web.shell.page_request import PageRequest

PATH = "/map/tiles"
_PRIVATE = {"cache-control": "private, max-age=3600", "vary": "cookie"}


def map_routes(dependencies: Dependencies, gate: Gate) -> list[Route]:
    """The route of the map file."""

    async def tiles(request: Request) -> Response:
        if await gate.signed_in(request) is None:
            return sign_in_first(request)
        return map_file(dependencies, _PRIVATE)

    return [Route(PATH, tiles, methods=["GET"])]


def map_file(dependencies: Dependencies, headers: Mapping[str, str]) -> Response:
    """The map file, with headers that say who may keep it. Raises a 404 ``Problem`` without one."""
    if dependencies.map_file is None:
        raise not_found()
    # Tiles are compressed already, and a range must arrive as it is.
    headers = {**headers, "content-encoding": "identity"}
    return FileResponse(dependencies.map_file, media_type="application/octet-stream", headers=headers)


def tiles_of(request: PageRequest) -> str:
    """The address of the map file for pages; empty without one."""
    return PATH if request.dependencies.map_file is not None else ""
