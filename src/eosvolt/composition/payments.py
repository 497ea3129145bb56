"""What the settings say of payouts, and of the payments of drivers."""

from decimal import Decimal
from importlib.metadata import entry_points

from eosvolt.application.payment_collection import Collector
from eosvolt.application.payment_providers import PaymentTerms
from eosvolt.application.payouts import PayingAccount, PayoutRules
from eosvolt.config import ConfigError, Settings
from eosvolt.domain.money import Money

# The entry points of packages that bring a payment provider: functions without arguments that make one.
PROVIDERS = "eosvolt.payment_providers"


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


def payment_terms(settings: Settings) -> PaymentTerms | None:
    """By which drivers pay who are no customers; ``None`` if nobody does."""
    if not settings.payment_provider:
        return None
    amounts: dict[str, Money] = {}
    for each in settings.payment_amounts.split(","):
        currency, _, amount = each.strip().partition(" ")
        try:
            held = amounts[currency] = Money.of(amount, currency)
        except ValueError as error:
            raise ConfigError(f"EOSVOLT_PAYMENT_AMOUNTS: {error}") from None
        if not held.minor:
            raise ConfigError("EOSVOLT_PAYMENT_AMOUNTS: what is held is more than nothing.")
    return PaymentTerms(settings.payment_provider, amounts)


def collector(settings: Settings) -> Collector | None:
    """The payment provider that the settings name, from a package that is installed.

    Raises ``ConfigError`` if no package brings one of this name.
    """
    terms = payment_terms(settings)
    if terms is None:
        return None
    found = entry_points(group=PROVIDERS, name=terms.name)
    if not found:
        known = ", ".join(sorted(each.name for each in entry_points(group=PROVIDERS))) or "none"
        raise ConfigError(
            f"EOSVOLT_PAYMENT_PROVIDER: no package brings the provider {terms.name!r}. Installed: {known}."
        )
    return Collector(next(iter(found)).load()(), terms, settings.base_url)
