"""Checks that the books agree: entries with revenue, sessions, the sums of days and running balances.

Each of these is a read model, or rows of one, that follows from the history by itself. So a disagreement is a
mistake in a rule, which a replay would repeat.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, LiteralString, NamedTuple

from psycopg import sql

from eosvolt.adapters.postgres.connections import Db, connect
from eosvolt.adapters.postgres.live_tables import LiveTable, live_tables
from eosvolt.projections.booking_fees import booking_fees
from eosvolt.projections.home_statements import home_statements
from eosvolt.projections.ledger import ledger
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.revenue import summary
from eosvolt.projections.session_history import session_history

_MODELS: tuple[ReadModel[Any], ...] = (ledger, summary, session_history, home_statements, booking_fees)
# The models advance together, but for moments such as a rebuild of one of them.
_ATTEMPTS, _PAUSE = 30, 1.0

_ENTRIES: LiteralString = "SELECT count(*) FROM {ledger} WHERE by = 'entry'"
_DAYS: LiteralString = (
    "SELECT count(DISTINCT (company, place, day)) FROM ("
    " SELECT company, location AS place, day,"
    " each ->> 0 AS currency, each ->> 1 AS kind, each ->> 2 AS country,"
    " (each ->> 3)::numeric AS vat_rate, (each ->> 4)::bigint AS gross, (each ->> 5)::bigint AS net,"
    " (each ->> 6)::bigint AS vat FROM {ledger}, jsonb_array_elements(sums) each"
    " WHERE by = '{by}') AS told"
    " FULL JOIN (SELECT company, CASE WHEN '{by}' = 'day' THEN '' ELSE location END AS place, day, currency,"
    " kind, country, coalesce(vat_rate, 0) AS vat_rate,"
    " sum(gross)::bigint AS gross, sum(net)::bigint AS net, sum(vat)::bigint AS vat FROM {ledger}"
    " WHERE by IN ('entry', 'transfer', 'settlement', 'reimbursement', 'reimbursed'){of}"
    " GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(gross) <> 0 OR sum(net) <> 0 OR sum(vat) <> 0) AS summed"
    " USING (company, place, day, currency, kind, country, vat_rate)"
    " WHERE (told.gross, told.net, told.vat) IS DISTINCT FROM (summed.gross, summed.net, summed.vat)"
)
# What must not be there, by the sentence that says how many of it there are.
_DISAGREEMENTS: dict[str, LiteralString] = {
    "entries whose gross amount is not net and VAT": (
        "SELECT count(*) FROM {ledger} WHERE by IN ('entry', 'transfer', 'reimbursement', 'reimbursed')"
        " AND gross <> net + vat"
    ),
    "days whose sums are not those of their entries": _DAYS.replace("{by}", "day").replace("{of}", ""),
    "days of locations whose sums are not those of their entries": (
        _DAYS.replace("{by}", "locationDay").replace("{of}", " AND location <> ''")
    ),
    "balances that are not the sum of their entries": (
        "SELECT count(*) FROM ("
        " SELECT company, each.key AS currency, each.value::bigint AS balance FROM {ledger},"
        " jsonb_each_text(balances) each WHERE by = 'company' AND balances IS NOT NULL) AS told"
        " FULL JOIN (SELECT company, currency, sum(gross)::bigint AS gross FROM {ledger}"
        " WHERE by IN ('entry', 'transfer') GROUP BY 1, 2) AS summed USING (company, currency)"
        " WHERE told.balance IS DISTINCT FROM summed.gross"
    ),
    "days of a location whose revenue is not that of their entries": (
        "SELECT count(*) FROM {summary} told FULL JOIN (SELECT company, location, day, currency,"
        " sum(gross)::bigint AS gross, sum(net)::bigint AS net, sum(vat)::bigint AS vat FROM {ledger}"
        " WHERE by = 'entry' GROUP BY 1, 2, 3, 4) AS summed USING (company, location, day, currency)"
        " WHERE (told.gross, told.net, told.vat) IS DISTINCT FROM (summed.gross, summed.net, summed.vat)"
    ),
    "statements of home chargers that owe or paid another amount than their entries": (
        "SELECT count(*) FROM {home_statements} told FULL JOIN (SELECT statement AS id,"
        " -coalesce(sum(gross) FILTER (WHERE by = 'reimbursement'), 0)::bigint AS owed,"
        " -coalesce(sum(gross) FILTER (WHERE by = 'reimbursed'), 0)::bigint AS paid"
        " FROM {ledger} WHERE by IN ('reimbursement', 'reimbursed') GROUP BY 1) AS summed USING (id)"
        " WHERE (told.amount, CASE WHEN told.paid_at IS NULL THEN 0 ELSE told.amount END)"
        " IS DISTINCT FROM (summed.owed, summed.paid)"
    ),
    "statements of home chargers whose amount is not that of their sessions": (
        "SELECT count(*) FROM {home_statements} told WHERE amount <> coalesce((SELECT"
        " sum((each ->> 'amount')::bigint) FROM jsonb_array_elements(lines) each), 0)"
    ),
    "sessions of which more was given back than they cost": (
        "SELECT count(*) FROM {session_history} WHERE refunded_gross NOT BETWEEN 0 AND total_gross"
    ),
    "bookings of which more was given back than they cost": (
        "SELECT count(*) FROM {booking_fees} WHERE refunded_gross NOT BETWEEN 0 AND gross"
    ),
    "bookings that owe or settled another amount than their entries": (
        "SELECT count(*) FROM {booking_fees} told FULL JOIN (SELECT booking AS id,"
        " coalesce(sum(gross) FILTER (WHERE by = 'entry'), 0)::bigint AS owed,"
        " coalesce(sum(gross) FILTER (WHERE by = 'settlement'), 0)::bigint AS settled"
        " FROM {ledger} WHERE by IN ('entry', 'settlement') AND booking <> '' GROUP BY 1)"
        " AS summed USING (id)"
        " WHERE (coalesce(summed.owed, 0), coalesce(summed.settled, 0))"
        " IS DISTINCT FROM (coalesce(told.gross - told.refunded_gross, 0),"
        " coalesce(told.gross - told.refunded_gross, 0))"
    ),
    "sessions that owe or settled another amount than their entries": (
        "SELECT count(*) FROM {session_history} told FULL JOIN (SELECT session AS id,"
        " coalesce(sum(gross) FILTER (WHERE by = 'entry'), 0)::bigint AS owed,"
        " coalesce(sum(gross) FILTER (WHERE by = 'settlement'), 0)::bigint AS settled"
        " FROM {ledger} WHERE by IN ('entry', 'settlement') AND session <> '' GROUP BY 1)"
        " AS summed USING (id)"
        " WHERE coalesce(told.total_gross - told.refunded_gross, 0) <> coalesce(summed.owed, 0)"
        " OR CASE WHEN told.freed_at IS NULL THEN 0 ELSE told.total_gross - told.refunded_gross END"
        " <> coalesce(summed.settled, 0)"
    ),
}


class LedgerReport(NamedTuple):
    """How many entries were checked, and a sentence for each disagreement.

    ``waited_for`` names the models that did not reach one position in time; nothing was checked then.
    """

    entries: int = 0
    disagreements: Sequence[str] = ()
    waited_for: Sequence[str] = ()

    @property
    def agrees(self) -> bool:
        """Whether everything was checked and agrees."""
        return not self.disagreements and not self.waited_for


async def check_ledger(dsn: str) -> LedgerReport:
    """Compare the ledger with the other read models, in one snapshot; changes nothing."""
    async with await connect(dsn, "verify ledger") as connection:
        apart: Sequence[str] = ()
        for _ in range(_ATTEMPTS):
            await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            try:
                tables = await live_tables(connection)
                if not (apart := _apart(tables)):
                    return await _compared(connection, tables)
            finally:
                await connection.rollback()
            await asyncio.sleep(_PAUSE)
        return LedgerReport(waited_for=apart)


def _apart(tables: Mapping[str, LiveTable]) -> list[str]:
    """The models that are not at one position, or have no table of this version."""
    known = {model.name: tables.get(model.name) for model in _MODELS}
    unfit = [model.name for model in _MODELS if (table := known[model.name]) is None or not table.fits(model)]
    if unfit:
        return unfit
    positions = {table.bookmark for table in known.values() if table is not None}
    return [] if len(positions) == 1 else sorted(known)


async def _compared(connection: Db, tables: Mapping[str, LiveTable]) -> LedgerReport:
    names = {model.name: sql.Identifier(tables[model.name].table) for model in _MODELS}

    async def counted(query: LiteralString) -> int:
        cursor = await connection.execute(sql.SQL(query).format(**names))
        row = await cursor.fetchone()
        return int(row[0]) if row else 0

    found = [(await counted(query), what) for what, query in _DISAGREEMENTS.items()]
    return LedgerReport(await counted(_ENTRIES), [f"{number:,} {what}" for number, what in found if number])
