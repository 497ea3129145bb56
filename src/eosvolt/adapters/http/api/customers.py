"""``/customers``: the people who charge."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.customer_shapes import (
    CustomerExport,
    CustomerInput,
    CustomerPatch,
    CustomerView,
    customer_account_view,
    customer_input,
    customer_terms,
    customer_view,
)
from eosvolt.adapters.http.api.session_views import session_view
from eosvolt.adapters.http.api.tokens import token_view
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Items,
    Limit,
    ShortText,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.optimistic_update import patched, seen, versioned
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import invalid, not_found
from eosvolt.adapters.http.presentation.customers import (
    CustomerEntry,
    customer_entry,
    customer_page,
    sessions_of,
)
from eosvolt.application.operations import customer_accounts, customers
from eosvolt.application.operations.customers import (
    CustomerById,
    CustomerChangeInput,
    NewCustomerInput,
)
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.permissions import allows

CustomerSort = Literal["name", "-name", "email", "-email", "addedAt", "-addedAt"]

# Where a field is in the document; the others are at its top.
_PLACES = {
    name: f"billing/{name}"
    for name in ("legalName", "street", "postalCode", "city", "country", "vatId", "taxNumber")
}


class CustomersQuery(ApiInput, frozen=True, kw_only=True):
    """The filter and order of customers."""

    search: Annotated[
        str,
        Meta(
            max_length=200,
            description="A part of the name or e-mail address, or the beginning of a token's uid.",
        ),
    ] = ""
    group: Annotated[ShortText, Meta(description="The id of a customer group.")] = ""
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
        group=query.group,
        sort=query.sort,
        cursor=query.cursor,
        limit=query.limit,
    )
    items = Items(items=[customer_view(each) for each in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("POST", "/customers", status=201, refusals=(409,), operation=customers.add)
async def add_customer(call: ApiCall, body: CustomerInput) -> Answer[CustomerView]:
    """Add a customer."""
    customer = call.new_id()
    terms = customer_terms(body)
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
        customer=customer,
        changed=lambda before: customer_terms(patched(CustomerInput, customer_input(before), body)),
        seen=seen(call),
    )
    try:
        await call.run(customers.change, wanted)
    except InvalidValue as refusal:
        raise _placed(refusal) from None
    return await _answer(call, customer, {})


@endpoint("DELETE", "/customers/{customer}", status=204, operation=customers.erase)
async def erase_customer(call: ApiCall, customer: str) -> None:
    """Delete all personal data for good.

    The customer's tokens are blocked. Sessions and sums stay, with an id alone.
    """
    await call.run(customers.erase, CustomerById(customer=customer))


@endpoint("GET", "/customers/{customer}/export", needs=customers.EXPORT)
async def export_customer(call: ApiCall, customer: str) -> Answer[CustomerExport]:
    """All that is stored of a customer, for whom it is about."""
    entry = await _entry(call, customer)
    cards = await call.queries.tokens_named(call.company, entry.row.tokens)
    export = CustomerExport(
        customer=customer_view(entry),
        tokens=[token_view(row) for row in cards],
        sessions=[session_view(row, call.now) async for row in sessions_of(call.queries, entry.row)],
        bank_account=customer_account_view(
            entry.person, whole=allows(call.identity.actor.grants, customer_accounts.BANK_DETAILS)
        ),
        made_at=call.now,
    )
    name = f'attachment; filename="customer-{customer}.json"'
    return Answer(export, {"Content-Disposition": name, "Cache-Control": "no-store"})


def _placed(refusal: InvalidValue) -> Exception:
    return invalid(f"/{_PLACES.get(refusal.field, refusal.field)}", str(refusal))


async def _entry(call: ApiCall, customer: str) -> CustomerEntry:
    entry = await customer_entry(call.queries, call.dependencies.customers, call.company, customer)
    if entry is None:
        raise not_found()
    return entry


async def _answer(call: ApiCall, customer: str, headers: Mapping[str, str]) -> Answer[CustomerView]:
    entry = await _entry(call, customer)
    return Answer(customer_view(entry), {**headers, **versioned(entry.row.version)})


ENDPOINTS = (
    list_customers,
    add_customer,
    get_customer,
    change_customer,
    erase_customer,
    export_customer,
)
