"""Events appended per second through the event store, next to raw COPY into the same table.

    python -m tests.benchmarks.append [--json]

Every event is a command of its own, acknowledged after its commit. PostgreSQL is the embedded one with fsync
on.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.postgres.stored_events import EventMapper
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.sessions.events import EnergyMetered, SessionReading
from eosvolt.domain.vocabulary import EVENTS
from tests.benchmarks.figures import machine, show

SECONDS = 5.0
COPIED = 50_000
WHY = Provenance(242, "charger:CP-1", cause="0123456789abcdef", frame="ab" * 32)
_COPY = (
    "COPY stored_events (originator_id, originator_version, topic, state, company) FROM STDIN (FORMAT BINARY)"
)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def reading(n: int) -> EnergyMetered:
    """What one MeterValues message leaves behind."""
    at = datetime.now(UTC)
    values = SessionReading(
        at=at, energy_wh=n, register_wh=n, power_w=11_000, current_a=15.9, voltage_v=230.1
    )
    return EnergyMetered(plug="242/CP-1/1", received_at=at, readings=(values,))


async def closed_loop(dsn: str, chargers: int, category: str) -> tuple[float, float, float]:
    """Events a second with so many chargers, each waiting for its answer; latency p50 and p99 in ms."""
    latencies: list[float] = []
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        end = time.perf_counter() + SECONDS

        async def charger(n: int) -> None:
            version = 0
            while (begin := time.perf_counter()) < end:
                await store.append([StreamAppend(f"{category}-{n}:1", version, [reading(version)])], WHY)
                latencies.append(time.perf_counter() - begin)
                version += 1

        await asyncio.gather(*(charger(n) for n in range(chargers)))
    latencies.sort()
    count = len(latencies)
    return count / SECONDS, latencies[count // 2] * 1_000, latencies[count * 99 // 100] * 1_000


def raw_copy(dsn: str, rows_a_transaction: int) -> float:
    """Rows a second by COPY of ready-made rows: what the table and its indexes allow."""
    mapper = EventMapper(EVENTS)
    at = datetime.now(UTC)
    rows = [
        mapper.stored(f"copied-{rows_a_transaction}-{n}:1", 1, reading(n), at, WHY) for n in range(COPIED)
    ]
    with psycopg.connect(dsn, autocommit=True) as connection:
        begin = time.perf_counter()
        for first in range(0, COPIED, rows_a_transaction):
            with connection.transaction(), connection.cursor().copy(_COPY) as copy:
                copy.set_types(("uuid", "int8", "text", "bytea", "int4"))
                for row in rows[first : first + rows_a_transaction]:
                    copy.write_row(row)
        return COPIED / (time.perf_counter() - begin)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "server") as server:
        asyncio.run(migrate(server.dsn))
        figures: dict[str, object] = dict(machine(server.dsn))
        figures["raw COPY, 1,000 rows a transaction, rows/s"] = limit = raw_copy(server.dsn, 1_000)
        figures["raw COPY, 50,000 rows a transaction, rows/s"] = raw_copy(server.dsn, 50_000)
        for chargers in (1, 100, 1_000):
            rate, middle, slow = asyncio.run(closed_loop(server.dsn, chargers, f"bench{chargers}"))
            figures[f"{chargers} chargers, events/s"] = rate
            figures[f"{chargers} chargers, p50 ms"] = middle
            figures[f"{chargers} chargers, p99 ms"] = slow
            figures[f"{chargers} chargers, share of raw COPY (1,000)"] = rate / limit
        show("append", figures)


if __name__ == "__main__":
    main()
