"""The questions about home chargers and price profiles, answered over the in-memory store."""

from collections.abc import Sequence

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.home_chargers import home_chargers as home_model
from eosvolt.projections.price_profiles import PriceProfileRow
from eosvolt.projections.price_profiles import price_profiles as profile_model


class MemoryHomeQueries:
    """Home chargers are of locations, price profiles of the company."""

    models: MemoryReadModels
    within: frozenset[str] | None

    def _here(self, location: str) -> bool:
        return self.within is None or location in self.within

    async def home_chargers(self, company: int) -> Sequence[HomeChargerRow]:
        return self.models.rows(
            home_model,
            lambda row: row.company == company and not row.removed and self._here(row.location),
        )

    async def home_charger(self, company: int, home: str) -> HomeChargerRow | None:
        return next((row for row in await self.home_chargers(company) if row.location == home), None)

    async def home_with_code(self, company: int, digest: str) -> str | None:
        rows = await self.home_chargers(company)
        return next((row.location for row in rows if row.code_digest == digest), None)

    async def price_profiles(self, company: int) -> Sequence[PriceProfileRow]:
        return self.models.rows(profile_model, lambda row: row.company == company and not row.removed)

    async def price_profile(self, company: int, profile: str) -> PriceProfileRow | None:
        return next((row for row in await self.price_profiles(company) if row.profile == profile), None)
