"""The web application: the API, its documents, health, metrics, and the routes that are handed in."""

import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eosvolt.adapters.http.api import ENDPOINTS
from eosvolt.adapters.http.auth import Gate
from eosvolt.adapters.http.compression import Compressed
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.docs import Reference, docs_routes
from eosvolt.adapters.http.endpoint import Endpoint
from eosvolt.adapters.http.health import health_routes
from eosvolt.adapters.http.metrics import Requests, metrics_route
from eosvolt.adapters.http.openapi import document
from eosvolt.adapters.http.problems import Problem, not_ready, respond
from eosvolt.adapters.http.resource import Resource
from eosvolt.adapters.http.security import Guard
from eosvolt.application.questions import BeingBuiltAnew
from eosvolt.application.throttle import Throttle

API = "/api/v1"

ErrorPage = Callable[[Request, Problem], Response]

log = structlog.get_logger(__name__)


def create_app(
    dependencies: Dependencies,
    gate: Gate,
    routes: Sequence[BaseRoute] = (),
    error_page: ErrorPage | None = None,
    reference: Reference | None = None,
) -> Starlette:
    """The application.

    ``routes`` come after the API's own; ``error_page`` shows errors outside the API to people,
    ``reference`` the API. ``gate`` and
    ``dependencies`` are also found in ``app.state``.
    """
    described = document(ENDPOINTS, API)

    def problem(request: Request, refusal: Problem) -> Response:
        trace = str(request.scope.get("state", {}).get("trace", ""))
        if error_page is None or request.url.path.startswith("/api/"):
            return respond(refusal, trace)
        response = error_page(request, refusal)
        response.headers.update(refusal.headers)
        return response

    async def on_http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        detail = error.detail if error.status_code != 404 else "There is nothing here."
        return problem(request, Problem(error.status_code, detail, headers=error.headers))

    async def on_problem(request: Request, error: Exception) -> Response:
        if not isinstance(error, Problem):
            raise error
        return problem(request, error)

    async def on_built_anew(request: Request, _: Exception) -> Response:
        return problem(request, not_ready())

    async def on_failure(request: Request, error: Exception) -> Response:
        log.error("request failed", method=request.method, path=request.url.path, exc_info=error)
        return problem(request, Problem(500, "Something went wrong here. It has been recorded."))

    app = Starlette(
        routes=[
            *docs_routes(described, reference),
            Mount("/api", RawPath(_api(ENDPOINTS, dependencies, gate))),
            *health_routes(dependencies),
            metrics_route(dependencies.metrics, dependencies.metrics_token, dependencies.hosts),
            *routes,
        ],
        middleware=[
            Middleware(
                Guard, public_url=dependencies.public_url, cookie=gate.cookie, hosts=dependencies.hosts
            ),
            Middleware(Compressed),
            Middleware(Failures, respond=on_failure),
        ],
        exception_handlers={HTTPException: on_http, Problem: on_problem, BeingBuiltAnew: on_built_anew},
    )
    app.state.dependencies = dependencies
    app.state.gate = gate
    return app


class Failures:
    """Turns whatever nobody expected into an answer, inside the guard so that its headers are on it."""

    def __init__(self, app: ASGIApp, respond: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        """``respond`` makes the answer out of the request and the error."""
        self._app = app
        self._respond = respond

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and answer for those who could not. A charger's socket has no answer to give."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noted(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if started:
                raise
            response = await self._respond(Request(scope), error)
            await response(scope, receive, send)


class RawPath:
    """Routes by the path as it was sent: ``A%2FB`` is one segment.

    Endpoints decode their parameters themselves.
    """

    def __init__(self, app: ASGIApp) -> None:
        """``app`` sees the encoded path."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the encoded path."""
        raw = scope.get("raw_path")
        if raw:
            scope = {**scope, "path": raw.partition(b"?")[0].decode("ascii", "replace")}
        await self._app(scope, receive, send)


def _api(endpoints: Sequence[Endpoint], dependencies: Dependencies, gate: Gate) -> Router:
    by_path: dict[str, list[Endpoint]] = defaultdict(list)
    for each in endpoints:
        by_path[each.path].append(each)
    throttle = Throttle(per_second=200, burst=1000, clock=time.monotonic)
    requests = Requests(dependencies.metrics)
    # Starlette adds HEAD and refuses other methods by itself only for functions; a resource does both its
    # own way.
    return Router(
        [
            Route(f"/v1{path}", Resource(same, dependencies, gate, throttle, requests))
            for path, same in by_path.items()
        ],
        redirect_slashes=False,
    )
