"""The customers of a company: the list, and the list as a file."""

from functools import partial

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.customers import CustomerEntry, customer_page
from eosvolt.adapters.http.presentation.exports import AT_ONCE
from eosvolt.adapters.http.web.customers.view_models import CustomerRows, CustomersPage
from eosvolt.adapters.http.web.shell.exports import FILE_KINDS, list_download
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, show
from eosvolt.adapters.http.web.shell.query_parameters import in_order_of
from eosvolt.application.operations import customers
from eosvolt.application.questions import CUSTOMER_SORTS
from eosvolt.application.table_files import Cell, FileKind, Table

PAGE = "/customers"
SHOWN = 50
COLUMNS = (
    "id", "name", "email", "phone", "legalName", "street", "postalCode", "city", "country", "vatId",
    "taxNumber", "language", "tokens", "notes", "addedAt",
)  # fmt: skip


def customer_list_routes(pages: Pages) -> list[Route]:
    """``/customers``, and its files. Names are known of the present only."""
    checks = {"sort": in_order_of(CUSTOMER_SORTS)}
    return [
        pages.get(PAGE, customer_list, checks, customers.VIEW),
        *(
            pages.get(f"{PAGE}/export.{kind}", partial(export, kind=kind), checks, customers.EXPORT)
            for kind in FILE_KINDS
        ),
    ]


async def customer_list(request: PageRequest) -> Response:
    """The page, or its list alone."""
    return await show(
        request,
        CustomersPage(groups=await request.queries.customer_groups(request.number)),
        {"list": _list},
    )


async def export(request: PageRequest, kind: FileKind) -> Response:
    """The customers of the filter as a file."""

    async def page(queries: Queries, cursor: str | None) -> Page[CustomerEntry]:
        return await customer_page(
            queries,
            request.dependencies.customers,
            request.number,
            search=request.query("search"),
            group=request.query("group"),
            sort=_sort(request),
            cursor=cursor,
            limit=AT_ONCE,
        )

    table = Table("Customers", request.now, COLUMNS, _cells)
    return await list_download(request, kind, f"customers-{request.number}", table, page)


async def _list(request: PageRequest) -> CustomerRows:
    found = await customer_page(
        request.queries,
        request.dependencies.customers,
        request.number,
        search=request.query("search"),
        group=request.query("group"),
        sort=_sort(request),
        cursor=request.query("cursor") or None,
        limit=SHOWN,
    )
    return CustomerRows(entries=found.items, cursor=found.cursor, sort=_sort(request))


def _sort(request: PageRequest) -> str:
    return request.query("sort") or "name"


def _cells(entry: CustomerEntry) -> tuple[Cell, ...]:
    row, person = entry
    billing = person.billing
    return (
        row.customer,
        person.name,
        person.email,
        person.phone,
        billing.legal_name,
        billing.street,
        billing.postal_code,
        billing.city,
        billing.country,
        billing.vat_id,
        billing.tax_number,
        row.language,
        " ".join(row.tokens),
        person.notes,
        row.added_at,
    )
