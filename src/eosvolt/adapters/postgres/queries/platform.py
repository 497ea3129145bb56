"""Queries of platform staff: companies, their withdrawals and fees, and nothing else of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.application.questions import Page
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.application.staff import PlatformCompany
from eosvolt.domain.platform_fees.terms import FeeTerms
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.companies import CompanyRow, companies
from eosvolt.projections.ledger import ledger
from eosvolt.projections.payouts import PayoutRow, payouts
from eosvolt.projections.platform_companies import platform_companies

_COMPANIES: LiteralString = (
    "SELECT p.company,"
    " CASE WHEN p.state = 'invited' AND p.expires_at <= %(now)s THEN 'expired' ELSE p.state END,"
    " p.since, p.name, coalesce(i.email, ''), p.expires_at, coalesce(c.chargers, 0),"
    " greatest(c.connected_at, w.used_at, k.used_at)"
    " FROM {platform_companies} p LEFT JOIN company_invitations i ON i.company = p.company"
    " LEFT JOIN (SELECT company, count(*) AS chargers, max(since) AS connected_at"
    " FROM {charge_points} WHERE NOT removed GROUP BY company) c ON c.company = p.company"
    " LEFT JOIN (SELECT a.company, max(s.last_seen_at) AS used_at FROM web_sessions s"
    " JOIN accounts a USING (account) GROUP BY a.company) w ON w.company = p.company"
    " LEFT JOIN (SELECT company, max(last_used_at) AS used_at FROM api_key_uses GROUP BY company) k"
    " ON k.company = p.company"
    " WHERE %(company)s::integer IS NULL OR p.company = %(company)s ORDER BY p.company"
)
# The largest that follows a given one: somebody may have chosen the highest of all. An invitation that the
# read models do not show yet is in the table beside the history.
_FREE: LiteralString = (
    "WITH given AS (SELECT company FROM {platform_companies} UNION SELECT company FROM company_invitations)"
    " SELECT max(free) FROM (SELECT 1 AS free UNION ALL SELECT company::bigint + 1 FROM given) AS following"
    " WHERE free <= %(highest)s AND free NOT IN (SELECT company FROM given)"
)

_DUE, _LAST = "due", "-position"
_PENDING: LiteralString = (
    "WHERE state = 'requested' AND (%(key)s::date IS NULL OR (due_on, id) > (%(key)s, %(tie)s))"
    " ORDER BY due_on, id LIMIT %(rows)s"
)
_REVIEWED: LiteralString = (
    "WHERE state <> 'requested' AND (%(key)s::bigint IS NULL OR (position, id) < (%(key)s, %(tie)s))"
    " ORDER BY position DESC, id DESC LIMIT %(rows)s"
)


class PostgresPlatformQueries:
    """The companies, over connections of its own."""

    def __init__(self, reading: ReadPool) -> None:
        """``reading`` is opened and closed by its owner."""
        self._live = LiveRows(
            reading, readers_of((platform_companies, charge_points, payouts, companies, ledger))
        )

    async def companies(self, now: datetime) -> Sequence[PlatformCompany]:
        """All companies, by number."""
        rows = await self._live.ask(_COMPANIES, {"now": now, "company": None})
        return [PlatformCompany(*row) for row in rows]

    async def company(self, number: int, now: datetime) -> PlatformCompany | None:
        """One company; ``None`` if the number was not given."""
        rows = await self._live.ask(_COMPANIES, {"now": now, "company": number})
        return PlatformCompany(*rows[0]) if rows else None

    async def payouts(
        self, *, pending: bool, cursor: str | None, limit: int
    ) -> Page[tuple[PayoutRow, CompanyRow]]:
        """A page of payouts of all companies with whose they are.

        Those that are ``pending`` by their due dates; else the others, the last requested first.
        """
        params: dict[str, Any] = {"rows": limit + 1, "key": None, "tie": None}
        kind = _DUE if pending else _LAST
        if cursor:
            params["key"], params["tie"] = cursors.read(cursor, kind, date if pending else int)
        rows = await self._live.rows(payouts, _PENDING if pending else _REVIEWED, params)
        following = None
        if len(rows) > limit:
            rows = rows[:limit]
            key = rows[-1].due_on.isoformat() if pending else rows[-1].position
            following = cursors.written(kind, key, rows[-1].id)
        return Page(await self._with_companies(rows), following)

    async def payout(self, payout: str) -> tuple[PayoutRow, CompanyRow] | None:
        """One payout of any company."""
        rows = await self._live.rows(payouts, "WHERE id = %(payout)s", {"payout": payout})
        found = await self._with_companies(rows)
        return found[0] if found else None

    async def fees(self, company: int) -> Sequence[FeeTerms]:
        """The platform fees of a company, by the days from which they apply."""
        rows = await self._live.rows(
            ledger, "WHERE company = %(company)s AND by = 'company'", {"company": company}
        )
        return rows[0].schedule if rows else ()

    async def _with_companies(self, rows: Sequence[PayoutRow]) -> list[tuple[PayoutRow, CompanyRow]]:
        numbers = {"companies": sorted({row.company for row in rows})}
        known = await self._live.rows(companies, "WHERE company = ANY(%(companies)s)", numbers)
        of = {row.company: row for row in known}
        return [(row, of[row.company]) for row in rows if row.company in of]

    async def next_number(self) -> int:
        """A number that was not given yet; another request may take it first."""
        ((number,),) = await self._live.ask(_FREE, {"highest": HIGHEST_COMPANY})
        return int(number)
