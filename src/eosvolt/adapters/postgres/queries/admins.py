"""Queries of admins and API keys: rows for all of the company, or for who works at some locations."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.postgres.queries.as_of import refolded
from eosvolt.adapters.postgres.queries.base_query import BaseQuery
from eosvolt.application.grants import in_sight
from eosvolt.domain.kernel import Fact
from eosvolt.projections.admins import AdminRow, admins
from eosvolt.projections.companies import ApiKeyRow, api_keys


class PostgresAdminQueries(BaseQuery):
    """Admins and API keys."""

    async def admins(self, company: int, *, as_of: datetime | None = None) -> Sequence[AdminRow]:
        """All admins and open invitations, by the id of the account; also as of an earlier instant."""
        if as_of is None:
            rows: Sequence[AdminRow] = await self._live.rows(
                admins, "WHERE company = %(company)s ORDER BY account", {"company": company}
            )
        else:
            rows = await self._admins_then(company, as_of)
        return [row for row in rows if self._shows(row)]

    async def admin(self, company: int, account: str, *, as_of: datetime | None = None) -> AdminRow | None:
        """One admin."""
        if as_of is None:
            row = await self._live.first(
                admins,
                "WHERE account = %(account)s AND company = %(company)s",
                {"account": account, "company": company},
            )
        else:
            facts = [
                fact
                for fact in await self._store.read(f"operator:{account}")
                if fact.recorded_at <= as_of and fact.why.company == company
            ]
            row = refolded(admins, account, facts)
        return row if row is not None and self._shows(row) else None

    async def api_key(self, digest: str) -> ApiKeyRow | None:
        """An API key by its SHA-256 in hex, revoked or not."""
        return await self._live.first(api_keys, "WHERE digest = %(digest)s", {"digest": digest})

    async def api_keys(self, company: int) -> Sequence[ApiKeyRow]:
        """The keys of a company, the newest first."""
        rows = await self._live.rows(
            api_keys, "WHERE company = %(company)s ORDER BY issued_at DESC, digest", {"company": company}
        )
        return [row for row in rows if in_sight(self._within, row.access)]

    async def _admins_then(self, company: int, as_of: datetime) -> Sequence[AdminRow]:
        facts: dict[str, list[Fact]] = {}
        async for fact in self._store.search(company=company, tags=admins.reads, until=as_of):
            facts.setdefault(fact.key, []).append(fact)
        rows = (refolded(admins, account, theirs) for account, theirs in sorted(facts.items()))
        return [row for row in rows if row is not None]

    def _shows(self, row: AdminRow) -> bool:
        return in_sight(self._within, None if row.owner else row.access)
