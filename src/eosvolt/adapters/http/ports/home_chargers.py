"""What the web needs to know of home chargers and price profiles, and who answers it.

Everything takes the company first; an answer never contains anything of another one.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.domain.home_statements.sessions import HomeSession
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.home_statements import HomeStatementRow
from eosvolt.projections.price_profiles import PriceProfileRow


class HomeChargerQueries(Protocol):
    """Questions about home chargers and what they are priced by."""

    async def home_chargers(self, company: int, *, removed: bool = False) -> Sequence[HomeChargerRow]:
        """The home chargers by charge box id; with ``removed`` those as well that were removed."""
        ...

    async def home_statements(self, company: int, *, home: str = "") -> Sequence[HomeStatementRow]:
        """The approved statements of home chargers, or of one ``home``, by month."""
        ...

    async def home_charger(self, company: int, home: str) -> HomeChargerRow | None:
        """One home charger that was not removed."""
        ...

    async def home_sessions(
        self,
        company: int,
        *,
        home: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Sequence[HomeSession]:
        """The sessions that ended in ``[since, until)`` while an owner was reimbursed, by their end.

        Those whose end is only presumed are left out. ``home`` is one home, empty for all.
        """
        ...

    async def price_profiles(self, company: int, *, removed: bool = False) -> Sequence[PriceProfileRow]:
        """The price profiles by name; with ``removed`` those as well that cannot be chosen any more."""
        ...

    async def price_profile(self, company: int, profile: str) -> PriceProfileRow | None:
        """One price profile that was not removed."""
        ...
