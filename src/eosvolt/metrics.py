"""What Prometheus is told about the system as a whole: connections, messages, appends and how far behind the read models are."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from eosvolt.adapters.ocpp.tally import Tally
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.frame_log import FrameLog
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine


class SystemMetrics(Collector):
    """Reads the figures where they are kept, whenever it is asked."""

    def __init__(
        self, tally: Tally, store: PostgresEventStore, engine: ProjectionEngine, frames: FrameLog
    ) -> None:
        """Ask these."""
        self._tally = tally
        self._store = store
        self._engine = engine
        self._frames = frames

    def collect(self) -> Iterator[Metric]:
        """All figures of this moment."""
        tally = self._tally
        yield GaugeMetricFamily("eosvolt_chargers_connected", "Chargers connected to this process.", tally.connected)
        yield CounterMetricFamily("eosvolt_connections", "Connections accepted.", tally.accepted)
        messages = CounterMetricFamily(
            "eosvolt_ocpp_messages", "OCPP messages.", labels=("direction", "action", "outcome")
        )
        for labels, count in tally.messages.copy().items():
            messages.add_metric(labels, count)
        yield messages
        refusals = CounterMetricFamily("eosvolt_handshakes_refused", "Handshakes refused.", labels=("status",))
        for status, count in tally.refusals.copy().items():
            refusals.add_metric((str(status),), count)
        yield refusals
        repairs = CounterMetricFamily("eosvolt_ocpp_repairs", "Messages repaired, by rule.", labels=("rule",))
        for rule, count in tally.repairs.copy().items():
            repairs.add_metric((rule,), count)
        yield repairs
        yield GaugeMetricFamily("eosvolt_events_waiting", "Events waiting for their commit.", self._store.waiting)
        yield GaugeMetricFamily("eosvolt_projection_lag_events", "Events the read models are behind.", self._engine.lag)
        yield GaugeMetricFamily("eosvolt_frames_waiting", "OCPP frames waiting to be written.", self._frames.waiting)
