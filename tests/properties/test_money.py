"""Sessions, corrections, refunds, platform fees and payouts in any order, some of them at the same time.

Whatever happens: no payout takes more than there is, postings balance, and revenue, the ledger and the VAT
report say the same.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from eosvolt.application.executor import Plan
from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.application.ledger_reports import balances, vat_report
from eosvolt.application.payouts import Withdrawable
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import (
    PayoutCommand,
    PayPayout,
    RejectPayout,
    RequestPayout,
    ReturnPayout,
)
from eosvolt.domain.payouts.decider import payouts
from eosvolt.domain.platform_fees.commands import SetPlatformFee
from eosvolt.domain.platform_fees.decider import platform_fees
from eosvolt.domain.platform_fees.terms import FeeTerms
from eosvolt.projections.ledger import DAY, ledger
from eosvolt.projections.payouts import payouts as payout_rows
from eosvolt.projections.revenue import summary
from tests.books import assert_books_are_right
from tests.examples import COMPANY
from tests.hypothesis_profiles import share
from tests.payout_ledger_in_memory import MemoryPayoutLedger
from tests.properties.test_refunded_sessions import RefundedSessions
from tests.refunds import refund
from tests.scenario import WHY

ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", fingerprint="ab")
CURRENCY = "EUR"


class MoneyOfACompany(RefundedSessions):
    """The refunded sessions of a company that is charged a fee and withdraws what is left."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = MemoryPayoutLedger(self.system.store, self.system.models)
        self.asked = 0

    @rule(rate=st.decimals(0, Decimal("0.99"), places=2), fixed=st.integers(0, 300))
    def staff_set_the_fee(self, rate: Decimal, fixed: int) -> None:
        today = self.system.clock.now().date()
        terms = FeeTerms(today, rate, (Money(CURRENCY, fixed),))
        command = SetPlatformFee(company=COMPANY, at=self.system.clock.now(), today=today, terms=terms)
        self._do(self.system.application.execute(platform_fees, str(COMPANY), command, WHY))

    @rule(part=st.fractions(0, 1), refunded=st.booleans())
    def the_company_withdraws(self, part: Fraction, refunded: bool) -> None:
        """A part of what is available; perhaps a session is refunded while it is planned."""
        self.asked += 1
        key, refunding = f"p{self.asked}", refunded

        async def plan() -> Plan[None]:
            nonlocal refunding
            found = await self.ledger.withdrawable(COMPANY, CURRENCY, None)
            if refunding:
                refunding = False
                await self._refund_something()
            wanted = max(int(found.available.minor * part), 1)
            command = RequestPayout(
                company=COMPANY,
                at=self.system.clock.now(),
                amount=Money(CURRENCY, wanted),
                available=found.available,
                position=found.position,
                account=ACCOUNT,
                due_on=date(2026, 11, 24),
                time_zone="Europe/Berlin",
            )
            unchanged = self.ledger.not_lowered(COMPANY, found.position)
            return Plan((CommandEnvelope(payouts, key, command),), None, alongside=(unchanged,))

        before = self._available()
        try:
            self._do(self.system.application.perform(plan, WHY))
        except Rejected:
            assert self._available() <= before
            return
        assert self._available() >= 0

    @precondition(lambda self: self.system.models.rows(payout_rows))
    @rule(data=st.data())
    def staff_decide(self, data: st.DataObject) -> None:
        """Something about some payout, whether or not it is its turn."""
        key = data.draw(st.sampled_from(sorted(row.id for row in self.system.models.rows(payout_rows))))
        at = self.system.clock.now()
        commands: list[PayoutCommand] = [
            PayPayout(at=at, reference="SEPA-1", account=ACCOUNT),
            RejectPayout(at=at, reason="No."),
            ReturnPayout(at=at, reason="Account closed"),
        ]
        command = data.draw(st.sampled_from(commands))
        before = self._available()
        try:
            self._do(self.system.application.execute(payouts, key, command, WHY))
        except Rejected:
            assert self._available() == before
            return
        assert self._available() >= before

    async def _refund_something(self) -> None:
        for row in self.system.sessions():
            if row.freed_at is not None and row.total_gross > row.refunded_gross:
                await refund(self.system, self.system.clock.now(), row.number)
                return

    def _available(self) -> int:
        found: Withdrawable = self._do(self.ledger.withdrawable(COMPANY, CURRENCY, None))
        return found.available.minor

    def _close_the_books(self) -> None:
        super()._close_the_books()
        rows = [row for row in self.system.models.rows(ledger) if row.by == DAY]
        days = [LedgerDay(row.day, row.sums) for row in rows if row.day]
        revenue = sum(row.gross for row in self.system.models.rows(summary))
        assert sum(line.gross for line in vat_report(days, "year")) == revenue
        for balance in balances(days, None):
            fees = sum(minor for account, minor in balance.accounts.items() if str(account) == "platformFee")
            assert balance.available + balance.pending + balance.requested + balance.paid + fees == revenue
        assert_books_are_right(self.system.models)


TestMoneyOfACompany = MoneyOfACompany.TestCase
TestMoneyOfACompany.settings = settings(max_examples=share(60), stateful_step_count=50, deadline=None)
