"""The questions of dashboard and lists at a million sessions, next to the raw limits of the same connection.

    python -m tests.benchmarks.queries [--sessions N] [--rounds N] [--json]

The read models are filled set-based in a scratch database of the embedded PostgreSQL (fsync off): a year of
two companies, nine tenths of it of the one that asks. Each question is asked again and again with other
arguments.
"""

import argparse
import asyncio
import random
import re
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from psycopg import sql

from eosvolt.adapters.http.presentation.search import search
from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.customer_records import PostgresCustomerRecords
from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.live_tables import open_missing
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries, cursors
from eosvolt.adapters.postgres.row_tables import canonical_name, columns_of
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.application.performance_questions import PlugFilter
from eosvolt.application.permissions import OWNER
from eosvolt.application.ports import StreamAppend
from eosvolt.application.questions import ENDLESS, FaultFilter, SessionFilter
from eosvolt.domain.companies.events import CompanyRenamed
from eosvolt.domain.kernel import Provenance
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.session_history import session_history
from tests.benchmarks.figures import machine, show
from tests.examples import TARIFF_BY_TIME_OF_DAY

COMPANY, OTHER = 242, 7
LOCATIONS, CHARGERS, TOKENS = 50, 500, 20_000
YEAR = Path(__file__).with_name("year.sql")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
AT: Any = {"now": NOW, "time_zone": "Europe/Berlin"}
LINES = (
    '[{"kind": "energy", "since": "2026-11-21T10:02:00Z", "until": "2026-11-21T11:00:00Z",'
    ' "quantity": "19.000", "unit": "kWh", "price": "1.20", "gross": {"currency": "EUR", "minor": 2280},'
    ' "net": {"currency": "EUR", "minor": 1916}, "vat": {"currency": "EUR", "minor": 364}}]'
)


class WallClock:
    """The real time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


async def fill(connection: Db, sessions: int, *, sessions_alone: bool = False) -> None:
    """Two companies' year in the read models, as their folds would have left it."""
    await open_missing(connection, {model.name: model for model in READ_MODELS})
    for model in READ_MODELS:
        await leave_out_what_rows_leave_out(connection, model)
    values = {
        "sessions": sessions,
        "since": NOW - timedelta(days=365),
        "now": NOW,
        "tariff": msgspec.json.encode(TARIFF_BY_TIME_OF_DAY).decode(),
        "lines": LINES,
    }
    tables = {model.name: canonical_name(model) for model in READ_MODELS}
    year = re.sub(r"\brm_(\w+)", lambda found: tables[found[1]], YEAR.read_text(encoding="utf-8"))
    statements = [each for each in year.split(";\n") if each.strip()]
    for statement in statements[:1] if sessions_alone else statements:
        await connection.execute(statement.encode(), values)
    await connection.execute("VACUUM (ANALYZE)")


async def leave_out_what_rows_leave_out(connection: Db, model: ReadModel[Any]) -> None:
    """Give the columns of a model's table the defaults of its rows' fields."""
    types = {column.name: column.type for column in columns_of(model.row)}
    for field in msgspec.structs.fields(model.row):
        if field.default in (None, msgspec.NODEFAULT):
            continue
        value = msgspec.to_builtins(field.default)
        if types[field.name] == "jsonb":
            value = msgspec.json.encode(value).decode()
        await connection.execute(
            sql.SQL("ALTER TABLE {} ALTER COLUMN {} SET DEFAULT {}").format(
                sql.Identifier(canonical_name(model)), sql.Identifier(field.name), sql.Literal(value)
            )
        )


