"""The web application: the API, its documents, health, metrics, and further routes."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import structlog
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route, Router

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.capabilities import ENDPOINTS
from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.auth import Gate
from eosvolt.adapters.http.framework.compression import Compressed
from eosvolt.adapters.http.framework.docs import Reference, docs_routes
from eosvolt.adapters.http.framework.endpoint import Endpoint
from eosvolt.adapters.http.framework.failures import Failures
from eosvolt.adapters.http.framework.health import health_routes
from eosvolt.adapters.http.framework.metrics import Requests, metrics_route
from eosvolt.adapters.http.framework.openapi import document
from eosvolt.adapters.http.framework.problems import Problem, not_ready, respond
from eosvolt.adapters.http.framework.raw_path import RawPath
from eosvolt.adapters.http.framework.resource import Resource
from eosvolt.adapters.http.framework.security import Guard
from eosvolt.adapters.http.framework.texts import Multilingual
from eosvolt.application.questions import ReadModelRebuilding
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

    ``routes`` come after the API's own; ``error_page`` renders errors outside the API, ``reference`` the page
    of the API. ``gate`` and ``dependencies`` are also in ``app.state``.
    """
    described = _described()

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

    async def on_rebuilding(request: Request, _: Exception) -> Response:
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
                Guard,
                public_url=dependencies.public_url,
                cookies=(gate.cookie.name, gate.staff.cookie.name, gate.drivers.cookie.name),
                hosts=dependencies.hosts,
            ),
            Middleware(Multilingual),
            Middleware(Compressed),
            Middleware(Failures, respond=on_failure),
        ],
        exception_handlers={HTTPException: on_http, Problem: on_problem, ReadModelRebuilding: on_rebuilding},
    )
    app.state.dependencies = dependencies
    app.state.gate = gate
    return app


@cache
def _described() -> dict[str, Any]:
    """The document of the API: half a second's work, and the same for each application of a process."""
    return document(ENDPOINTS, API)


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
            Route(f"/v1{path}", Resource(same, dependencies, gate, throttle, requests, ApiCall))
            for path, same in by_path.items()
        ],
        redirect_slashes=False,
    )
