"""Events replayed per second into all read models together, next to a raw SELECT of the log and its decoding.

    python -m tests.benchmarks.replay [--json] [--large]

One process and its PostgreSQL, the embedded one. The history is made of whole sessions on many plugs at once.
"""

import asyncio
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.rebuild import replay
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.adapters.postgres.verification import verify
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from tests.benchmarks.figures import machine, show
from tests.benchmarks.history import history
from tests.examples import COMPANY

READINGS = 30
CHARGERS = 200
PAGE = 10_000
WHY = Provenance(COMPANY, "charger:CP-1", cause="0123456789abcdef", frame="ab" * 32)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def fill(store: PostgresEventStore, turns: int) -> float:
    """Events a second while the history is written."""
    begin = time.perf_counter()
    for entries in history(CHARGERS, turns, READINGS):
        await store.append(entries, WHY)
    return await store.head() / (time.perf_counter() - begin)


def raw(dsn: str, store: PostgresEventStore, *, decoded: bool) -> float:
    """Events a second through a plain SELECT in pages."""
    count = after = 0
    begin = time.perf_counter()
    with psycopg.connect(dsn) as connection:
        cursor = connection.cursor(binary=True)
        while rows := cursor.execute(
            "SELECT notification_id, originator_version, topic, state FROM stored_events"
            " WHERE notification_id > %b ORDER BY notification_id LIMIT %b",
            (after, PAGE),
            prepare=True,
        ).fetchall():
            if decoded:
                store.page(rows, after)
            count += len(rows)
            after = rows[-1][0]
    return count / (time.perf_counter() - begin)


async def measure(dsn: str, turns: int) -> dict[str, object]:
    """All figures."""
    figures: dict[str, object] = dict(machine(dsn))
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        figures["history written, events/s"] = await fill(store, turns)
        head = await store.head()
        figures["events"] = head
        figures["sessions"] = turns * CHARGERS
        figures["raw SELECT, events/s"] = raw(dsn, store, decoded=False)
        figures["raw SELECT and decode, events/s"] = limit = raw(dsn, store, decoded=True)
        begin = time.perf_counter()
        await replay(dsn, store, READ_MODELS, EVENTS)
        rate = head / (time.perf_counter() - begin)
        figures[f"replay of {len(READ_MODELS)} read models, events/s"] = rate
        figures["replay, share of raw SELECT and decode"] = rate / limit
        begin = time.perf_counter()
        verdicts = await verify(dsn, store, READ_MODELS, EVENTS)
        figures["verify, events/s"] = head / (time.perf_counter() - begin)
        figures["all the same"] = str(all(verdict.same for verdict in verdicts))
    return figures


def main() -> None:
    """Measure and print."""
    turns = 130 if "--large" in sys.argv else 26
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "server") as server:
        asyncio.run(migrate(server.dsn))
        show("replay", asyncio.run(measure(server.dsn, turns)))


if __name__ == "__main__":
    main()
