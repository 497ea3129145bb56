"""The settings of a company as people and programs write them: tidied, with everything that is wrong."""

from collections.abc import Iterator

import msgspec

from eosvolt.application import bank_accounts, billing_details, support_contacts
from eosvolt.application.bank_accounts import BankAccount
from eosvolt.domain.companies.settings import (
    BillingDetails,
    Preferences,
    preference_problems,
)
from eosvolt.domain.support import SupportContact, stripped

LONGEST_NAME = 200
# RFC 5280, appendix A: ub-organization-name.
LONGEST_ORGANIZATION = 64

# The fields of a setting's parts, as the API and the pages name them.
_FIELDS = {
    "legal_name": "legalName",
    "postal_code": "postalCode",
    "vat_id": "vatId",
    "tax_number": "taxNumber",
    "vat_rate": "vatRate",
    "fiscal_time_zone": "fiscalTimeZone",
    "invoice_prefix": "invoicePrefix",
    "phone": "supportPhone",
    "email": "supportEmail",
    "hours": "supportHours",
    "restart_instructions": "supportRestart",
}


class CompanySettings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of a company but its logo.

    ``organization`` is the one in chargers' certificates. The IBAN of ``bank_account`` is whole, or masked
    where it was read from the history.
    """

    name: str
    organization: str = ""
    billing: BillingDetails = BillingDetails()
    bank_account: BankAccount = BankAccount()
    support: SupportContact = SupportContact()
    preferences: Preferences = Preferences()


def tidied(settings: CompanySettings) -> CompanySettings:
    """The settings without white space around texts, and codes in capitals."""
    preferences = settings.preferences
    return msgspec.structs.replace(
        settings,
        name=settings.name.strip(),
        organization=settings.organization.strip(),
        billing=billing_details.tidied(settings.billing),
        bank_account=bank_accounts.compact(settings.bank_account),
        support=stripped(settings.support),
        preferences=msgspec.structs.replace(
            preferences,
            currency=preferences.currency.strip().upper(),
            fiscal_time_zone=preferences.fiscal_time_zone.strip(),
            invoice_prefix=preferences.invoice_prefix.strip().upper(),
        ),
    )


def problems(settings: CompanySettings) -> dict[str, str]:
    """Everything that is wrong with tidied settings: a sentence for each field; empty if all is well."""
    found: dict[str, str] = {}
    for field, sentence in _problems(settings):
        found.setdefault(_FIELDS.get(field, field), sentence)
    return found


def _problems(settings: CompanySettings) -> Iterator[tuple[str, str]]:
    if not settings.name:
        yield "name", "A company needs a name."
    elif len(settings.name) > LONGEST_NAME:
        yield "name", f"A name has at most {LONGEST_NAME:d} characters."
    if len(settings.organization) > LONGEST_ORGANIZATION:
        yield "organization", f"An organization has at most {LONGEST_ORGANIZATION:d} characters."
    yield from billing_details.problems(settings.billing)
    yield from bank_accounts.problems(settings.bank_account)
    yield from support_contacts.problems(settings.support)
    yield from preference_problems(settings.preferences)