def questions(
    queries: PostgresQueries, customers: PostgresCustomerRecords, rng: random.Random
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """What is asked, by its name."""

    def day() -> date:
        return (NOW - timedelta(days=rng.randrange(360))).date()

    def month() -> tuple[date, date]:
        return (first := day().replace(day=1)), first + timedelta(days=30)

    def since() -> datetime:
        return NOW - timedelta(days=rng.randrange(5, 360))

    def number() -> int:
        return 170_000 + rng.randrange(1, 900_000)

    def listed(sort: str = "-startedAt", now: datetime = ENDLESS, **wanted: Any) -> Awaitable[Any]:
        return queries.sessions(COMPANY, SessionFilter(**wanted), sort=sort, now=now)

    async def inside_chargers() -> None:
        cursor = cursors.written("charger", f"CP-{rng.randrange(CHARGERS)}", number())
        await queries.sessions(COMPANY, SessionFilter(), sort="charger", cursor=cursor)

    async def deep() -> None:
        begin = since()
        page = await queries.sessions(COMPANY, SessionFilter(until=begin))
        await queries.sessions(COMPANY, SessionFilter(until=begin), cursor=page.cursor)

    return {
        "dashboard: summary of a day": lambda: queries.summary(COMPANY, "day", day(), **AT),
        "dashboard: summary of a month": lambda: queries.summary(COMPANY, "month", day(), **AT),
        "dashboard: summary of a year": lambda: queries.summary(COMPANY, "year", NOW.date(), **AT),
        "dashboard: plug status (1000 plugs)": lambda: queries.connectors(COMPANY),
        "dashboard: plugs by state": lambda: queries.plug_states(COMPANY),
        "dashboard: attempts of a month": lambda: queries.attempts(COMPANY, PlugFilter(), *month()),
        "dashboard: starts of a month by hour": lambda: queries.session_starts(
            COMPANY, PlugFilter(), *month()
        ),
        "dashboard: ten recent sessions": lambda: queries.sessions(COMPANY, SessionFilter(), limit=10),
        "dashboard: newest faults": lambda: queries.faults(COMPANY, FaultFilter(state="unsolved"), limit=10),
        "sessions: first page": listed,
        "sessions: two pages deep inside": deep,
        "sessions: a date range": lambda: listed(since=(at := since()), until=at + timedelta(days=3)),
        "sessions: status charging": lambda: listed(status=("charging",)),
        "sessions: status failed or blocking": lambda: listed(status=("failed", "blocking")),
        "sessions: type without sessions": lambda: listed(type="booking"),
        "sessions: a location": lambda: listed(location=f"location-{rng.randrange(LOCATIONS)}"),
        "sessions: a charger": lambda: listed(charge_point=f"CP-{rng.randrange(CHARGERS)}"),
        "sessions: a plug": lambda: listed(charge_point=f"CP-{rng.randrange(CHARGERS)}", connector=2),
        "sessions: a token": lambda: listed(token=f"TOKEN{rng.randrange(TOKENS)}"),
        "sessions: failed ones of a location": lambda: listed(
            status=("failed",), location=f"location-{rng.randrange(LOCATIONS)}"
        ),
        "sessions: dearest of all": lambda: listed("-total"),
        "sessions: dearest of a week": lambda: listed(
            "-total", since=(at := since()), until=at + timedelta(7)
        ),
        "sessions: dearest of a location": lambda: listed(
            "-total", location=f"location-{rng.randrange(LOCATIONS)}"
        ),
        "sessions: longest of all": lambda: listed("-duration", now=NOW),
        "sessions: shortest of all": lambda: listed("duration", now=NOW),
        "sessions: longest of a location": lambda: listed(
            "-duration", now=NOW, location=f"location-{rng.randrange(LOCATIONS)}"
        ),
        "sessions: most energy of all": lambda: listed("-energy"),
        "sessions: most energy of a week": lambda: listed(
            "-energy", since=(at := since()), until=at + timedelta(7)
        ),
        "sessions: most energy of a location": lambda: listed(
            "-energy", location=f"location-{rng.randrange(LOCATIONS)}"
        ),
        "sessions: by charger": lambda: listed("charger"),
        "sessions: by charger, inside": inside_chargers,
        "sessions: by token": lambda: listed("-token"),
        "sessions: ended last": lambda: listed("-endedAt"),
        "sessions: totals of a week": lambda: queries.session_sums(
            COMPANY, SessionFilter(since=(at := since()), until=at + timedelta(7))
        ),
        "sessions: totals of all, up to the bound": lambda: queries.session_sums(COMPANY, SessionFilter()),
        "sessions: lowest numbers": lambda: listed("number"),
        "search: a number": lambda: listed(search=str(number())),
        "search: a part of charge box ids": lambda: listed(search=f"cp-{rng.randrange(10, 50)}"),
        "search: a token": lambda: listed(search=f"token{rng.randrange(TOKENS)}"),
        "search: nothing found": lambda: listed(search="nobody has this"),
        "search everything: a number": lambda: search(queries, customers, COMPANY, str(number()), 5, OWNER),
        "search everything: a plug": lambda: search(
            queries, customers, COMPANY, f"CP-{rng.randrange(CHARGERS)} · 2", 5, OWNER
        ),
        "search everything: a token": lambda: search(
            queries, customers, COMPANY, f"TOKEN{rng.randrange(TOKENS)}", 5, OWNER
        ),
        "search everything: nothing found": lambda: search(
            queries, customers, COMPANY, "nobody has this", 5, OWNER
        ),
        "session: detail": lambda: queries.session(COMPANY, str(number())),
        "chargers: all 500": lambda: queries.charge_points(COMPANY),
        "tokens: search": lambda: queries.tokens(COMPANY, search=f"card {rng.randrange(TOKENS)}"),
    }


async def timed(ask: Callable[[], Awaitable[Any]], rounds: int) -> tuple[float, float]:
    """The median and the 99th percentile in milliseconds, after a few that are not counted."""
    for _ in range(8):
        await ask()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        await ask()
        taken.append((time.perf_counter() - begin) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


async def measure(dsn: str, sessions: int, rounds: int) -> dict[str, tuple[float, float]]:
    """All questions, and the raw limits before them."""
    await migrate(dsn)
    async with await connect(dsn, "benchmark") as connection:
        await fill(connection, sessions)
    found: dict[str, tuple[float, float]] = {}
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        renamed = CompanyRenamed(name="Benchmark", at=NOW)
        await store.append(
            [StreamAppend(f"company:{COMPANY}", 0, [renamed])], Provenance(COMPANY, "system:benchmark")
        )
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        async with (
            PostgresQueries(dsn, store, engine) as queries,
            PostgresCustomerRecords(dsn) as customers,
        ):
            key = sql.SQL("SELECT number FROM {} WHERE id = %b").format(
                sql.Identifier(canonical_name(session_history))
            )
            rng = random.Random(242)
            found["raw: SELECT 1"] = await timed(lambda: store.reading.fetch("SELECT 1"), rounds)
            found["raw: one row by its key"] = await timed(
                lambda: store.reading.fetch(key, (str(170_000 + rng.randrange(sessions)),)), rounds
            )
            for name, ask in questions(queries, customers, rng).items():
                found[name] = await timed(ask, rounds)
    return found


def main() -> None:
    """Print what each question takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="eosvolt-benchmark-") as folder,
        EmbeddedPostgres(Path(folder) / "data", durable=False) as server,
    ):
        figures: dict[str, Any] = {**machine(server.dsn), "sessions": options.sessions}
        for name, (middle, slow) in asyncio.run(
            measure(server.dsn, options.sessions, options.rounds)
        ).items():
            figures[f"{name}, p50 ms"] = middle
            figures[f"{name}, p99 ms"] = slow
        show("queries", figures)


if __name__ == "__main__":
    main()
