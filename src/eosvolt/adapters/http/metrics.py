"""What Prometheus may know of the web, and the page where it fetches everybody's figures."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


@dataclass(slots=True)
class Outcome:
    """How a request ended; 499 where the asker went away."""

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
        """Count one request; its status is whatever ``Outcome`` says in the end."""
        outcome = Outcome()
        since = time.perf_counter()
        try:
            yield outcome
        finally:
            # Anybody can invent a method; only those that exist become a label.
            known = method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
            labels = self._seconds.labels(known, endpoint, str(outcome.status))
            labels.observe(time.perf_counter() - since)


def metrics_route(registry: CollectorRegistry) -> Route:
    """``GET /metrics`` in Prometheus' text format."""

    def metrics(_: Request) -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return Route("/metrics", metrics, methods=["GET"])
