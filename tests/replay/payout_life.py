"""A platform fee, and payouts of every outcome: the source of the golden stream ``0020-payouts``."""

from datetime import date
from decimal import Decimal

from eosvolt.domain.companies.settings import MaskedBankAccount
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.commands import (
    ConfirmPayoutAccount,
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
from tests.examples import COMPANY, MORNING, TARIFF_WITH_CAPPED_FEE, after
from tests.scenario import WHY, Scenario

ACCOUNT = MaskedBankAccount(iban="DE •••• 3000", bic="COBADEFFXXX", fingerprint="ab" * 32)
OTHER_ACCOUNT = MaskedBankAccount(iban="DE •••• 4000", fingerprint="cd" * 32)


def requested(minor: int, available: int, at: int) -> RequestPayout:
    """A request of euro cents in the fiscal time zone of Berlin."""
    return RequestPayout(
        company=COMPANY,
        at=after(at),
        amount=Money("EUR", minor),
        available=Money("EUR", available),
        position=1,
        account=ACCOUNT,
        due_on=date(2026, 11, 24),
        time_zone="Europe/Berlin",
    )


async def payout_life() -> Scenario:
    """A session with a fee of 1 % and 5 cents is paid out in parts: paid, rejected, returned."""
    s = Scenario()
    terms = FeeTerms(MORNING.date(), Decimal("0.01"), (Money("EUR", 5), Money("JPY", 8)))
    fee = SetPlatformFee(company=COMPANY, at=after(0), today=MORNING.date(), terms=terms)
    await s.application.execute(platform_fees, str(COMPANY), fee, WHY)
    await s.opened(TARIFF_WITH_CAPPED_FEE)
    await s.reports(0, "Preparing")
    number = (await s.starts(0, 1000)).transaction
    await s.reports(1, "Charging")
    await s.stops(30, number, 7000)
    await s.reports(31, "Available")

    async def do(key: str, command: PayoutCommand) -> None:
        await s.application.execute(payouts, key, command, WHY)

    await do("w1", requested(100, 292, 40))
    await do("w2", requested(50, 192, 41))
    await do("w3", requested(42, 142, 42))
    await do("w1", ConfirmPayoutAccount(at=after(50), account=OTHER_ACCOUNT))
    await do("w1", PayPayout(at=after(51), reference="SEPA-1", account=OTHER_ACCOUNT))
    await do("w2", RejectPayout(at=after(52), reason="The name is not the account's."))
    await do("w3", PayPayout(at=after(53), reference="SEPA-2", account=ACCOUNT))
    await do("w3", ReturnPayout(at=after(54), reason="Account closed"))
    return s
