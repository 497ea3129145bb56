"""The file of payments has every withdrawal that can be paid, however many wait."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from msgspec.structs import replace

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.presentation.withdrawals import payment_file
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.payouts import Payment
from eosvolt.application.questions import Page
from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.payouts import PayoutRow
from tests.examples import COMPANY, MORNING

DAY = date(2026, 11, 30)
MASKED = MaskedBankAccount(iban="DE •••• 3000")
ISSUER = CompanyRow(
    key=str(COMPANY),
    company=COMPANY,
    name="Pier",
    owner="",
    registered_at=MORNING,
    billing=BillingDetails(legal_name="Pier GmbH", city="Hamburg", country="DE"),
    bank_account=MASKED,
)
PAYOUT = PayoutRow(
    id="0",
    company=COMPANY,
    position=1,
    state="requested",
    currency="EUR",
    amount=100,
    available=100,
    counted=1,
    settled_until=None,
    account=MASKED,
    time_zone="UTC",
    requested_at=MORNING,
    requested_by="admin:1",
    due_on=DAY,
)


class Platform:
    """Pending withdrawals, page by page."""

    def __init__(self, rows: Sequence[PayoutRow]) -> None:
        self._rows = rows

    async def payouts(
        self, *, pending: bool, cursor: str | None, limit: int
    ) -> Page[tuple[PayoutRow, CompanyRow]]:
        assert pending
        begins = int(cursor or 0)
        ends = begins + limit
        items = [(row, ISSUER) for row in self._rows[begins:ends]]
        return Page(items, str(ends) if ends < len(self._rows) else None)


class Bank:
    """Every company's account, and the payments that were asked for."""

    def __init__(self) -> None:
        self.paid: list[str] = []

    async def account(self, company: int) -> BankAccount:
        assert company == COMPANY
        return BankAccount("DE89370400440532013000", "")

    def credit_transfers(self, payments: Sequence[Payment], on: date) -> bytes:
        assert on == DAY
        self.paid = [each.id for each in payments]
        return b"<xml/>"


async def paid(*rows: PayoutRow) -> list[str]:
    bank: Any = Bank()
    known = SimpleNamespace(platform=Platform(rows), bank_accounts=bank, payments=bank)
    assert await payment_file(cast("Dependencies", known), DAY) == b"<xml/>"
    return list(bank.paid)


async def test_all_pending_withdrawals_are_in_it_in_their_order() -> None:
    wanted = [f"p{number:04d}" for number in range(901)]
    assert await paid(*(replace(PAYOUT, id=each) for each in wanted)) == wanted


async def test_other_currencies_and_held_withdrawals_are_left_out() -> None:
    held = replace(PAYOUT, id="held", account=MaskedBankAccount(iban="DE •••• 2051"))
    abroad = replace(PAYOUT, id="abroad", currency="CZK")
    assert await paid(held, replace(PAYOUT, id="one"), abroad) == ["one"]
    with pytest.raises(Rejected, match="None of these"):
        await paid(held, abroad)
