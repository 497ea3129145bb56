"""What the settings say of payouts."""

from decimal import Decimal

from eosvolt.application.payouts import PayingAccount, PayoutRules
from eosvolt.config import Settings


def payout_rules(settings: Settings) -> PayoutRules:
    """The rules of the installation."""
    return PayoutRules(settings.dispute_days, Decimal(settings.withdrawal_minimum))


def paying_account(settings: Settings) -> PayingAccount:
    """The account from which payouts are paid."""
    return PayingAccount(
        name=settings.payment_name,
        iban=settings.payment_iban.replace(" ", ""),
        bic=settings.payment_bic,
        city=settings.payment_city,
        country=settings.payment_country,
    )
