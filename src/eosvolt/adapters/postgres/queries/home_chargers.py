"""Queries of home chargers and price profiles."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.projections.home_chargers import HomeChargerRow, home_chargers
from eosvolt.projections.home_statements import HomeStatementRow, home_statements
from eosvolt.projections.price_profiles import PriceProfileRow, price_profiles

_HOME_SESSIONS: LiteralString = (
    "SELECT id, number, location, tariff -> 'business' ->> 'profile', charge_point, token,"
    " coalesce(tariff -> 'business' -> 'tokens', '[]') ? upper(btrim(token)), started_at, ended_at,"
    " time_zone, energy_wh, meter_start_wh, meter_stop_wh FROM {session_history}"
    " WHERE company = %(company)s AND (%(home)s = '' OR location = %(home)s) AND type = 'home'"
    " AND tariff ? 'business' AND ended_at IS NOT NULL AND NOT provisional"
    " AND (%(since)s::timestamptz IS NULL OR ended_at >= %(since)s)"
    f" AND (%(until)s::timestamptz IS NULL OR ended_at < %(until)s){HERE} ORDER BY ended_at, number"
)


class PostgresHomeChargerQueries(BaseQuery):
    """Home chargers, and the price profiles of a company."""

    async def home_chargers(self, company: int, *, removed: bool = False) -> Sequence[HomeChargerRow]:
        """The home chargers by charge box id; with ``removed`` those as well that were removed."""
        return await self._live.rows(
            home_chargers,
            "WHERE company = %(company)s AND (%(removed)s OR NOT removed)"
            f"{HERE} ORDER BY charge_box_id, location",
            {"company": company, "removed": removed, **self._here},
        )

    async def home_statements(self, company: int, *, home: str = "") -> Sequence[HomeStatementRow]:
        """The approved statements of home chargers, or of one ``home``, by month."""
        return await self._live.rows(
            home_statements,
            "WHERE company = %(company)s AND (%(home)s = '' OR location = %(home)s)"
            f"{HERE} ORDER BY month, id",
            {"company": company, "home": home, **self._here},
        )

    async def home_charger(self, company: int, home: str) -> HomeChargerRow | None:
        """One home charger that was not removed."""
        return await self._live.first(
            home_chargers,
            f"WHERE location = %(home)s AND company = %(company)s AND NOT removed{HERE}",
            {"home": home, "company": company, **self._here},
        )

    async def home_sessions(
        self,
        company: int,
        *,
        home: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[HomeSession]:
        """The sessions that ended in ``[since, until)`` while an owner was reimbursed, by their end."""
        params = {"company": company, "home": home, "since": since, "until": until, **self._here}
        return [_home_session(values) for values in await self._live.ask(_HOME_SESSIONS, params)]

    async def price_profiles(self, company: int, *, removed: bool = False) -> Sequence[PriceProfileRow]:
        """The price profiles by name; with ``removed`` those as well that cannot be chosen any more."""
        return await self._live.rows(
            price_profiles,
            "WHERE company = %(company)s AND (%(removed)s OR NOT removed) ORDER BY lower(name), profile",
            {"company": company, "removed": removed},
        )

    async def price_profile(self, company: int, profile: str) -> PriceProfileRow | None:
        """One price profile that was not removed."""
        return await self._live.first(
            price_profiles,
            "WHERE profile = %(profile)s AND company = %(company)s AND NOT removed",
            {"profile": profile, "company": company},
        )


def _home_session(values: tuple[Any, ...]) -> HomeSession:
    session, number, home, profile, charger, token, business, *times, energy, first, last = values
    started_at, ended_at, time_zone = times
    return HomeSession(
        session=session,
        number=number,
        home=home,
        profile=profile,
        charger=charger,
        token=token,
        business=business,
        started_at=started_at,
        ended_at=ended_at,
        time_zone=time_zone,
        energy_wh=energy,
        meter_start_wh=first,
        meter_stop_wh=last,
    )
