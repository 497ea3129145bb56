"""``/finance/invoices``: the invoices, each of them, and the form of a new one."""

from datetime import date, timedelta
from uuid import uuid4

from starlette.responses import Response
from starlette.routing import Route

from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.presentation.customers import customer_page
from eosvolt.adapters.http.presentation.invoice import amounts_of, invoice_file
from eosvolt.adapters.http.web.finance.invoice_view_models import (
    InvoiceFormPage,
    InvoiceList,
    InvoicePage,
    InvoicesPage,
)
from eosvolt.adapters.http.web.shell import query_parameters
from eosvolt.adapters.http.web.shell.page_request import PageRequest
from eosvolt.adapters.http.web.shell.pages import Pages, redirect, show
from eosvolt.adapters.http.web.shell.refusal_texts import translated
from eosvolt.application.operations import invoices
from eosvolt.application.operations.invoices import InvoiceInput
from eosvolt.application.operations.operation import InvalidValue
from eosvolt.application.operations.views import FINANCE
from eosvolt.domain.calendar import local_date
from eosvolt.domain.documents.register import FISCAL_TIME_ZONE
from eosvolt.domain.kernel import Rejected

LIST = "/finance/invoices"
FORM = f"{LIST}/new"
PER_PAGE = 50
# Customers to choose from; others are reached from their own page.
_CUSTOMERS = 200


def invoice_routes(pages: Pages) -> list[Route]:
    """``/finance/invoices`` and below."""
    return [
        pages.get(LIST, invoice_list, {}, FINANCE),
        pages.form(FORM, ask, issue, marks=True, needs=invoices.ISSUE, operation=invoices.issue),
        pages.get(f"{LIST}/{{invoice}}", invoice, {}, FINANCE),
        pages.get(
            f"{LIST}/{{invoice}}/file",
            file,
            {"format": query_parameters.one_of(("pdf", "xml"))},
            FINANCE,
        ),
    ]


async def invoice_list(request: PageRequest) -> Response:
    """All invoices, the last issued first."""
    return await show(request, InvoicesPage(), {"invoice_list": _rows})


async def ask(request: PageRequest) -> Response:
    """The form, for the month before."""
    first = _today(request).replace(day=1)
    last = first - timedelta(days=1)
    typed = {
        "customer": request.query("customer"),
        "group": "",
        "first": last.replace(day=1).isoformat(),
        "last": last.isoformat(),
        "currency": "",
    }
    return await _form(request, typed, {})


async def issue(request: PageRequest) -> Response:
    """Issue the invoice."""
    typed = {name: request.form_value(name) for name in ("customer", "group", "first", "last", "currency")}
    wrong = request.invisible_characters
    days: dict[str, date] = {}
    for name in ("first", "last"):
        try:
            days[name] = date.fromisoformat(typed[name])
        except ValueError:
            wrong[name] = gettext("Enter a date.")
    if not typed["customer"]:
        wrong["customer"] = gettext("Choose a customer.")
    if wrong:
        return await _form(request, typed, wrong)
    wanted = InvoiceInput(
        invoice=str(uuid4()),
        customer=typed["customer"],
        group=typed["group"],
        first=days["first"],
        last=days["last"],
        currency=typed["currency"],
    )
    try:
        number = await request.run(invoices.issue, wanted)
    except InvalidValue as refusal:
        return await _form(request, typed, {refusal.field: translated(refusal)})
    except Rejected as refusal:
        return await _form(request, typed, {"customer": translated(refusal)})
    return redirect(f"{LIST}/{wanted.invoice}", gettext("Invoice {number} was issued.", number=number))


async def invoice(request: PageRequest) -> Response:
    """One invoice with its sessions."""
    row = await request.queries.invoice(request.number, request.path_parameter("invoice"))
    if row is None:
        raise not_found()
    recipient = await request.dependencies.invoice_recipients.invoice_recipient(request.number, row.id)
    group = await request.queries.customer_group(request.number, row.group) if row.group else None
    return await show(
        request,
        InvoicePage(
            row=row,
            amounts=amounts_of(row),
            recipient="" if recipient is None else recipient.legal_name,
            group=row.group if group is None else group.name,
        ),
    )


async def file(request: PageRequest) -> Response:
    """The PDF, or the XML alone."""
    return await invoice_file(
        request.dependencies,
        request.queries,
        request.number,
        request.path_parameter("invoice"),
        xml=request.query("format") == "xml",
    )


async def _rows(request: PageRequest) -> InvoiceList:
    found = await request.queries.invoices(
        request.number, cursor=request.query("cursor") or None, limit=PER_PAGE
    )
    people = await request.dependencies.customers.people(
        request.number, {row.customer for row in found.items}
    )
    return InvoiceList(
        rows=found.items,
        cursor=found.cursor,
        names={customer: person.name for customer, person in people.items()},
        everywhere=request.within is None,
    )


async def _form(request: PageRequest, typed: dict[str, str], wrong: dict[str, str]) -> Response:
    customers = await customer_page(
        request.queries, request.dependencies.customers, request.number, limit=_CUSTOMERS
    )
    people = {each.row.customer: each.person.name for each in customers.items}
    chosen = typed["customer"]
    if chosen and chosen not in people:
        person = await request.dependencies.customers.person(request.number, chosen)
        people |= {} if person is None else {chosen: person.name}
    groups = await request.queries.customer_groups(request.number)
    return await show(
        request,
        InvoiceFormPage(
            customers=[("", gettext("Choose…")), *people.items()],
            groups=[
                ("", gettext("The customer's own sessions")),
                *((each.group, each.name) for each in groups),
            ],
            typed=typed,
            problems=wrong,
            billing_complete=request.company.billing.complete,
        ),
        status=422 if wrong else 200,
    )


def _today(request: PageRequest) -> date:
    return local_date(request.now, request.company.preferences.fiscal_time_zone or FISCAL_TIME_ZONE)
