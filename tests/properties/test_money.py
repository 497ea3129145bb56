"""Sessions, corrections, refunds, fees, payouts and reimbursements in any order, some at the same time.

Whatever happens: no payout takes more than there is, no session at home is reimbursed twice, postings
balance, and revenue, the ledger and the VAT report say the same.
"""

import asyncio
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from eosvolt.application.executor import Plan
from eosvolt.application.ledger_questions import LedgerDay
from eosvolt.application.ledger_reports import balances, vat_report
from eosvolt.application.payouts import Withdrawable
from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.home_statements.commands import PayHomeStatement
from eosvolt.domain.home_statements.decider import home_statements
from eosvolt.domain.home_statements.sessions import HomeSession, reimbursed
from eosvolt.domain.home_statements.statement import ApprovedStatements, StatementLine, drafts
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
from eosvolt.projections.home_statements import home_statements as statement_rows
from eosvolt.projections.ledger import ledger
from eosvolt.projections.ledger_days import DAY
from eosvolt.projections.payouts import payouts as payout_rows
from eosvolt.projections.revenue import summary
from tests.books import assert_books_are_right
from tests.examples import COMPANY
from tests.hypothesis_profiles import share
from tests.payout_ledger_in_memory import MemoryPayoutLedger
from tests.properties.test_refunded_sessions import RefundedSessions
from tests.refunds import refund
from tests.reimbursing import CONTRACT, REIMBURSEMENT
from tests.scenario import WHY
from tests.unit.deciders.test_home_statements import (
    DECEMBER,
    HOME,
    LATER,
    NOVEMBER,
    OCTOBER,
    PROFILE,
    approving,
    charged,
)

ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", fingerprint="ab")
CURRENCY = "EUR"
BEGINNING = datetime(2026, 10, 1, tzinfo=UTC)
MONTHS = (OCTOBER, NOVEMBER, DECEMBER)


class MoneyOfACompany(RefundedSessions):
    """The refunded sessions of a company that is charged a fee and withdraws what is left.

    Beside them is a home charger, whose sessions end and are corrected in any order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ledger = MemoryPayoutLedger(self.system.store, self.system.models)
        self.asked = 0
        self.at_home: dict[int, HomeSession] = {}

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

    @rule(
        number=st.integers(1, 6),
        hours=st.integers(0, 80 * 24),
        energy_wh=st.integers(0, 30_000),
        business=st.booleans(),
    )
    def a_car_charged_at_home_or_that_was_corrected(
        self, number: int, hours: int, energy_wh: int, business: bool
    ) -> None:
        known = self.at_home.get(number)
        if known is None:
            known = charged(number, BEGINNING + timedelta(hours=hours), energy_wh, business=business)
        self.at_home[number] = msgspec.structs.replace(known, energy_wh=energy_wh)

    @rule(month=st.sampled_from(MONTHS), times=st.integers(1, 3))
    def the_payer_approves(self, month: date, times: int) -> None:
        """Perhaps several people at once."""
        command = approving(tuple(self.at_home.values()), month)

        async def approved() -> None:
            executed = [
                self.system.application.execute(home_statements, HOME, command, WHY) for _ in range(times)
            ]
            for outcome in await asyncio.gather(*executed, return_exceptions=True):
                assert not isinstance(outcome, BaseException) or isinstance(outcome, Rejected), outcome

        self._do(approved())

    @rule(month=st.sampled_from(MONTHS), reference=st.sampled_from(("SEPA-1", "SEPA-2")))
    def the_payer_pays(self, month: date, reference: str) -> None:
        command = PayHomeStatement(at=LATER, month=month, profile=PROFILE, reference=reference)
        try:
            self._do(self.system.application.execute(home_statements, HOME, command, WHY))
        except Rejected:
            return

    def _assert_reimbursed_once(self) -> None:
        """What statements have of a session is, in all, what it had when the last of them was approved."""
        paid: dict[str, list[StatementLine]] = defaultdict(list)
        for row in sorted(self.system.models.rows(statement_rows), key=lambda each: each.month):
            for line in row.lines:
                paid[line.session].append(line)
        for lines in paid.values():
            energy_wh = sum(line.energy_wh for line in lines)
            per_kwh = Fraction(CONTRACT.per_kwh) if lines[0].business else Fraction(0)
            assert sum(line.amount for line in lines) == reimbursed(energy_wh, per_kwh, CURRENCY).minor
            assert energy_wh >= 0
        known = ApprovedStatements()
        for row in self.system.models.rows(statement_rows):
            known = known.with_statement(row.profile, row.month, row.lines)
        left = drafts(self.at_home.values(), known, {PROFILE: (REIMBURSEMENT, CURRENCY)})
        both = sum(each.amount for each in left) + sum(
            line.amount for lines in paid.values() for line in lines
        )
        assert both == sum(_owed(each) for each in self.at_home.values())

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
        self._assert_reimbursed_once()
        assert_books_are_right(self.system.models)


def _owed(session: HomeSession) -> int:
    return (
        reimbursed(session.energy_wh, Fraction(CONTRACT.per_kwh), CURRENCY).minor if session.business else 0
    )


TestMoneyOfACompany = MoneyOfACompany.TestCase
TestMoneyOfACompany.settings = settings(max_examples=share(60), stateful_step_count=50, deadline=None)
