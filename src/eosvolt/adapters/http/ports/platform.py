"""The port to the companies of the installation, for platform staff."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from eosvolt.application.questions import Page
from eosvolt.application.staff import PlatformCompany
from eosvolt.domain.platform_fees.terms import FeeTerms
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.payouts import PayoutRow


class PlatformQueries(Protocol):
    """The companies, without their contents."""

    async def companies(self, now: datetime) -> Sequence[PlatformCompany]:
        """All companies, by number."""
        ...

    async def company(self, number: int, now: datetime) -> PlatformCompany | None:
        """One company; ``None`` if the number was not given."""
        ...

    async def payouts(
        self, *, pending: bool, cursor: str | None, limit: int
    ) -> Page[tuple[PayoutRow, CompanyRow]]:
        """A page of payouts of all companies with whose they are.

        Those that are ``pending`` by their due dates; else the others, the last requested first.
        """
        ...

    async def payout(self, payout: str) -> tuple[PayoutRow, CompanyRow] | None:
        """One payout of any company."""
        ...

    async def fees(self, company: int) -> Sequence[FeeTerms]:
        """The platform fees of a company, by the days from which they apply."""
        ...

    async def next_number(self) -> int:
        """A number that was not given yet; another request may take it first."""
        ...
