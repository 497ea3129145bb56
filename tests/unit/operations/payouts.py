"""Companies that have earned something, and payouts that they asked for."""

from decimal import Decimal

from eosvolt.application.actor import person, platform_staff
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.application.operations import company, payouts
from eosvolt.application.operations.company import CompanyChangeInput
from eosvolt.application.operations.payouts import (
    PaymentInput,
    PayoutById,
    PayoutReason,
    WithdrawalInput,
)
from eosvolt.application.operations.platform_fees import PlatformFeeInput
from eosvolt.application.permissions import Forbidden
from eosvolt.application.ports import StreamAppend
from eosvolt.domain.kernel import Provenance, Rejected
from eosvolt.domain.platform_fees.terms import FeeTerms
from tests.accounts_in_memory import PERSON
from tests.examples import COMPANY, MORNING
from tests.ports_in_memory import PASSWORD
from tests.replay.company_settings_life import BILLING
from tests.replay.payout_life import payout_life
from tests.unit.operations.permission_example import Example, nothing
from tests.unit.operations.request_case import Ways
from tests.web_in_memory import Site

OWNER_OF_MONEY = person(PERSON, COMPANY)
IBAN, OTHER_IBAN = "DE89370400440532013000", "DE02120300000000202051"
PAYOUT = "w1"
WITHDRAWAL = WithdrawalInput(payout=PAYOUT, currency="EUR", amount=Decimal("1.00"))
PAYMENT = PaymentInput(payout=PAYOUT, reference="SEPA-1")
REJECTION = PayoutReason(payout=PAYOUT, reason="The name is not the account's.")
THE_PAYOUT = PayoutById(payout=PAYOUT)
FEE = FeeTerms(MORNING.date(), Decimal("0.02"))


async def with_account(site: Site, iban: str) -> None:
    """The company says where payouts go."""
    wanted = CompanyChangeInput(
        changed=lambda known: known.__class__(
            name=known.name, billing=BILLING, bank_account=BankAccount(iban), support=known.support
        )
    )
    await site.operations.run(company.change, OWNER_OF_MONEY, wanted)


async def revenue(site: Site) -> None:
    """A settled session has brought 3.00 EUR; billing data and bank account are complete."""
    await with_account(site, IBAN)
    for fact in (await payout_life()).store.facts:
        if fact.stream.startswith("session:"):
            appended = StreamAppend(fact.stream, fact.version - 1, [fact.event])
            await site.store.append([appended], Provenance(COMPANY, fact.why.by))


async def a_payout(site: Site) -> None:
    """1.00 EUR of it was asked for."""
    await revenue(site)
    await site.operations.run(payouts.withdraw, OWNER_OF_MONEY, WITHDRAWAL)


async def a_held_payout(site: Site) -> None:
    """The bank account was changed afterwards."""
    await a_payout(site)
    await with_account(site, OTHER_IBAN)


async def a_paid_payout(site: Site) -> None:
    """It was paid."""
    await a_payout(site)
    await site.operations.run(payouts.pay, platform_staff("sam", COMPANY), PAYMENT)


EXAMPLES_OF_PAYOUTS = {
    "payouts.withdraw": Example(revenue, WITHDRAWAL, at=None, elsewhere=Rejected),
    "payouts.pay": Example(a_payout, PAYMENT, elsewhere=Forbidden),
    "payouts.reject": Example(a_payout, REJECTION, elsewhere=Forbidden),
    "payouts.record_return": Example(a_paid_payout, REJECTION, elsewhere=Forbidden),
    "payouts.confirm_account": Example(a_held_payout, THE_PAYOUT, elsewhere=Forbidden),
    "platform_fees.set_fee": Example(nothing, PlatformFeeInput(terms=FEE), elsewhere=Forbidden),
}
WAYS_OF_PAYOUTS = {
    "payouts.withdraw": [
        Ways(
            ("POST", "/finance/withdrawals", {"currency": "EUR", "amount": "1.00"}),
            ("/finance/withdraw", {"currency": "EUR", "amount": "1,00", "password": PASSWORD}),
            revenue,
        )
    ],
    "payouts.pay": [
        Ways(
            ("POST", f"/platform/withdrawals/{PAYOUT}/pay", {"reference": "SEPA-1"}),
            (f"/platform/withdrawals/{PAYOUT}/pay", {"reference": "SEPA-1"}),
            a_payout,
            by_staff=True,
        )
    ],
    "payouts.reject": [
        Ways(
            ("POST", f"/platform/withdrawals/{PAYOUT}/reject", {"reason": "No."}),
            (f"/platform/withdrawals/{PAYOUT}/reject", {"reason": "No."}),
            a_payout,
            by_staff=True,
        )
    ],
    "payouts.record_return": [
        Ways(
            ("POST", f"/platform/withdrawals/{PAYOUT}/return", {"reason": "Closed"}),
            (f"/platform/withdrawals/{PAYOUT}/return", {"reason": "Closed"}),
            a_paid_payout,
            by_staff=True,
        )
    ],
    "payouts.confirm_account": [
        Ways(
            ("POST", f"/platform/withdrawals/{PAYOUT}/confirm-account", None),
            (f"/platform/withdrawals/{PAYOUT}/confirm-account", {}),
            a_held_payout,
            by_staff=True,
        )
    ],
    "platform_fees.set_fee": [
        Ways(
            ("PUT", f"/platform/companies/{COMPANY}/fee", {"startsOn": "2026-11-21", "rate": "0.02"}),
            (f"/platform/{COMPANY}/fee", {"startsOn": "2026-11-21", "percent": "2"}),
            by_staff=True,
        )
    ],
}
