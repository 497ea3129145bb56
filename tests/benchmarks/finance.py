"""The questions of Finance at a million sessions, next to the raw limit of the same connection.

    python -m tests.benchmarks.finance [--sessions N] [--rounds N] [--json]

The ledger is filled set-based in a scratch database of the embedded PostgreSQL (fsync off): a year of two
companies, nine tenths of it of the one that asks, with a settlement and a platform fee for each session. The
statements are those of a withdrawal of a month, of which it prints the number of movements.
"""

import argparse
import asyncio
import random
import re
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from psycopg import sql

from eosvolt.adapters.documents.typesetter import Typesetter
from eosvolt.adapters.http.presentation.exports import AT_ONCE
from eosvolt.adapters.http.presentation.ledger_table import vat_lines
from eosvolt.adapters.http.presentation.withdrawal_document import LISTED, statement_document
from eosvolt.adapters.http.presentation.withdrawals import WithdrawalStatement
from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.embedded import EmbeddedPostgres
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.adapters.postgres.live_tables import open_missing
from eosvolt.adapters.postgres.projection_engine import ProjectionEngine
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.row_tables import canonical_name
from eosvolt.adapters.postgres.schema import migrate
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.ledger_reports import balances, monthly_income
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.vocabulary import EVENTS
from eosvolt.projections import READ_MODELS
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.ledger import ledger
from eosvolt.projections.payouts import PayoutRow
from tests.benchmarks.figures import machine, show
from tests.benchmarks.queries import WallClock, leave_out_what_rows_leave_out, timed

COMPANY = 242
LOCATIONS, TOKENS = 50, 20_000
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
YEAR = Path(__file__).with_name("finance.sql")
MASKED = MaskedBankAccount(iban="DE •••• 3000")
ISSUER = CompanyRow(key=str(COMPANY), company=COMPANY, name="Benchmark", owner="", registered_at=NOW)


async def fill(connection: Db, sessions: int) -> None:
    """Two companies' year in the ledger."""
    await open_missing(connection, {model.name: model for model in READ_MODELS})
    await leave_out_what_rows_leave_out(connection, ledger)
    values = {"sessions": sessions, "since": NOW - timedelta(days=365)}
    table = canonical_name(ledger)
    statements = re.sub(r"\brm_ledger", table, YEAR.read_text(encoding="utf-8")).split(";\n")
    for statement in statements:
        if statement.strip():
            await connection.execute(statement.encode(), values)
    await connection.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


def payout(position: int) -> PayoutRow:
    """A withdrawal of what was there up to a position."""
    return PayoutRow(
        id=f"payout-{position}",
        company=COMPANY,
        position=position,
        state="requested",
        currency="EUR",
        amount=1_000,
        available=1_000,
        counted=position,
        settled_until=None,
        account=MASKED,
        time_zone="Europe/Berlin",
        requested_at=NOW,
        requested_by="",
        due_on=NOW.date(),
    )


def questions(
    queries: PostgresQueries, sessions: int, rng: random.Random
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """What the pages of Finance ask, by its name."""
    here = queries.narrowed(frozenset(f"location-{number}" for number in range(5)))
    months = [date(NOW.year, month, 1) for month in range(1, 13)]

    def listed(asked: PostgresQueries = queries, **wanted: Any) -> Awaitable[Any]:
        return asked.transactions(COMPANY, TransactionFilter(**wanted))

    async def overview(asked: PostgresQueries = queries) -> None:
        days = await asked.ledger_days(COMPANY)
        assert balances(days, None)
        monthly_income(days, "EUR", months)

    async def page() -> None:
        await overview()
        await listed()

    async def page_here() -> None:
        await overview(here)
        await listed(here)

    def customer() -> str:
        return f"customer-{rng.randrange(TOKENS // 2) * 2}"

    def vat(asked: PostgresQueries = queries) -> Awaitable[Any]:
        return vat_lines(asked, COMPANY, NOW.year, by="month", as_of=None)

    return {
        "page: balances, income by month, last transactions": page,
        "page of who works at 5 of 50 locations": page_here,
        "transactions of 30 days": lambda: listed(
            since=(at := (NOW - timedelta(rng.randrange(40, 360))).date()), until=at + timedelta(30)
        ),
        "transactions of a customer": lambda: listed(customer=customer()),
        "transactions by invoice": lambda: listed(payment_method="invoice"),
        "transactions of a location": lambda: listed(location=f"location-{rng.randrange(LOCATIONS)}"),
        "transactions of a session": lambda: listed(session=170_000 + rng.randrange(1, sessions)),
        "transactions of a kind of which there is none": lambda: listed(kinds=("refund",)),
        "VAT report of a year": vat,
        "VAT report of a year, at 5 of 50 locations": lambda: vat(here),
    }


async def measure(dsn: str, sessions: int, rounds: int) -> dict[str, Any]:
    """The median and the 99th percentile of each question in ms, after the raw limit."""
    await migrate(dsn)
    async with await connect(dsn, "benchmark") as connection:
        await fill(connection, sessions)
    found: dict[str, Any] = {}
    async with PostgresEventStore(dsn, EVENTS, WallClock()) as store:
        engine = ProjectionEngine(dsn, store, READ_MODELS, EVENTS)
        async with PostgresQueries(dsn, store, engine) as queries:
            rng = random.Random(242)
            found["raw: SELECT 1"] = await timed(lambda: store.reading.fetch("SELECT 1"), rounds)
            for name, ask in questions(queries, sessions, rng).items():
                found[name] = await timed(ask, rounds)
            last, before = payout(sessions * 10), payout(sessions * 10 * 11 // 12)
            typesetter = Typesetter()

            async def statement(limit: int = 200) -> WithdrawalStatement:
                days = await queries.payout_sums(COMPANY, last, before)
                movements = await queries.last_payout_movements(COMPANY, last, before, limit)
                return WithdrawalStatement(last, None, days, movements)

            async def movements() -> int:
                async with queries.snapshot() as snapshot:
                    batches = snapshot.payout_movements(COMPANY, last, before, AT_ONCE)
                    return sum([len(batch) async for batch in batches])

            async def begun() -> int:
                async with (
                    queries.snapshot() as snapshot,
                    aclosing(snapshot.payout_movements(COMPANY, last, before, AT_ONCE)) as batches,
                ):
                    return len(await anext(batches))

            async def document() -> bytes:
                made = await asyncio.to_thread(statement_document, await statement(LISTED), ISSUER, {})
                return await typesetter.statement(made, None)

            found["movements of the month"] = (await statement()).movement_count
            found["statement of a month: page"] = await timed(statement, 10)
            found["statement of a month: as PDF"] = await timed(document, 10)
            found["statement of a month: first movements of a file"] = await timed(begun, 3)
            found["statement of a month: all movements of a file"] = await timed(movements, 3)
    return found


def main() -> None:
    """Print what each question takes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="eosvolt-benchmark-") as folder,
        EmbeddedPostgres(Path(folder) / "data", durable=False) as server,
    ):
        figures: dict[str, Any] = {**machine(server.dsn), "sessions": options.sessions}
        for name, value in asyncio.run(measure(server.dsn, options.sessions, options.rounds)).items():
            if isinstance(value, tuple):
                figures[f"{name}, p50 ms"], figures[f"{name}, p99 ms"] = value
            else:
                figures[name] = value
        show("finance", figures)


if __name__ == "__main__":
    main()
