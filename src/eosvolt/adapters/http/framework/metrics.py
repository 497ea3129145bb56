"""Prometheus metrics of HTTP requests, and the route that serves all metrics."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from secrets import compare_digest

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.auth import sent_key
from eosvolt.adapters.http.framework.hosts import Hosts
from eosvolt.adapters.http.framework.problems import Problem
from eosvolt.adapters.http.framework.web_sessions import address_of

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True)
class Outcome:
    """The status of a request; 499 if the client disconnected."""

    status: int = 499


class Requests:
    """Counts requests by method, endpoint and status, with the time they took."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Registers its histogram."""
        self._seconds = Histogram(
            "eosvolt_http_request_seconds",
            "Time to answer requests to the HTTP API.",
            ("method", "endpoint", "status"),
            registry=registry,
            buckets=_BUCKETS,
        )

    @contextmanager
    def watched(self, method: str, endpoint: str) -> Iterator[Outcome]:
        """Count one request, with the final status of the ``Outcome``."""
        outcome = Outcome()
        since = time.perf_counter()
        try:
            yield outcome
        finally:
            # Clients can invent methods; only known ones become a label.
            known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
            labels = self._seconds.labels(known, endpoint, str(outcome.status))
            labels.observe(time.perf_counter() - since)


def metrics_route(registry: CollectorRegistry, token: str, hosts: Hosts) -> Route:
    """``GET /metrics`` in Prometheus' text format, for clients with ``token``, else for this machine only."""

    def metrics(request: Request) -> Response:
        if token:
            if not compare_digest(sent_key(request).encode(), f"Bearer {token}".encode()):
                raise Problem(
                    401, "This needs the token of the metrics.", headers={"WWW-Authenticate": "Bearer"}
                )
        elif not _of_this_machine(request, hosts):
            raise Problem(403, "Without EOSVOLT_METRICS_TOKEN the metrics are only for this machine.")
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return Route("/metrics", metrics, methods=["GET"])


def _of_this_machine(request: Request, hosts: Hosts) -> bool:
    """Whether the request comes from this machine itself, not through a proxy on it."""
    passed_on = any(name in request.headers for name in ("x-forwarded-for", "forwarded"))
    try:
        local = ip_address(address_of(request)).is_loopback
    except ValueError:
        local = False
    return local and not passed_on and hosts.problem(request) is None
