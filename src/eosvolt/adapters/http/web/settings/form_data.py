"""The form of a company's settings: from its texts to the settings, and back."""

import re
from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import replace
from starlette.datastructures import FormData

from eosvolt.adapters.http.framework.texts import Text, gettext
from eosvolt.application.bank_accounts import BankAccount, grouped
from eosvolt.application.company_settings import CompanySettings, problems, tidied
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage, Preferences
from eosvolt.domain.support import SupportContact
from eosvolt.projections.companies import CompanyRow

# The fields of the form, as messages name them.
LABELS = {
    "name": Text("Name shown to users"),
    "legalName": Text("Legal name"),
    "street": Text("Street and number"),
    "postalCode": Text("Postcode"),
    "city": Text("City"),
    "country": Text("Country"),
    "vatId": Text("VAT id"),
    "taxNumber": Text("Tax number"),
    "iban": Text("IBAN"),
    "bic": Text("BIC"),
    "supportPhone": Text("Support phone"),
    "supportEmail": Text("Support e-mail"),
    "supportHours": Text("Support hours"),
    "supportRestart": Text("How to restart a charger"),
    "language": Text("Language"),
    "currency": Text("Currency"),
    "vatRate": Text("VAT in %"),
    "fiscalTimeZone": Text("Fiscal time zone"),
    "invoicePrefix": Text("Invoice prefix"),
    "organization": Text("Organization in chargers' certificates"),
}
OF_BANK = ("iban", "bic")

_PERCENT = re.compile(r"[0-9]{1,2}([.,][0-9]{1,4})?", re.ASCII)
_LANGUAGES = {each.value for each in CompanyLanguage}


def typed(form: FormData) -> dict[str, str]:
    """What was typed, by field. A field that the form does not have is left out, and stays as it is."""
    return {name: value.strip() for name in LABELS if isinstance(value := form.get(name), str)}


def changed(known: CompanySettings, values: Mapping[str, str]) -> tuple[CompanySettings, dict[str, str]]:
    """The settings with what was typed, and everything that is wrong with it, by field."""
    text = shown(known) | dict(values)
    wrong: dict[str, str] = {}
    if text["vatRate"] and not _PERCENT.fullmatch(text["vatRate"]):
        wrong["vatRate"] = gettext("Enter a number from 0 to 99, for example 19, or leave empty.")
    if text["language"] not in _LANGUAGES:
        wrong["language"] = gettext("Choose a language.")
    after = tidied(
        replace(
            known,
            name=text["name"],
            organization=text["organization"],
            billing=BillingDetails(
                legal_name=text["legalName"],
                street=text["street"],
                postal_code=text["postalCode"],
                city=text["city"],
                country=text["country"],
                vat_id=text["vatId"],
                tax_number=text["taxNumber"],
            ),
            bank_account=BankAccount(text["iban"], text["bic"]),
            support=SupportContact(
                text["supportPhone"], text["supportEmail"], text["supportHours"], text["supportRestart"]
            ),
            preferences=Preferences(
                language=known.preferences.language
                if "language" in wrong
                else CompanyLanguage(text["language"]),
                currency=text["currency"],
                vat_rate=None if "vatRate" in wrong else _rate(text["vatRate"]),
                fiscal_time_zone=text["fiscalTimeZone"],
                invoice_prefix=text["invoicePrefix"],
            ),
        )
    )
    return after, problems(after) | wrong


def shown(settings: CompanySettings) -> dict[str, str]:
    """The settings as the form shows them."""
    billing, support, preferences = settings.billing, settings.support, settings.preferences
    rate = preferences.vat_rate
    return {
        "name": settings.name,
        "legalName": billing.legal_name,
        "street": billing.street,
        "postalCode": billing.postal_code,
        "city": billing.city,
        "country": billing.country,
        "vatId": billing.vat_id,
        "taxNumber": billing.tax_number,
        "iban": _readable(settings.bank_account.iban),
        "bic": settings.bank_account.bic,
        "supportPhone": support.phone,
        "supportEmail": support.email,
        "supportHours": support.hours,
        "supportRestart": support.restart_instructions,
        "language": preferences.language.value,
        "currency": preferences.currency,
        "vatRate": "" if rate is None else f"{(rate * 100).normalize() + 0:f}",
        "fiscalTimeZone": preferences.fiscal_time_zone,
        "invoicePrefix": preferences.invoice_prefix,
        "organization": settings.organization,
    }


def settings_of(row: CompanyRow, account: BankAccount | None = None) -> CompanySettings:
    """The settings of a company, with its whole bank account or as the history tells it."""
    told = BankAccount(row.bank_account.iban, row.bank_account.bic)
    return CompanySettings(
        name=row.name,
        organization=row.organization,
        billing=row.billing,
        bank_account=told if account is None else account,
        support=row.support,
        preferences=row.preferences,
    )


def _readable(iban: str) -> str:
    """The IBAN in groups of four; a masked one as it is."""
    return grouped(iban) if iban.isalnum() else iban


def _rate(percent: str) -> Decimal | None:
    return (Decimal(percent.replace(",", ".")) / 100).normalize() + 0 if percent else None
