"""The questions about home chargers and price profiles, answered over the in-memory store."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.home_chargers import home_chargers as home_model
from eosvolt.projections.home_statements import HomeStatementRow
from eosvolt.projections.home_statements import home_statements as statement_model
from eosvolt.projections.price_profiles import PriceProfileRow
from eosvolt.projections.price_profiles import price_profiles as profile_model
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import home_session


class MemoryHomeQueries:
    """Home chargers are of locations, price profiles of the company."""

    models: MemoryReadModels
    within: frozenset[str] | None

    def _here(self, location: str) -> bool:
        return self.within is None or location in self.within

    async def home_chargers(self, company: int, *, removed: bool = False) -> Sequence[HomeChargerRow]:
        return self.models.rows(
            home_model,
            lambda row: row.company == company and (removed or not row.removed) and self._here(row.location),
        )

    async def home_statements(self, company: int, *, home: str = "") -> Sequence[HomeStatementRow]:
        found = self.models.rows(
            statement_model,
            lambda row: row.company == company and home in {"", row.location} and self._here(row.location),
        )
        return sorted(found, key=lambda row: (row.month, row.id))

    async def home_charger(self, company: int, home: str) -> HomeChargerRow | None:
        return next((row for row in await self.home_chargers(company) if row.location == home), None)

    async def home_sessions(
        self,
        company: int,
        *,
        home: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[HomeSession]:
        found = [
            session
            for row in self.models.rows(session_history)
            if row.company == company and (session := home_session(row)) is not None
        ]
        return sorted(
            (
                each
                for each in found
                if (not home or each.home == home)
                and (since is None or each.ended_at >= since)
                and (until is None or each.ended_at < until)
                and self._here(each.home)
            ),
            key=lambda each: (each.ended_at, each.number),
        )

    async def price_profiles(self, company: int, *, removed: bool = False) -> Sequence[PriceProfileRow]:
        return self.models.rows(
            profile_model, lambda row: row.company == company and (removed or not row.removed)
        )

    async def price_profile(self, company: int, profile: str) -> PriceProfileRow | None:
        return next((row for row in await self.price_profiles(company) if row.profile == profile), None)
