"""The routes of the API's documentation: the OpenAPI document, and a page that shows it."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Reference = Callable[[dict[str, Any]], Callable[[Request], Awaitable[Response]]]


def docs_routes(described: dict[str, Any], reference: Reference | None) -> list[Route]:
    """``GET /api/openapi.json`` and, with ``reference``, the page ``GET /api/docs``."""
    document = msgspec.json.format(msgspec.json.encode(described), indent=2)

    async def openapi(_: Request) -> Response:
        return Response(document, media_type="application/json")

    routes = [Route("/api/openapi.json", openapi, methods=["GET"])]
    if reference is not None:
        routes.append(Route("/api/docs", reference(described), methods=["GET"]))
    return routes
