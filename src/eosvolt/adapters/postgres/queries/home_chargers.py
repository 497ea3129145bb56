"""Queries of home chargers and price profiles."""

from collections.abc import Sequence

from eosvolt.adapters.postgres.queries.base_query import HERE, BaseQuery
from eosvolt.projections.home_chargers import HomeChargerRow, home_chargers
from eosvolt.projections.price_profiles import PriceProfileRow, price_profiles


class PostgresHomeChargerQueries(BaseQuery):
    """Home chargers, and the price profiles of a company."""

    async def home_chargers(self, company: int) -> Sequence[HomeChargerRow]:
        """The home chargers that were not removed, by charge box id."""
        return await self._live.rows(
            home_chargers,
            f"WHERE company = %(company)s AND NOT removed{HERE} ORDER BY charge_box_id, location",
            {"company": company, **self._here},
        )

    async def home_charger(self, company: int, home: str) -> HomeChargerRow | None:
        """One home charger that was not removed."""
        return await self._live.first(
            home_chargers,
            f"WHERE location = %(home)s AND company = %(company)s AND NOT removed{HERE}",
            {"home": home, "company": company, **self._here},
        )

    async def home_with_code(self, company: int, digest: str) -> str | None:
        """The home charger for which a code with this SHA-256 was issued last."""
        row = await self._live.first(
            home_chargers,
            "WHERE code_digest = %(digest)s AND company = %(company)s AND NOT removed",
            {"digest": digest, "company": company},
        )
        return None if row is None else row.location

    async def price_profiles(self, company: int) -> Sequence[PriceProfileRow]:
        """The price profiles that were not removed, by name."""
        return await self._live.rows(
            price_profiles,
            "WHERE company = %(company)s AND NOT removed ORDER BY lower(name), profile",
            {"company": company},
        )

    async def price_profile(self, company: int, profile: str) -> PriceProfileRow | None:
        """One price profile that was not removed."""
        return await self._live.first(
            price_profiles,
            "WHERE profile = %(profile)s AND company = %(company)s AND NOT removed",
            {"profile": profile, "company": company},
        )
