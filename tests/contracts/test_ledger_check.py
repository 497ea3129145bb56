"""The check of the books finds each figure that somebody spoils, and nothing in books that are right."""

import pytest

from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.ledger_check import check_ledger
from eosvolt.adapters.postgres.live_tables import live_tables
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history

SPOILED: dict[str, tuple[str, str]] = {
    "net and VAT": ("ledger", "net = net + 1 WHERE by = 'entry' AND kind = 'charging'"),
    "days whose sums": ("ledger", "sums = '[]' WHERE by = 'day'"),
    "days of locations": ("ledger", "sums = '[]' WHERE by = 'locationDay'"),
    "balances": ("ledger", "balances = '{}' WHERE by = 'company'"),
    "revenue": ("summary", "gross = gross - 1"),
    "more was given back": ("session_history", "refunded_gross = total_gross + 1 WHERE refunded_gross > 0"),
    "sessions that owe": ("session_history", "total_gross = total_gross + 1 WHERE freed_at IS NOT NULL"),
}


async def test_books_that_are_right_agree(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts):
        report = await check_ledger(database)
    assert report.agrees
    assert report.entries >= 7


@pytest.mark.parametrize("what", SPOILED)
async def test_a_spoiled_figure_is_found(database: str, what: str) -> None:
    scenario = await a_busy_day()
    model, change = SPOILED[what]
    async with replayed_history(database, scenario.store.facts):
        async with await connect(database, "test") as connection:
            table = (await live_tables(connection))[model].table
            await connection.execute(f"UPDATE {table} SET {change}".encode())
        report = await check_ledger(database)
    assert not report.agrees
    assert any(what in each for each in report.disagreements)
