"""Exports of 30 days of a big history: time to the first byte, rows/s, memory, and what the event loop feels.

    python -m tests.benchmarks.exports [--sessions N] [--json]

The read models are those of ``tests.benchmarks.queries``: a year of ``--sessions``. Each export is read to
its end as fast as it comes, without HTTP; beside it stands the raw limit, the same rows by ``COPY``.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from psycopg import sql

from eosvolt.adapters.exports.table_files import ThreadedTableFiles
from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE, MOST_DAYS, pages
from eosvolt.adapters.http.presentation.session_table import COLUMNS, session_cells
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.row_tables import canonical_name
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.application.questions import SessionFilter
from eosvolt.application.table_files import FileKind, Table, TableFormat
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from tests.benchmarks.figures import machine, show
from tests.benchmarks.queries import COMPANY, NOW, WallClock, fill

TICK = 0.005
_KB_IN_MB = 1024
WANTED = SessionFilter(since=NOW - timedelta(days=MOST_DAYS), until=NOW)


def memory_mb() -> float:
    """The resident memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / _KB_IN_MB


@asynccontextmanager
async def watched() -> AsyncIterator[dict[str, float]]:
    """Meanwhile: the most memory, and the longest that the event loop was held beyond a tick."""
    seen = {"memory": memory_mb(), "held": 0.0}

    async def watch() -> None:
        while True:
            begin = time.perf_counter()
            await asyncio.sleep(TICK)
            seen["held"] = max(seen["held"], time.perf_counter() - begin - TICK)
            seen["memory"] = max(seen["memory"], memory_mb())

    watching = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        watching.cancel()


async def export(queries: PostgresQueries, kind: FileKind) -> dict[str, Any]:
    """One export, read to its end."""
    places = {f"location-{number}": f"Location {number}" for number in range(50)}
    table = Table("Sessions", NOW, COLUMNS, partial(session_cells, now=NOW, places=places))
    rows = 0

    async def page(snapshot: Queries, cursor: str | None) -> Page[SessionRow]:
        nonlocal rows
        found = await snapshot.sessions(COMPANY, WANTED, cursor=cursor, limit=AT_ONCE)
        rows += len(found.items)
        return found

    before, begin, first, size = memory_mb(), time.perf_counter(), 0.0, 0
    async with watched() as seen:
        batches = pages(queries, page)
        written = ThreadedTableFiles().written(table, batches, TableFormat(kind))
        async with aclosing(batches), aclosing(written):
            async for part in written:
                first = first or time.perf_counter() - begin
                size += len(part)
    taken = time.perf_counter() - begin
    return {
        f"{kind}: rows": rows,
        f"{kind}: MB": size / 1e6,
        f"{kind}: ms to the first byte": first * 1000,
        f"{kind}: s to the last byte": taken,
        f"{kind}: rows/s": rows / taken,
        f"{kind}: MB of memory more than before, at most": seen["memory"] - before,
        f"{kind}: ms that the event loop was held, at most": seen["held"] * 1000,
    }


async def measure(dsn: str, sessions: int) -> dict[str, Any]:
    """Both kinds of files after a small one of each, and the raw limit."""
    await migrate(dsn)
    found: dict[str, Any] = {}
    async with await connect(dsn, "benchmark") as connection:
        await fill(connection, sessions, sessions_alone=True)
        copied = sql.SQL(
            "COPY (SELECT * FROM {} WHERE company = {} AND started_at >= {} ORDER BY started_at) TO STDOUT"
        ).format(sql.Identifier(canonical_name(session_history)), COMPANY, WANTED.since)
        begin, size = time.perf_counter(), 0
        async with connection.cursor().copy(copied) as rows:
            async for part in rows:
                size += len(part)
        found |= {"raw: COPY, s": time.perf_counter() - begin, "raw: COPY, MB": size / 1e6}
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        async with PostgresQueries(dsn, store, engine) as queries:
            for kind in ("csv", "xlsx"):
                found |= await export(queries, "csv" if kind == "csv" else "xlsx")
    return found


def main() -> None:
    """Print what exports take."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="eosvolt-benchmark-") as folder,
        EmbeddedPostgres(Path(folder) / "data", durable=False) as server,
    ):
        found = asyncio.run(measure(server.dsn, options.sessions))
        show("exports", {**machine(server.dsn), "sessions of the year": options.sessions, **found})


if __name__ == "__main__":
    main()
