"""``/customers``: the people who charge."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.session_views import SessionView, session_view
from eosvolt.adapters.http.api.settings import Country, LanguageName, Postcode, TaxNumber, VatId
from eosvolt.adapters.http.api.tokens import TokenView, Uid, token_view
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Items,
    Limit,
    LongText,
    ShortText,
    View,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import seen, versioned
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.presentation.customers import (
    CustomerEntry,
    customer_entry,
    customer_page,
    sessions_of,
)
from eosvolt.application.customers import LONGEST_NAME
from eosvolt.application.email_addresses import LONGEST_ADDRESS
from eosvolt.application.operations import customers
from eosvolt.application.operations.customers import (
    CustomerById,
    CustomerChangeInput,
    CustomerTerms,
    NewCustomerInput,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.domain.companies.settings import BillingDetails, CompanyLanguage
from eosvolt.domain.customers.events import MOST_TOKENS
from eosvolt.domain.support import LONGEST_PHONE

CustomerName = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME, pattern=r"\S")]
CustomerEmail = Annotated[
    str, Meta(max_length=LONGEST_ADDRESS, description="Unique in the company, in any case; may be empty.")
]
CustomerPhone = Annotated[str, Meta(max_length=LONGEST_PHONE)]
CustomerTokens = Annotated[
    tuple[Uid, ...],
    Meta(max_length=MOST_TOKENS, description="Uids. Those that the company does not know are issued."),
]
CustomerSort = Literal["name", "-name", "email", "-email", "addedAt", "-addedAt"]

# Where a field is in the document; the others are at its top.
_PLACES = {
    name: f"billing/{name}"
    for name in ("legalName", "street", "postalCode", "city", "country", "vatId", "taxNumber")
}


class CustomerBilling(ApiInput, frozen=True, kw_only=True):
    """To whom invoices go. Without a ``legalName`` they go to the customer's name."""

    legal_name: ShortText = ""
    street: ShortText = ""
    postal_code: Postcode = ""
    city: ShortText = ""
    country: Country = ""
    vat_id: VatId = ""
    tax_number: TaxNumber = ""


class CustomerInput(ApiInput, frozen=True, kw_only=True):
    """A customer. ``language`` is that of mails and documents."""

    name: CustomerName
    email: CustomerEmail = ""
    phone: CustomerPhone = ""
    billing: CustomerBilling = CustomerBilling()
    notes: LongText = ""
    language: LanguageName = "en"
    tokens: CustomerTokens = ()


class CustomerBillingChange(ApiInput, frozen=True, kw_only=True):
    """A patch of the billing data."""

    legal_name: ShortText | UnsetType | None = UNSET
    street: ShortText | UnsetType | None = UNSET
    postal_code: Postcode | UnsetType | None = UNSET
    city: ShortText | UnsetType | None = UNSET
    country: Country | UnsetType | None = UNSET
    vat_id: VatId | UnsetType | None = UNSET
    tax_number: TaxNumber | UnsetType | None = UNSET


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


class CustomerBillingView(View, frozen=True, kw_only=True):
    """To whom invoices go; texts are empty where nothing is said."""

    legal_name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str
    tax_number: str


class CustomerView(View, frozen=True, kw_only=True):
    """A customer; texts are empty where nothing is said. ``tokens`` are uids."""

    id: str
    name: str
    email: str
    phone: str
    billing: CustomerBillingView
    notes: str
    language: LanguageName
    tokens: tuple[str, ...]
    added_at: datetime


class CustomerExport(View, frozen=True, kw_only=True):
    """All that is stored of a customer: for a request of access (GDPR, art. 15 and 20).

    Of sessions those at locations that the caller may see.
    """

    customer: CustomerView
    tokens: list[TokenView]
    sessions: list[SessionView]
    made_at: datetime


class CustomersQuery(ApiInput, frozen=True, kw_only=True):
    """The filter and order of customers."""

    search: Annotated[
        str,
        Meta(
            max_length=200,
            description="A part of the name or e-mail address, or the beginning of a token's uid.",
        ),
    ] = ""
    sort: CustomerSort = "name"
    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("GET", "/customers", needs=customers.VIEW)
