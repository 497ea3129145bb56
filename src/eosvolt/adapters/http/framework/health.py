"""Liveness and readiness for supervisors and load balancers."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.backend import Backend


def health_routes(dependencies: Backend) -> list[Route]:
    """``GET /healthz`` (the process) and ``GET /readyz`` (database reachable, read models near the head)."""

    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def readyz(_: Request) -> Response:
        reasons = list(await dependencies.readiness())
        if reasons:
            return JSONResponse({"status": "notReady", "reasons": reasons}, 503)
        return JSONResponse({"status": "ready"})

    return [Route("/healthz", healthz, methods=["GET"]), Route("/readyz", readyz, methods=["GET"])]
