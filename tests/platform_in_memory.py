"""Platform staff and the companies that they see, kept in memory."""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.adapters.memory.event_store import Change
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.application.ports import Alongside
from eosvolt.application.questions import Page
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.application.staff import PlatformCompany, StaffMember
from eosvolt.domain.platform_fees.terms import FeeTerms
from eosvolt.projections.companies import CompanyRow, companies
from eosvolt.projections.ledger import COMPANY, ledger
from eosvolt.projections.payouts import PayoutRow, payouts
from eosvolt.projections.platform_companies import platform_companies
from tests.ports_in_memory import PASSWORD

STAFF_KEY, STAFF_COOKIE = "a-key-of-the-staff-s-own-choice", "sam"
STAFF = StaffMember("sam", "sam@eosvolt.example", "Sam")


class MemoryStaff:
    """One member of the platform staff: signed in with ``STAFF_COOKIE``, whose program has ``STAFF_KEY``."""

    def __init__(self) -> None:
        self.invited: dict[int, str] = {}

    async def by_password(self, email: str, password: str) -> StaffMember | None:
        return STAFF if (email, password) == (STAFF.email, PASSWORD) else None

    async def open_session(self, account: str, *, address: str, agent: str, language: str = "") -> str:
        told = None not in {address, agent, language}
        return STAFF_COOKIE if account == STAFF.id and told else ""

    async def by_session(self, secret: str) -> StaffMember | None:
        return STAFF if secret == STAFF_COOKIE else None

    async def close_session(self, secret: str) -> None:
        """Nobody looks for it again."""

    async def by_key(self, key: str) -> StaffMember | None:
        return STAFF if key == STAFF_KEY else None

    def noted(self, company: int, email: str) -> Alongside:
        return Change(lambda: self.invited.update({company: email}))


class MemoryPlatform:
    """The companies, from their read model."""

    def __init__(self, models: MemoryReadModels, staff: MemoryStaff) -> None:
        self._models = models
        self._staff = staff

    async def companies(self, now: datetime) -> Sequence[PlatformCompany]:
        rows = sorted(self._models.rows(platform_companies), key=lambda row: row.company)
        return [
            PlatformCompany(
                row.company,
                "expired"
                if row.state.value == "invited" and row.expires_at is not None and row.expires_at <= now
                else row.state.value,
                row.since,
                row.name,
                self._staff.invited.get(row.company, ""),
                row.expires_at,
                0,
                None,
            )
            for row in rows
        ]

    async def company(self, number: int, now: datetime) -> PlatformCompany | None:
        return next((each for each in await self.companies(now) if each.number == number), None)

    async def payouts(
        self, *, pending: bool, cursor: str | None, limit: int
    ) -> Page[tuple[PayoutRow, CompanyRow]]:
        assert cursor is None
        rows = self._models.rows(payouts, lambda row: (row.state == "requested") == pending)
        return Page([(row, self._whose(row)) for row in rows[:limit]], None)

    async def payout(self, payout: str) -> tuple[PayoutRow, CompanyRow] | None:
        row = self._models.row(payouts, payout)
        return None if row is None else (row, self._whose(row))

    async def fees(self, company: int) -> Sequence[FeeTerms]:
        rows = self._models.rows(ledger, lambda row: row.company == company and row.by == COMPANY)
        return rows[0].schedule if rows else ()

    def _whose(self, row: PayoutRow) -> CompanyRow:
        company = self._models.row(companies, str(row.company))
        assert company is not None
        return company

    async def next_number(self) -> int:
        given = {row.company for row in self._models.rows(platform_companies)}
        following = {1, *(company + 1 for company in given)} - given
        return max(number for number in following if number <= HIGHEST_COMPANY)
