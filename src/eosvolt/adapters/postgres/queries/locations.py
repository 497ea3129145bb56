"""Queries of a company, its keys, locations, chargers, tokens and commands to chargers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from eosvolt.adapters.postgres.queries import cursors
from eosvolt.adapters.postgres.queries.base_query import HERE, NO_HOMES, OF_CHARGERS_HERE, BaseQuery
from eosvolt.application.ports import TokenListing
from eosvolt.application.questions import Page
from eosvolt.domain.tokens.uid import folded
from eosvolt.projections.charge_points import ChargePointRow, charge_points
from eosvolt.projections.charger_commands import CommandRow, charger_commands
from eosvolt.projections.companies import CompanyRow, companies
from eosvolt.projections.locations import LocationRow, locations
from eosvolt.projections.refused_starts import RefusedStartRow, refused_starts
from eosvolt.projections.tokens import TokenRow, tokens


class PostgresLocationQueries(BaseQuery):
    """Rows by key and short lists."""

    async def company(self, company: int) -> CompanyRow | None:
        """A company; ``None`` if it is not registered."""
        return await self._live.first(companies, "WHERE key = %(key)s", {"key": str(company)})

    async def locations(
        self,
        company: int,
        within: Collection[str] | None = None,
        *,
        removed: bool = False,
        homes: bool = False,
    ) -> Sequence[LocationRow]:
        """The locations by name: with ``within`` only those, with ``removed`` and ``homes`` also such."""
        return await self._live.rows(
            locations,
            "WHERE company = %(company)s AND (%(removed)s OR NOT removed)"
            " AND (%(asked)s::text[] IS NULL OR location = ANY(%(asked)s))"
            f"{'' if homes else NO_HOMES}{HERE} ORDER BY name, location",
            {
                "company": company,
                "removed": removed,
                "asked": None if within is None else list(within),
                **self._here,
            },
        )

    async def location(self, company: int, location: str) -> LocationRow | None:
        """One location, also a removed one, because sessions still name it."""
        return await self._live.first(
            locations,
            f"WHERE location = %(location)s AND company = %(company)s{HERE}",
            {"company": company, "location": location, **self._here},
        )

    async def refused_starts(
        self, company: int, *, location: str = "", charge_box_id: str = "", limit: int = 20
    ) -> Sequence[RefusedStartRow]:
        """The newest refused starts, at a location or a charger."""
        return await self._live.rows(
            refused_starts,
            "WHERE company = %(company)s AND (%(location)s = '' OR location = %(location)s)"
            " AND (%(charger)s = '' OR charge_box_id = %(charger)s)"
            f"{HERE} ORDER BY at DESC, id DESC LIMIT %(rows)s",
            {
                "company": company,
                "location": location,
                "charger": charge_box_id,
                "rows": limit,
                **self._here,
            },
        )

    async def charge_points(
        self, company: int, *, location: str = "", search: str = "", homes: bool = False
    ) -> Sequence[ChargePointRow]:
        """The chargers that were not removed, by charge box id; with ``homes`` also those at homes.

        ``search`` is a part of the id, in any case.
        """
        return await self._live.rows(
            charge_points,
            "WHERE company = %(company)s AND NOT removed AND (%(location)s = '' OR location = %(location)s)"
            " AND (%(search)s = '' OR strpos(lower(charge_box_id), lower(%(search)s)) > 0)"
            f"{'' if homes else NO_HOMES}{HERE} ORDER BY charge_box_id",
            {"company": company, "location": location, "search": search, **self._here},
        )

    async def charger_counts(self, company: int) -> Mapping[str, int]:
        """How many chargers each location has that has any."""
        found = await self._live.ask(
            "SELECT location, count(*) FROM {charge_points}"
            f" WHERE company = %(company)s AND NOT removed{NO_HOMES}{HERE} GROUP BY location",
            {"company": company, **self._here},
        )
        return {location: int(chargers) for location, chargers in found}

    async def charge_point(self, company: int, charge_box_id: str) -> ChargePointRow | None:
        """One charger; ``None`` when it was removed."""
        return await self._live.first(
            charge_points,
            f"WHERE charge_point = %(key)s AND NOT removed{HERE}",
            {"key": f"{company}/{charge_box_id}", **self._here},
        )

    async def only_company(self) -> int | None:
        """The only company of the installation; ``None`` if it has none or several."""
        found = await self._live.ask_any_version("SELECT company FROM {companies} LIMIT 2", {})
        return int(found[0][0]) if len(found) == 1 else None

    async def tokens(
        self,
        company: int,
        *,
        search: str = "",
        status: str = "",
        at: datetime | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[TokenRow]:
        """Tokens by uid. ``search`` is a part of uid, label or group, in any case.

        An accepted token that has expired by ``at`` counts as expired.
        """
        after = cursors.read(cursor, "uid", str)[0] if cursor else None
        rows = await self._live.rows(
            tokens,
            "WHERE company = %(company)s AND (%(after)s::text IS NULL OR uid > %(after)s)"
            " AND (%(search)s = '' OR"
            " strpos(lower(concat_ws(' ', uid, label, \"group\")), lower(%(search)s)) > 0)"
            " AND (%(status)s = '' OR %(status)s = CASE WHEN status = 'accepted'"
            " AND expires_at <= %(at)s::timestamptz THEN 'expired' ELSE status END)"
            " ORDER BY uid LIMIT %(rows)s",
            {
                "company": company,
                "after": after,
                "search": search,
                "status": status,
                "at": at,
                "rows": limit + 1,
            },
        )
        more = len(rows) > limit
        return Page(rows[:limit], cursors.written("uid", rows[limit - 1].uid, "") if more else None)

    async def token_groups(self, company: int, *, search: str = "", limit: int = 50) -> Sequence[str]:
        """The groups of the company's tokens that contain ``search`` in any case, by name."""
        rows = await self._live.ask(
            'SELECT DISTINCT "group" FROM {tokens} WHERE company = %(company)s AND "group" <> \'\''
            ' AND strpos(lower("group"), lower(%(search)s)) > 0 ORDER BY 1 LIMIT %(rows)s',
            {"company": company, "search": search, "rows": limit},
        )
        return [group for (group,) in rows]

    async def tokens_named(self, company: int, uids: Sequence[str]) -> Sequence[TokenRow]:
        """The tokens of these uids, in upper case, that the company knows, by uid."""
        return await self._live.rows(
            tokens,
            "WHERE company = %(company)s AND uid = ANY(%(uids)s) ORDER BY uid",
            {"company": company, "uids": list(uids)},
        )

    async def tokens_to_list(self, company: int) -> Sequence[TokenListing]:
        """All tokens by uid, in the form that local authorization lists need."""
        rows = await self._live.ask(
            'SELECT uid, status, "group", expires_at, customer FROM {tokens}'
            " WHERE company = %(company)s ORDER BY uid",
            {"company": company},
        )
        return [TokenListing(*row) for row in rows]

    async def token(self, company: int, uid: str) -> TokenRow | None:
        """One token; ``uid`` in any case."""
        return await self._live.first(tokens, "WHERE token = %(key)s", {"key": f"{company}/{folded(uid)}"})

    async def command(self, company: int, command: str) -> CommandRow | None:
        """One command to a charger."""
        return await self._live.first(
            charger_commands,
            f"WHERE command = %(command)s AND company = %(company)s{OF_CHARGERS_HERE}",
            {"company": company, "command": command, **self._here},
        )

    async def commands(self, company: int, charge_box_id: str, limit: int = 20) -> Sequence[CommandRow]:
        """The newest commands to a charger."""
        return await self._live.rows(
            charger_commands,
            f"WHERE company = %(company)s AND charge_point = %(key)s{OF_CHARGERS_HERE}"
            " ORDER BY requested_at DESC, command LIMIT %(rows)s",
            {"company": company, "key": f"{company}/{charge_box_id}", "rows": limit, **self._here},
        )