async def list_customers(call: ApiCall, query: CustomersQuery) -> Answer[Items[CustomerView]]:
    """Customers by name."""
    page = await customer_page(
        call.queries,
        call.dependencies.customers,
        call.company,
        search=query.search,
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = Items(items=[_view(each) for each in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("POST", "/customers", status=201, refusals=(409,), operation=customers.add)
async def add_customer(call: ApiCall, body: CustomerInput) -> Answer[CustomerView]:
    """Add a customer."""
    customer = call.new_id()
    terms = CustomerTerms(
        name=body.name,
        email=body.email,
        phone=body.phone,
        billing=BillingDetails(**msgspec.structs.asdict(body.billing)),
        notes=body.notes,
        language=CompanyLanguage(body.language),
        tokens=body.tokens,
    )
    try:
        await call.run(customers.add, NewCustomerInput(customer=customer, terms=terms))
    except InvalidValue as refusal:
        raise _placed(refusal) from None
    return await _answer(call, customer, {"Location": f"/api/v1/customers/{customer}"})


@endpoint("GET", "/customers/{customer}", needs=customers.VIEW)
async def get_customer(call: ApiCall, customer: str) -> Answer[CustomerView]:
    """One customer; 404 once erased."""
    return await _answer(call, customer, {})


@endpoint("PATCH", "/customers/{customer}", refusals=(409, 412), operation=customers.change)
async def change_customer(call: ApiCall, customer: str, body: CustomerPatch) -> Answer[CustomerView]:
    """Change a customer's data, language or tokens."""
    wanted = CustomerChangeInput(
        customer=customer, changed=lambda before: _patched(before, body), seen=seen(call)
    )
    try:
        await call.run(customers.change, wanted)
    except InvalidValue as refusal:
        raise _placed(refusal) from None
    return await _answer(call, customer, {})


@endpoint("DELETE", "/customers/{customer}", status=204, operation=customers.erase)
async def erase_customer(call: ApiCall, customer: str) -> None:
    """Delete all personal data for good.

    The customer's tokens are blocked. Sessions and sums stay, with the id of somebody whom nobody can name.
    """
    await call.run(customers.erase, CustomerById(customer=customer))


@endpoint("GET", "/customers/{customer}/export", needs=customers.EXPORT)
async def export_customer(call: ApiCall, customer: str) -> Answer[CustomerExport]:
    """All that is stored of a customer, for whom it is about."""
    entry = await _entry(call, customer)
    cards = await call.queries.tokens_named(call.company, entry.row.tokens)
    export = CustomerExport(
        customer=_view(entry),
        tokens=[token_view(row) for row in cards],
        sessions=[session_view(row, call.now) async for row in sessions_of(call.queries, entry.row)],
        made_at=call.now,
    )
    name = f'attachment; filename="customer-{customer}.json"'
    return Answer(export, {"Content-Disposition": name, "Cache-Control": "no-store"})


def _patched(before: CustomerTerms, body: CustomerPatch) -> CustomerTerms:
    """The terms after a merge patch."""
    changes: dict[str, Any] = {
        name: "" if value is None else value
        for name in ("name", "email", "phone", "notes", "tokens")
        if (value := getattr(body, name)) is not UNSET
    }
    if body.language is not UNSET:
        changes["language"] = CompanyLanguage(body.language)
    if body.billing is None:
        changes["billing"] = BillingDetails()
    elif body.billing is not UNSET:
        given = {
            name: value or ""
            for name, value in msgspec.structs.asdict(body.billing).items()
            if value is not UNSET
        }
        changes["billing"] = msgspec.structs.replace(before.billing, **given)
    return msgspec.structs.replace(before, **changes)


def _placed(refusal: InvalidValue) -> Exception:
    return invalid(f"/{_PLACES.get(refusal.field, refusal.field)}", str(refusal))


async def _entry(call: ApiCall, customer: str) -> CustomerEntry:
    entry = await customer_entry(call.queries, call.dependencies.customers, call.company, customer)
    if entry is None:
        raise not_found()
    return entry


async def _answer(call: ApiCall, customer: str, headers: Mapping[str, str]) -> Answer[CustomerView]:
    entry = await _entry(call, customer)
    return Answer(_view(entry), {**headers, **versioned(entry.row.version)})


def _view(entry: CustomerEntry) -> CustomerView:
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
        added_at=entry.row.added_at,
    )


ENDPOINTS = (
    list_customers,
    add_customer,
    get_customer,
    change_customer,
    erase_customer,
    export_customer,
)
