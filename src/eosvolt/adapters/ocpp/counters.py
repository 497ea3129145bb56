"""Counters of connections and messages, which the metrics publish."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ConnectionCounters:
    """Counts since the start of the process.

    ``messages`` by (direction, action, outcome); ``repairs`` by rule; ``refusals`` of handshakes by HTTP
    status; ``connected`` is the number of chargers connected now.
    """

    connected: int = 0
    accepted: int = 0
    replaced: int = 0
    flapping: int = 0
    messages: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    refusals: Counter[int] = field(default_factory=Counter)
