"""``/settings``: what a company says about itself, and what applies where nothing else is said."""

from decimal import Decimal
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from eosvolt.adapters.http.api.billing_shapes import BillingAddressChange, BillingAddressInput
from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.confirmation import ConfirmationInput, check_both
from eosvolt.adapters.http.framework.api_types import ApiInput, LongText, ShortText, View
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.problems import all_invalid, not_found
from eosvolt.application.bank_accounts import LONGEST_BIC, LONGEST_IBAN, BankAccount
from eosvolt.application.company_settings import LONGEST_NAME, CompanySettings, problems, tidied
from eosvolt.application.operations import company as operations
from eosvolt.application.permissions import allows
from eosvolt.domain.companies.settings import (
    LONGEST_PREFIX,
    BillingDetails,
    CompanyLanguage,
    Preferences,
)
from eosvolt.domain.support import LONGEST_EMAIL, LONGEST_PHONE, SupportContact
from eosvolt.projections.companies import CompanyRow

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
Iban = Annotated[str, Meta(max_length=LONGEST_IBAN, description="ISO 13616; its check digits are checked.")]
Bic = Annotated[str, Meta(max_length=LONGEST_BIC, description="ISO 9362.")]
Phone = Annotated[str, Meta(max_length=LONGEST_PHONE)]
Email = Annotated[str, Meta(max_length=LONGEST_EMAIL)]
Prefix = Annotated[
    str, Meta(max_length=LONGEST_PREFIX, description="Capital letters, digits, `-` and `/`; may be empty.")
]
LanguageName = Literal["en", "de"]
Currency = Annotated[str, Meta(pattern=r"^([A-Z]{3})?$", description="ISO 4217; may be empty.")]
VatRate = Annotated[
    str, Meta(pattern=r"^0(\.[0-9]{1,6})?$", description="A fraction as text: 0.19 means 19 %.")
]
TimeZone = Annotated[str, Meta(max_length=100, description="An IANA name, e.g. Europe/Berlin; may be empty.")]

# Where a setting is in the document; the others are at its top.
_PLACES = {
    **{
        name: f"billing/{name}"
        for name in ("street", "postalCode", "city", "country", "vatId", "taxNumber", "iban", "bic")
    },
    "supportPhone": "support/phone",
    "supportEmail": "support/email",
    "supportHours": "support/hours",
    "supportRestart": "support/restartInstructions",
}


class BillingInput(BillingAddressInput, frozen=True, kw_only=True):
    """Whose receipts and invoices they are, and where payouts go."""

    iban: Iban = ""
    bic: Bic = ""


class SupportInput(ApiInput, frozen=True, kw_only=True):
    """How drivers reach support, where a location says nothing else."""

    phone: Phone = ""
    email: Email = ""
    hours: ShortText = ""
    restart_instructions: LongText = ""


class SettingsInput(ApiInput, frozen=True, kw_only=True):
    """All settings of a company."""

    name: Name
    legal_name: ShortText = ""
    billing: BillingInput = BillingInput()
    support: SupportInput = SupportInput()
    invoice_prefix: Prefix = ""
    language: LanguageName = "en"
    currency: Currency = ""
    vat_rate: VatRate | None = None
    fiscal_time_zone: TimeZone = ""


class BillingChange(BillingAddressChange, frozen=True, kw_only=True):
    """A patch of the billing data. ``iban`` and ``bic`` need the right `bankDetails`."""

    iban: Iban | UnsetType | None = UNSET
    bic: Bic | UnsetType | None = UNSET


class SupportChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the support contact."""

    phone: Phone | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
    hours: ShortText | UnsetType | None = UNSET
    restart_instructions: LongText | UnsetType | None = UNSET


class SettingsChange(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch of the settings (RFC 7396): ``null`` removes a value."""

    name: Name | UnsetType = UNSET
    legal_name: ShortText | UnsetType | None = UNSET
    billing: BillingChange | UnsetType | None = UNSET
    support: SupportChange | UnsetType | None = UNSET
    invoice_prefix: Prefix | UnsetType | None = UNSET
    language: LanguageName | UnsetType | None = UNSET
    currency: Currency | UnsetType | None = UNSET
    vat_rate: VatRate | UnsetType | None = UNSET
    fiscal_time_zone: TimeZone | UnsetType | None = UNSET
    confirmation: ConfirmationInput | UnsetType = UNSET


class BillingView(View, frozen=True, kw_only=True):
    """The billing data; texts are empty where nothing is said.

    ``iban`` is shown with the right `bankDetails` only, ``ibanMasked`` always.
    """

    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str
    tax_number: str
    iban_masked: str
    bic: str
    iban: str | None = None


class SupportView(View, frozen=True, kw_only=True):
    """The support contact; texts are empty where nothing is said."""

    phone: str
    email: str
    hours: str
    restart_instructions: str


