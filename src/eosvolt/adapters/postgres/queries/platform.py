"""Queries of platform staff: the companies of the installation, and nothing of their contents."""

from collections.abc import Sequence
from datetime import datetime
from typing import LiteralString

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.queries.live import LiveRows, readers_of
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.application.staff import PlatformCompany
from eosvolt.projections.charge_points import charge_points
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


class PostgresPlatformQueries:
    """The companies, over connections of its own."""

    def __init__(self, reading: ReadPool) -> None:
        """``reading`` is opened and closed by its owner."""
        self._live = LiveRows(reading, readers_of((platform_companies, charge_points)))

    async def companies(self, now: datetime) -> Sequence[PlatformCompany]:
        """All companies, by number."""
        rows = await self._live.ask(_COMPANIES, {"now": now, "company": None})
        return [PlatformCompany(*row) for row in rows]

    async def company(self, number: int, now: datetime) -> PlatformCompany | None:
        """One company; ``None`` if the number was not given."""
        rows = await self._live.ask(_COMPANIES, {"now": now, "company": number})
        return PlatformCompany(*rows[0]) if rows else None

    async def next_number(self) -> int:
        """A number that was not given yet; another request may take it first."""
        ((number,),) = await self._live.ask(_FREE, {"highest": HIGHEST_COMPANY})
        return int(number)
