"""Queries of payouts, and what a company can withdraw."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, LiteralString

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.payouts import LOWERING, OF_SETTLEMENT, MovementSum, Withdrawable
from eosvolt.application.ports import Alongside
from eosvolt.application.questions import Page
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.ledger.postings import AVAILABLE, EntrySum, trial_balance
from eosvolt.domain.money import Money
from eosvolt.projections.ledger import LedgerRow, ledger
from eosvolt.projections.payouts import PayoutRow, payouts

# How long a request waits for the ledger to show what made less available.
_PATIENCE, _PAUSE = 10.0, 0.05
_LOWERED: LiteralString = (
    "SELECT coalesce(max(notification_id), 0) FROM stored_events"
    " WHERE company = %(company)s AND topic = ANY(%(topics)s)"
)
# The position is asked in the same statement, so that it is that of these sums.
_SUMS: LiteralString = (
    "SELECT (SELECT coalesce(max(t.notification_id), 0) FROM read_model_versions v"
    " JOIN notification_tracking t ON t.application_name = v.name || ':v' || v.version"
    " WHERE v.name = 'ledger'), summed.kind, summed.gross FROM (SELECT 1) AS once LEFT JOIN"
    " (SELECT each ->> 1 AS kind, sum((each ->> 4)::bigint)::bigint AS gross"
    " FROM {ledger}, jsonb_array_elements(sums) each"
    " WHERE company = %(company)s AND by = 'day' AND each ->> 0 = %(currency)s"
    " AND (%(until)s::date IS NULL OR day <= %(until)s OR each ->> 1 <> ALL(%(later)s))"
    " GROUP BY 1) AS summed ON true"
)
# The lock is that of every append: what is committed after this look comes after our events.
_LOCK: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended('eosvolt.stored_events', 0))"
_NOT_LOWERED: LiteralString = (
    "SELECT 1 WHERE NOT EXISTS (SELECT FROM stored_events WHERE company = %s AND topic = ANY(%s)"
    " AND notification_id > %s)"
)


# What became or ceased to be available between two requests.
_MOVEMENTS: LiteralString = (
    "WHERE company = %(company)s AND currency = %(currency)s AND by IN ('transfer', 'settlement')"
    " AND kind <> 'withdrawalPaid'"
    " AND position <= %(counted)s"
    " AND (%(until)s::date IS NULL OR day <= %(until)s OR kind <> ALL(%(later)s))"
    " AND NOT (position <= %(before_counted)s"
    " AND (%(before_until)s::date IS NULL OR day <= %(before_until)s OR kind <> ALL(%(later)s)))"
)


class PostgresPayoutQueries(BaseQuery):
    """The payouts of a company. Whoever works at some locations only sees none."""

    async def payouts(
        self,
        company: int,
        *,
        cursor: str | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
    ) -> Page[PayoutRow]:
        """A page of the payouts, the last requested first."""
        if self._within is not None:
            return Page((), None)
        source = self if as_of is None else await self.of_past_rows(as_of)
        params: dict[str, Any] = {"company": company, "rows": limit + 1}
        behind: LiteralString = ""
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, "-position", int)
            behind = " AND (position, id) < (%(key)s::bigint, %(tie)s::text)"
        rest: LiteralString = (
            f"WHERE company = %(company)s{behind} ORDER BY position DESC, id DESC LIMIT %(rows)s"
        )
        rows = await source._live.rows(payouts, rest, params)  # noqa: SLF001 - of the same class
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written("-position", last.position, last.id))

    async def payout(self, company: int, payout: str) -> PayoutRow | None:
        """One payout."""
        if self._within is not None:
            return None
        rest: LiteralString = "WHERE company = %(company)s AND id = %(payout)s"
        return await self._live.first(payouts, rest, {"company": company, "payout": payout})

    async def payout_before(self, company: int, payout: PayoutRow) -> PayoutRow | None:
        """The last request in the same currency before this one."""
        rest: LiteralString = (
            "WHERE company = %(company)s AND currency = %(currency)s AND position < %(position)s"
            " ORDER BY position DESC LIMIT 1"
        )
        params = {"company": company, "currency": payout.currency, "position": payout.position}
        return await self._live.first(payouts, rest, params)

    async def last_payout_movements(
        self, company: int, payout: PayoutRow, before: PayoutRow | None, limit: int
    ) -> Sequence[LedgerRow]:
        """The last of what became or ceased to be available between two requests, in the order of the log."""
        params = {**_between(company, payout, before), "rows": limit}
        rest: LiteralString = f"{_MOVEMENTS} ORDER BY position DESC, id DESC LIMIT %(rows)s"
        return (await self._live.rows(ledger, rest, params))[::-1]

    def payout_movements(
        self, company: int, payout: PayoutRow, before: PayoutRow | None, size: int
    ) -> AsyncGenerator[list[LedgerRow], None]:
        """All of these movements, at most ``size`` at a time; for a snapshot of the queries."""
        rest: LiteralString = f"{_MOVEMENTS} ORDER BY position, id"
        return self._live.batches(ledger, rest, _between(company, payout, before), size)

    async def payout_sums(
        self, company: int, payout: PayoutRow, before: PayoutRow | None
    ) -> Sequence[MovementSum]:
        """The sums of these movements by local day and kind, in this order."""
        query: LiteralString = (
            f"SELECT day, kind, count(*), sum(gross)::bigint FROM {{ledger}} {_MOVEMENTS}"
            " GROUP BY day, kind ORDER BY day, kind"
        )
        found = await self._live.ask(query, _between(company, payout, before))
        return [MovementSum(*values) for values in found]

    async def withdrawable(self, company: int, currency: str, settled_until: date | None) -> Withdrawable:
        """What can be withdrawn now.

        Raises ``Rejected`` while the ledger is too far behind the history.
        """
        topics = {"company": company, "topics": sorted(LOWERING)}
        ((lowered,),) = await self._live.ask(_LOWERED, topics)
        params = {
            "company": company,
            "currency": currency,
            "until": settled_until,
            "later": [kind.value for kind in OF_SETTLEMENT],
        }
        until = time.monotonic() + _PATIENCE
        while True:
            rows = await self._live.ask(_SUMS, params)
            position = int(rows[0][0])
            if position >= lowered:
                break
            if time.monotonic() > until:
                raise Rejected("The figures are being brought up to date: try again in a moment.")
            await asyncio.sleep(_PAUSE)
        sums = [
            EntrySum(currency, EntryKind(kind), "", Decimal(0), gross, 0, 0)
            for _, kind, gross in rows
            if kind is not None
        ]
        available = trial_balance(sums).get(currency, {}).get(AVAILABLE, 0)
        return Withdrawable(Money(currency, available), position)

    def not_lowered(self, company: int, position: int) -> Alongside:
        """Raises ``Conflict`` if there is less available than there was at a position."""
        return Statements(
            Statement(_LOCK, ()),
            wants=Statement(_NOT_LOWERED, (company, sorted(LOWERING), position)),
            decide_again=True,
        )


def _between(company: int, payout: PayoutRow, before: PayoutRow | None) -> dict[str, Any]:
    """The parameters of ``_MOVEMENTS``."""
    return {
        "company": company,
        "currency": payout.currency,
        "counted": payout.counted,
        "until": payout.settled_until,
        "before_counted": before.counted if before else 0,
        "before_until": before.settled_until if before else None,
        "later": [kind.value for kind in OF_SETTLEMENT],
    }