class SettingsView(View, frozen=True, kw_only=True):
    """The settings of a company.

    ``currency`` and ``vatRate`` are proposed for new locations; years of invoices and days of withdrawals
    are those of ``fiscalTimeZone``. ``logo`` is the SHA-256 of the picture. Texts are empty where nothing is
    said.
    """

    name: str
    legal_name: str
    billing: BillingView
    support: SupportView
    invoice_prefix: str
    language: LanguageName
    currency: str
    vat_rate: str | None
    fiscal_time_zone: str
    logo: str


@endpoint("GET", "/settings", needs=operations.VIEW)
async def settings(call: ApiCall) -> Answer[SettingsView]:
    """The settings of the company."""
    return await _answer(call)


@endpoint("PATCH", "/settings", refusals=(409, 412), operation=operations.change)
async def change_settings(call: ApiCall, body: SettingsChange) -> Answer[SettingsView]:
    """Change settings of the company. All that is wrong is reported at once.

    Where a person is signed in, another bank account needs ``confirmation``; an API key needs none.
    """
    if isinstance(body.billing, BillingChange) and (body.billing.iban, body.billing.bic) != (UNSET, UNSET):
        await check_both(call, body.confirmation)
    change = replace(body, confirmation=UNSET)

    def changed(known: CompanySettings) -> CompanySettings:
        return _checked(_settings(patched(SettingsInput, _input(known), change), known))

    await call.run(operations.change, operations.CompanyChangeInput(changed=changed, seen=seen(call)))
    return await _answer(call)


def _checked(wanted: CompanySettings) -> CompanySettings:
    """The settings. Raises a 422 ``Problem`` with everything that is wrong."""
    if wrong := problems(tidied(wanted)):
        raise all_invalid([(f"/{_PLACES.get(field, field)}", sentence) for field, sentence in wrong.items()])
    return wanted


def _settings(wanted: SettingsInput, known: CompanySettings) -> CompanySettings:
    billing, support = wanted.billing, wanted.support
    return replace(
        known,
        name=wanted.name,
        billing=BillingDetails(
            legal_name=wanted.legal_name,
            street=billing.street,
            postal_code=billing.postal_code,
            city=billing.city,
            country=billing.country,
            vat_id=billing.vat_id,
            tax_number=billing.tax_number,
        ),
        bank_account=BankAccount(billing.iban, billing.bic),
        support=SupportContact(support.phone, support.email, support.hours, support.restart_instructions),
        preferences=Preferences(
            language=CompanyLanguage(wanted.language),
            currency=wanted.currency,
            vat_rate=None if wanted.vat_rate is None else Decimal(wanted.vat_rate),
            fiscal_time_zone=wanted.fiscal_time_zone,
            invoice_prefix=wanted.invoice_prefix,
        ),
    )


def _input(known: CompanySettings) -> SettingsInput:
    """The present settings as an input."""
    billing, support, preferences = known.billing, known.support, known.preferences
    return SettingsInput(
        name=known.name,
        legal_name=billing.legal_name,
        billing=BillingInput(
            street=billing.street,
            postal_code=billing.postal_code,
            city=billing.city,
            country=billing.country,
            vat_id=billing.vat_id,
            tax_number=billing.tax_number,
            iban=known.bank_account.iban,
            bic=known.bank_account.bic,
        ),
        support=SupportInput(
            phone=support.phone,
            email=support.email,
            hours=support.hours,
            restart_instructions=support.restart_instructions,
        ),
        invoice_prefix=preferences.invoice_prefix,
        language=preferences.language.value,
        currency=preferences.currency,
        vat_rate=None if preferences.vat_rate is None else f"{preferences.vat_rate:f}",
        fiscal_time_zone=preferences.fiscal_time_zone,
    )


async def _answer(call: ApiCall) -> Answer[SettingsView]:
    row = await call.queries.company(call.company)
    if row is None:
        raise not_found()
    account = BankAccount()
    if allows(call.identity.actor.grants, operations.BANK_DETAILS):
        account = await call.dependencies.bank_accounts.account(call.company)
    return Answer(_view(row, account), versioned(row.version))


def _view(row: CompanyRow, account: BankAccount) -> SettingsView:
    billing, support, preferences = row.billing, row.support, row.preferences
    return SettingsView(
        name=row.name,
        legal_name=billing.legal_name,
        billing=BillingView(
            street=billing.street,
            postal_code=billing.postal_code,
            city=billing.city,
            country=billing.country,
            vat_id=billing.vat_id,
            tax_number=billing.tax_number,
            iban_masked=row.bank_account.iban,
            bic=row.bank_account.bic,
            iban=account.iban or None,
        ),
        support=SupportView(
            phone=support.phone,
            email=support.email,
            hours=support.hours,
            restart_instructions=support.restart_instructions,
        ),
        invoice_prefix=preferences.invoice_prefix,
        language=preferences.language.value,
        currency=preferences.currency,
        vat_rate=None if preferences.vat_rate is None else f"{preferences.vat_rate:f}",
        fiscal_time_zone=preferences.fiscal_time_zone,
        logo=row.logo,
    )


ENDPOINTS = (settings, change_settings)
