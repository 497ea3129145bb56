"""``/invoices``: invoices over several sessions of a customer or of the members of a group."""

from datetime import date
from typing import Annotated

from msgspec import Meta
from starlette.responses import Response

from eosvolt.adapters.http.api.call import ApiCall
from eosvolt.adapters.http.api.withdrawals import CurrencyCode
from eosvolt.adapters.http.framework.api_types import (
    ApiInput,
    Cursor,
    Instant,
    Items,
    Limit,
    MoneyView,
    ShortText,
    View,
    paid,
    utc,
)
from eosvolt.adapters.http.framework.endpoint import Answer, endpoint
from eosvolt.adapters.http.framework.paging import next_link
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.presentation.invoice import XML_TYPE, amounts_of, invoice_file
from eosvolt.adapters.http.presentation.letterhead import PDF
from eosvolt.application.operations import invoices
from eosvolt.application.operations.invoices import InvoiceInput
from eosvolt.application.operations.views import FINANCE
from eosvolt.projections.invoices import InvoiceRow


class InvoiceView(View, frozen=True, kw_only=True):
    """An invoice. ``total`` is gross; ``net`` and ``vat`` are computed on the sums of each VAT rate.

    ``rounding`` is what has to be paid beyond net and VAT, where no net amount leads to the gross one; absent
    where there is none.
    """

    id: str
    number: str
    at: Instant
    customer_id: str
    first: date
    last: date
    issued_on: date
    due_on: date
    total: MoneyView
    net: MoneyView
    vat: MoneyView
    session_ids: list[str]
    booking_ids: list[str]
    rounding: MoneyView | None = None
    group_id: str = ""


class NewInvoice(ApiInput, frozen=True, kw_only=True):
    """What to invoice: all sessions that were over in these days and are on no invoice yet.

    Days are those of the company's fiscal time zone, both included. ``groupId`` puts the sessions of the
    members of a customer group on it instead of the customer's own.
    """

    customer_id: ShortText
    first: date
    last: date
    group_id: ShortText = ""
    currency: CurrencyCode | None = None


class InvoicesQuery(ApiInput, frozen=True, kw_only=True):
    """A page of invoices."""

    customer: Annotated[ShortText, Meta(description="The id of a customer.")] = ""
    limit: Limit = 50
    cursor: Cursor | None = None


@endpoint("GET", "/invoices", needs=FINANCE)
async def list_invoices(call: ApiCall, query: InvoicesQuery) -> Answer[Items[InvoiceView]]:
    """The invoices, the last issued first. Whoever may see some locations only sees none."""
    page = await call.queries.invoices(
        call.company, customer=query.customer, cursor=query.cursor, limit=query.limit
    )
    items = Items(items=[_view(row) for row in page.items], cursor=page.cursor)
    return Answer(items, next_link(call.request, page.cursor))


@endpoint("POST", "/invoices", status=201, refusals=(404, 409), operation=invoices.issue)
async def issue_invoice(call: ApiCall, body: NewInvoice) -> Answer[InvoiceView]:
    """Issue an invoice with the next number of the fiscal year.

    Needs complete billing data of the company, and the customer's country. What is on an invoice is on no
    other one, and its bill changes no more.
    """
    invoice = call.new_id()
    wanted = InvoiceInput(
        invoice=invoice,
        customer=body.customer_id,
        first=body.first,
        last=body.last,
        group=body.group_id,
        currency=body.currency or "",
    )
    await call.run(invoices.issue, wanted)
    row = await call.queries.invoice(call.company, invoice)
    if row is None:
        raise not_found()
    return Answer(_view(row), {"Location": f"/api/v1/invoices/{invoice}"})


@endpoint("GET", "/invoices/{invoice}", media=(PDF, XML_TYPE), refusals=(409,), needs=FINANCE)
async def get_invoice(call: ApiCall, invoice: str) -> Response:
    """An invoice by its id or number: a PDF/A-3 with the XML of EN 16931 in it (Factur-X).

    With `Accept: application/xml` it is the XML alone; 409 in currencies with three decimals, which EN 16931
    does not have. Always the same bytes.
    """
    xml = XML_TYPE in call.request.headers.get("accept", "")
    return await invoice_file(call.dependencies, call.queries, call.company, invoice, xml=xml)


def _view(row: InvoiceRow) -> InvoiceView:
    amounts = amounts_of(row)
    return InvoiceView(
        id=row.id,
        number=row.number,
        at=utc(row.at),
        customer_id=row.customer,
        group_id=row.group,
        first=row.first,
        last=row.last,
        issued_on=row.issued_on,
        due_on=row.due_on,
        total=paid(amounts.gross),
        net=paid(amounts.net),
        vat=paid(amounts.vat),
        rounding=paid(amounts.rounding) if amounts.rounding.minor else None,
        session_ids=[each.session for each in row.sessions],
        booking_ids=[each.booking for each in row.fees],
    )


ENDPOINTS = (list_invoices, issue_invoice, get_invoice)
