"""Queries of the ledger: the transaction history, and the sums of days that all figures of Finance add up.

The projection keeps the sums of the days of a company, and of each location for whoever works at some only.
As of an earlier instant, days that changed later are summed again from the entries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, LiteralString

import msgspec

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import HERE, PAID_BY, BaseQuery
from eosvolt.application.ledger_questions import LedgerDay, TransactionFilter
from eosvolt.application.questions import Page
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.ledger.postings import EntrySum, added
from eosvolt.projections.ledger import LedgerRow, ledger
from eosvolt.projections.ledger_days import location_days

_SUMS = msgspec.json.Decoder(tuple[EntrySum, ...])
_SPAN: LiteralString = (
    " AND (%(since)s::date IS NULL OR day >= %(since)s) AND (%(until)s::date IS NULL OR day < %(until)s)"
)
_DAYS: LiteralString = (
    "SELECT day, sums::text, changed FROM {ledger}"
    f" WHERE company = %(company)s AND by = 'day'{_SPAN} ORDER BY day"
)
# A range of keys for each location: no index of a million entries is needed for some thousands of days.
_DAYS_HERE: LiteralString = (
    "SELECT days.day, days.sums::text, days.changed"
    " FROM unnest(%(within)s::text[], %(prefixes)s::text[]) AS place (id, prefix)"
    " CROSS JOIN LATERAL (SELECT day, sums, changed FROM {ledger} WHERE location = place.id"
    " AND id >= place.prefix || %(first)s::text AND id < place.prefix || %(end)s::text) AS days"
    " ORDER BY days.day"
)
_SUMMED: LiteralString = (
    "SELECT day, currency, kind, country, coalesce(vat_rate, 0),"
    " sum(gross)::bigint, sum(net)::bigint, sum(vat)::bigint"
    " FROM {ledger} WHERE company = %(company)s"
    " AND by IN ('entry', 'transfer', 'settlement', 'reimbursement', 'reimbursed')"
    f"{_SPAN}{HERE} AND (%(position)s::bigint IS NULL OR position <= %(position)s)"
    " AND (%(days)s::date[] IS NULL OR day = ANY(%(days)s))"
    " GROUP BY day, currency, kind, country, vat_rate"
)
_WANTED: LiteralString = (
    f"WHERE company = %(company)s AND by IN ('entry', 'transfer', 'reimbursement'){HERE}"
    " AND (%(kinds)s::text[] IS NULL OR kind = ANY(%(kinds)s))"
    " AND (%(currency)s = '' OR currency = %(currency)s)"
    " AND (%(location)s = '' OR location = %(location)s)"
    " AND (%(charge_point)s = '' OR charge_point = %(charge_point)s)"
    " AND (%(session)s::bigint IS NULL OR number = %(session)s)"
    " AND (%(customer)s = '' OR customer = %(customer)s)"
    f" AND (%(payment_method)s = '' OR (payout = '' AND statement = '' AND {PAID_BY}))"
    " AND (%(position)s::bigint IS NULL OR position <= %(position)s)"
)


# The last rows of each day of a span are found by an index, and of these the last. To look through the whole
# list from its end for some days of long ago would take a second.
_OF_DAYS: LiteralString = (
    "WHERE id IN (SELECT found.id FROM {ledger} AS days CROSS JOIN LATERAL"
    f" (SELECT id, position FROM {{ledger}} {_WANTED} AND day = days.day{{behind}}"
    " ORDER BY position DESC, id DESC LIMIT %(rows)s) AS found"
    f" WHERE days.company = %(company)s AND days.by = 'day'{_SPAN}"
    " ORDER BY found.position DESC, found.id DESC LIMIT %(rows)s)"
)


class PostgresLedgerQueries(BaseQuery):
    """The ledger of a company."""

    async def ledger_days(
        self,
        company: int,
        since: date | None = None,
        until: date | None = None,
        *,
        as_of: datetime | None = None,
    ) -> Sequence[LedgerDay]:
        """The sums of each local day from ``since`` up to but not including ``until``, oldest first."""
        params = {"company": company, "since": since, "until": until, "position": None, "days": None}
        within = self._within
        if within is not None and await self._live.is_behind(ledger):
            # The table of a release that had no sums of locations answers until the new one is built.
            return await self._summed({**params, "position": await self._position(as_of)})
        if within is None:
            rows = await self._live.ask(_DAYS, params)
        else:
            keys: dict[str, Any] = {
                "prefixes": [location_days(company, location) for location in sorted(within)],
                "first": since.isoformat() if since else "",
                "end": until.isoformat() if until else "~",
            }
            rows = await self._live.ask(_DAYS_HERE, {**self._here, **keys})
        position = await self._position(as_of)
        changed = {day for day, _, last in rows if position is not None and last > position}
        kept: dict[date, list[EntrySum]] = defaultdict(list)
        for day, sums, _ in rows:
            if day not in changed:
                kept[day] += _SUMS.decode(sums)
        days = [LedgerDay(day, sums) for day in kept if (sums := added(kept[day]))]
        if not changed:
            return days
        again = await self._summed({**params, "position": position, "days": sorted(changed)})
        return sorted((*days, *again), key=lambda each: each.day)

    async def transactions(
        self,
        company: int,
        wanted: TransactionFilter,
        *,
        cursor: str | None = None,
        limit: int = 50,
        as_of: datetime | None = None,
    ) -> Page[LedgerRow]:
        """One page of the matching entries, the last recorded first."""
        params: dict[str, Any] = {
            "company": company,
            "since": wanted.since,
            "until": wanted.until,
            "kinds": list(wanted.kinds) or None,
            "currency": wanted.currency,
            "location": wanted.location,
            "charge_point": wanted.charge_point,
            "session": wanted.session,
            "customer": wanted.customer,
            "payment_method": wanted.payment_method,
            "position": await self._position(as_of),
            "rows": limit + 1,
            **self._here,
        }
        behind: LiteralString = ""
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, "-position", int)
            behind = " AND (position, id) < (%(key)s::bigint, %(tie)s::text)"
        spanned = wanted.since is not None or wanted.until is not None
        found = _OF_DAYS.replace("{behind}", behind) if spanned else f"{_WANTED}{behind}"
        rows = await self._live.rows(
            ledger, f"{found} ORDER BY position DESC, id DESC LIMIT %(rows)s", params
        )
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], cursors.written("-position", last.position, last.id))

    async def _position(self, as_of: datetime | None) -> int | None:
        return None if as_of is None else await self._store.position_at(as_of)

    async def _summed(self, params: dict[str, Any]) -> list[LedgerDay]:
        found: dict[date, list[EntrySum]] = defaultdict(list)
        for day, *values in await self._live.ask(_SUMMED, {**params, **self._here}):
            found[day].append(_sum(values))
        return [LedgerDay(day, sums) for day in sorted(found) if (sums := added(found[day]))]


def _sum(values: Iterable[Any]) -> EntrySum:
    currency, kind, country, vat_rate, *amounts = values
    return EntrySum(currency, EntryKind(kind), country, vat_rate, *amounts)
