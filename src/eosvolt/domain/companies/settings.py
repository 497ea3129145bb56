"""What a company says about itself: billing data, bank account, preferences; and the rules that they keep.

Whether a VAT id, an IBAN or a country exists is judged by ``application.company_settings``, with libraries.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import msgspec

from eosvolt.domain.calendar import is_time_zone
from eosvolt.domain.money import minor_digits

LONGEST_TEXT = 200
LONGEST_POSTCODE = 20
LONGEST_TAX_NUMBER = 40
LONGEST_PREFIX = 12
# The finest VAT rate is a millionth, as in tariffs.
_FINEST = Decimal("0.000001")

_PREFIX = re.compile(rf"[A-Z0-9][A-Z0-9/-]{{0,{LONGEST_PREFIX - 1}}}", re.ASCII)


class CompanyLanguage(StrEnum):
    """The languages in which a company can be addressed (ISO 639-1)."""

    ENGLISH = "en"
    GERMAN = "de"


class BillingDetails(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who issues receipts and invoices. ``country`` is ISO 3166-1 alpha-2; texts are empty where unknown."""

    legal_name: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    vat_id: str = ""
    tax_number: str = ""

    @property
    def complete(self) -> bool:
        """Whether it says all that an invoice has to say about its issuer."""
        address = self.legal_name and self.street and self.city and self.country
        return bool(address and (self.vat_id or self.tax_number))


class MaskedBankAccount(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A bank account as the history has it: empty, or an IBAN of which only country and last digits are told.

    ``fingerprint`` tells two accounts apart. It is made with a key of the server, so that nobody can find the
    IBAN by trying.
    """

    iban: str = ""
    bic: str = ""
    fingerprint: str = ""

    def __bool__(self) -> bool:
        """Whether there is an account."""
        return bool(self.fingerprint)


class Preferences(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What applies where nothing else is said.

    ``currency`` (ISO 4217) and ``vat_rate`` (a fraction) are proposed for new locations; ``fiscal_time_zone``
    (IANA) is where invoice years and days of withdrawals are counted. Empty or ``None``: not chosen.
    """

    language: CompanyLanguage = CompanyLanguage.ENGLISH
    currency: str = ""
    vat_rate: Decimal | None = None
    fiscal_time_zone: str = ""
    invoice_prefix: str = ""


def billing_problems(billing: BillingDetails) -> Iterator[tuple[str, str]]:
    """Every rule that billing data break, as pairs of a field and a sentence."""
    for name in ("legal_name", "street", "city"):
        if len(getattr(billing, name)) > LONGEST_TEXT:
            yield name, f"This has at most {LONGEST_TEXT:d} characters."
    if len(billing.postal_code) > LONGEST_POSTCODE:
        yield "postal_code", f"A postcode has at most {LONGEST_POSTCODE:d} characters."
    if len(billing.tax_number) > LONGEST_TAX_NUMBER:
        yield "tax_number", f"A tax number has at most {LONGEST_TAX_NUMBER:d} characters."


def preference_problems(preferences: Preferences) -> Iterator[tuple[str, str]]:
    """Every rule that preferences break, as pairs of a field and a sentence."""
    if preferences.currency:
        try:
            minor_digits(preferences.currency)
        except ValueError:
            yield "currency", f"{preferences.currency} is not an ISO 4217 currency."
    rate = preferences.vat_rate
    if rate is not None and not (rate.is_finite() and 0 <= rate < 1 and rate % _FINEST == 0):
        yield "vat_rate", "The VAT rate is a fraction from 0 to below 1 with at most 6 decimals."
    if preferences.fiscal_time_zone and not is_time_zone(preferences.fiscal_time_zone):
        yield "fiscal_time_zone", f"{preferences.fiscal_time_zone} is not an IANA time zone."
    if preferences.invoice_prefix and not _PREFIX.fullmatch(preferences.invoice_prefix):
        yield (
            "invoice_prefix",
            f"An invoice prefix has at most {LONGEST_PREFIX:d} capital letters, digits, - and /.",
        )
