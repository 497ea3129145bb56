"""Customers as the API takes and shows them."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.billing_shapes import BillingAddressChange, BillingAddressInput
from eosvolt.adapters.http.api.session_views import SessionView
from eosvolt.adapters.http.api.settings import LanguageName
from eosvolt.adapters.http.api.tokens import TokenView, Uid
from eosvolt.adapters.http.framework.api_types import ApiInput, LongText, ShortText, View
from eosvolt.adapters.http.presentation.customers import CustomerEntry
from eosvolt.application.bank_accounts import masked
from eosvolt.application.customers import LONGEST_NAME, CustomerPerson
from eosvolt.application.email_addresses import LONGEST_ADDRESS
from eosvolt.application.operations.customers import CustomerTerms
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customer_groups.events import MOST_GROUPS
from eosvolt.domain.customers.events import MOST_TOKENS
from eosvolt.domain.support import LONGEST_PHONE

CustomerName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
CustomerEmail = Annotated[
    str, Meta(max_length=LONGEST_ADDRESS, description="Unique in the company, in any case; may be empty.")
]
CustomerPhone = Annotated[str, Meta(max_length=LONGEST_PHONE)]
MemberOf = Annotated[tuple[str, ...], Meta(max_length=MOST_GROUPS, description="Ids of customer groups.")]
CustomerTokens = Annotated[
    tuple[Uid, ...],
    Meta(max_length=MOST_TOKENS, description="Uids. Those that the company does not know are issued."),
]


class CustomerBilling(BillingAddressInput, frozen=True, kw_only=True):
    """To whom invoices go. Without a ``legalName`` they go to the customer's name."""

    legal_name: ShortText = ""


class CustomerInput(ApiInput, frozen=True, kw_only=True):
    """A customer. ``language`` is that of mails and documents."""

    name: CustomerName
    email: CustomerEmail = ""
    phone: CustomerPhone = ""
    billing: CustomerBilling = CustomerBilling()
    notes: LongText = ""
    language: LanguageName = "en"
    tokens: CustomerTokens = ()
    groups: MemberOf = ()


class CustomerBillingChange(BillingAddressChange, frozen=True, kw_only=True):
    """A patch of the billing data."""

    legal_name: ShortText | UnsetType | None = UNSET


class CustomerPatch(ApiInput, frozen=True, kw_only=True):
    """A JSON merge patch (RFC 7396): ``null`` removes a value, and lists are replaced.

    Tokens that are taken away stay accepted, as nobody's.
    """

    name: CustomerName | UnsetType = UNSET
    email: CustomerEmail | UnsetType | None = UNSET
    phone: CustomerPhone | UnsetType | None = UNSET
    billing: CustomerBillingChange | UnsetType | None = UNSET
    notes: LongText | UnsetType | None = UNSET
    language: LanguageName | UnsetType = UNSET
    tokens: CustomerTokens | UnsetType = UNSET
    groups: MemberOf | UnsetType = UNSET


class CustomerBillingView(View, frozen=True, kw_only=True):
    """To whom invoices go; texts are empty where nothing is said."""

    legal_name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str
    tax_number: str


class CustomerAccountView(View, frozen=True, kw_only=True):
    """To which account a customer is paid; texts are empty where nothing is said.

    ``iban`` is shown with the right `bankDetails` only, ``ibanMasked`` always.
    """

    customer_id: str
    account_holder: str
    iban_masked: str
    bic: str
    iban: str | None = None


class CustomerView(View, frozen=True, kw_only=True):
    """A customer; texts are empty where nothing is said. ``tokens`` are uids, ``groups`` ids.

    ``ibanMasked`` is the end of the number of the account to which the customer is paid.
    """

    id: str
    name: str
    email: str
    phone: str
    billing: CustomerBillingView
    notes: str
    language: LanguageName
    tokens: tuple[str, ...]
    groups: tuple[str, ...]
    added_at: datetime
    iban_masked: str


class CustomerExport(View, frozen=True, kw_only=True):
    """All that is stored of a customer: for a request of access (GDPR, art. 15 and 20).

    Of sessions those at locations that the caller may see; the whole IBAN with the right `bankDetails`.
    """

    customer: CustomerView
    tokens: list[TokenView]
    sessions: list[SessionView]
    bank_account: CustomerAccountView
    made_at: datetime


def customer_terms(body: CustomerInput) -> CustomerTerms:
    """What is said of a customer."""
    return CustomerTerms(
        name=body.name,
        email=body.email,
        phone=body.phone,
        billing=BillingDetails(**msgspec.structs.asdict(body.billing)),
        notes=body.notes,
        language=CompanyLanguage(body.language),
        tokens=body.tokens,
        groups=body.groups,
    )


def customer_input(terms: CustomerTerms) -> CustomerInput:
    """What is said of a customer, as an input that a patch can change."""
    return CustomerInput(
        name=terms.name,
        email=terms.email,
        phone=terms.phone,
        billing=CustomerBilling(**msgspec.structs.asdict(terms.billing)),
        notes=terms.notes,
        language=terms.language.value,
        tokens=terms.tokens,
        groups=terms.groups,
    )


def customer_view(entry: CustomerEntry) -> CustomerView:
    """A customer as the API shows it."""
    person = entry.person
    return CustomerView(
        id=person.customer,
        name=person.name,
        email=person.email,
        phone=person.phone,
        billing=CustomerBillingView(**msgspec.structs.asdict(person.billing)),
        notes=person.notes,
        language=CompanyLanguage(entry.row.language).value,
        tokens=entry.row.tokens,
        groups=entry.row.groups,
        added_at=entry.row.added_at,
        iban_masked=masked(person.payee.account.iban),
    )


def customer_account_view(person: CustomerPerson, *, whole: bool) -> CustomerAccountView:
    """The account to which a customer is paid, with its ``whole`` number or only the masked one."""
    account, holder = person.payee
    return CustomerAccountView(
        customer_id=person.customer,
        account_holder=holder,
        iban_masked=masked(account.iban),
        bic=account.bic,
        iban=account.iban if whole else None,
    )
