"""What Prometheus is told about the system as a whole.

Connections, messages, appends and how far behind the read models are.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from eosvolt.adapters.ocpp.counters import ConnectionCounters
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.sealer import Sealer


class SystemMetrics(Collector):
    """Reads the figures where they are kept, whenever it is asked."""

    def __init__(
        self,
        counters: ConnectionCounters,
        store: PostgresEventStore,
        engine: ProjectionEngine,
        frames: FrameLog,
        sealer: Sealer,
    ) -> None:
        """Ask these."""
        self._counters = counters
        self._store = store
        self._engine = engine
        self._frames = frames
        self._sealer = sealer

    def collect(self) -> Iterator[Metric]:
        """All figures of this moment."""
        counters = self._counters
        yield _gauge("chargers_connected", "Chargers connected to this process.", counters.connected)
        yield _gauge("events_waiting", "Events waiting for their commit.", self._store.waiting)
        yield _gauge("projection_lag_events", "Events the read models are behind.", self._engine.lag)
        yield _gauge("frames_waiting", "OCPP frames waiting to be written.", self._frames.waiting)
        yield _counter(
            "frames_dropped",
            "OCPP frames that were not kept, by reason.",
            ("reason",),
            {(reason,): count for reason, count in self._frames.losses.since_start.items()},
        )
        sealer = self._sealer
        broken = "1 while the history is not sealed because its head is not the known one."
        yield _gauge("history_head_broken", broken, bool(sealer.broken))
        position = 0 if sealer.head is None else sealer.head.position
        yield _gauge("history_head_position", "Position of the last event sealed or followed.", position)
        yield CounterMetricFamily("eosvolt_connections", "Connections accepted.", counters.accepted)
        yield _counter(
            "ocpp_messages", "OCPP messages.", ("direction", "action", "outcome"), {**counters.messages}
        )
        yield _counter(
            "handshakes_refused",
            "Handshakes refused, by HTTP status.",
            ("status",),
            {(str(status),): count for status, count in counters.refusals.copy().items()},
        )
        yield _counter(
            "ocpp_repairs",
            "Messages repaired, by rule.",
            ("rule",),
            {(rule,): count for rule, count in counters.repairs.copy().items()},
        )


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"eosvolt_{name}", text, value)


def _counter(name: str, text: str, labels: tuple[str, ...], counts: Mapping[Any, int]) -> CounterMetricFamily:
    family = CounterMetricFamily(f"eosvolt_{name}", text, labels=labels)
    for values, count in dict(counts).items():
        family.add_metric(values, count)
    return family
