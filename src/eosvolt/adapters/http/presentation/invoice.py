"""Invoices for the API and the pages: as a PDF to download, and the XML that programs read.

An invoice says what was so when it was issued: later changes of company and locations do not change it.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from babel import Locale
from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import kwh, money, percent
from eosvolt.adapters.http.presentation.instants import date_text, exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.application.invoices import ElectronicInvoice, ElectronicLine, PrintedInvoice
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.invoices.amounts import InvoiceAmounts, invoice_amounts
from eosvolt.domain.invoices.events import InvoicedFee, InvoicedLine
from eosvolt.domain.kernel import Rejected
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.invoices import InvoiceRow

XML_TYPE = "application/xml"
NO_XML = "There is no electronic invoice in this currency: EN 16931 has amounts of two decimals."


async def invoice_file(
    dependencies: Dependencies, queries: Queries, company: int, invoice: str, *, xml: bool
) -> Response:
    """An invoice to download, by its id or number: a PDF with the XML in it, or the ``xml`` alone.

    Raises a 404 ``Problem`` for one that is not there or not visible, ``Rejected`` where there is no XML.
    """
    row = await queries.invoice(company, invoice)
    if row is None:
        raise not_found()
    recipient = await dependencies.invoice_recipients.invoice_recipient(company, row.id)
    if recipient is None:
        raise not_found()
    then = queries.as_of(row.at)
    issuer = await then.company(company)
    if issuer is None:
        raise not_found()
    places = {each.location: each.details.name for each in await then.locations(company)}
    name = f"invoice-{row.number.replace('/', '-')}"
    with speaking(language(issuer.preferences.language.value)):
        # The texts of a thousand sessions take a while.
        electronic = await asyncio.to_thread(_electronic, row, issuer, recipient, places)
        if xml:
            if not electronic.possible:
                raise Rejected(NO_XML)
            return attachment(await dependencies.documents.invoice_xml(electronic), f"{name}.xml", XML_TYPE)
        printed = await asyncio.to_thread(_printed, row, issuer, recipient, places)
    content = await dependencies.documents.invoice(printed, electronic, await logo_of(dependencies, issuer))
    return attachment(content, f"{name}.pdf")


def amounts_of(row: InvoiceRow) -> InvoiceAmounts:
    """The net amounts, VAT and rates of an invoice."""
    return invoice_amounts([(each.gross, each.vat_rate) for each in row.lines], row.currency)


def _electronic(
    row: InvoiceRow, issuer: CompanyRow, recipient: BillingDetails, places: dict[str, str]
) -> ElectronicInvoice:
    return ElectronicInvoice(
        number=row.number,
        issued_on=row.issued_on,
        due_on=row.due_on,
        first=row.first,
        last=row.last,
        seller=issuer.billing,
        buyer=recipient,
        currency=row.currency,
        lines=tuple(_electronic_line(each, places) for each in row.lines),
        terms=_terms(row),
    )


def _electronic_line(each: InvoicedLine, places: dict[str, str]) -> ElectronicLine:
    if isinstance(each, InvoicedFee):
        return ElectronicLine(
            name=gettext("Booking fee"),
            description=f"{exact_moment(each.since, each.time_zone)}, {_place(each, places)}",
            since=local_date(each.since, each.time_zone),
            until=local_date(each.until, each.time_zone),
            gross=each.gross,
            rate=each.vat_rate,
        )
    return ElectronicLine(
        name=gettext("Charging session {number}", number=each.number),
        description=f"{kwh(each.energy_wh)} kWh, {_place(each, places)}",
        since=local_date(each.started_at, each.time_zone),
        until=local_date(each.ended_at, each.time_zone),
        gross=each.gross,
        rate=each.vat_rate,
    )


def _printed(
    row: InvoiceRow, issuer: CompanyRow, recipient: BillingDetails, places: dict[str, str]
) -> PrintedInvoice:
    amounts = amounts_of(row)
    period = f"{_day(row.first)} – {_day(row.last)}"
    facts = [
        (gettext("Date"), _day(row.issued_on)),
        (gettext("Period of service"), period),
        (gettext("Payable by"), _day(row.due_on)),
    ]
    sums = [(gettext("Net"), money(amounts.net)), (gettext("VAT"), money(amounts.vat))]
    if amounts.rounding.minor:
        sums.append((gettext("Rounding"), money(amounts.rounding)))
    return PrintedInvoice(
        language=current().code,
        title=gettext("Invoice"),
        subject=row.number,
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple(facts),
        recipient_label=gettext("Invoice to"),
        recipient=tuple(recipient_lines(recipient)),
        columns=(
            gettext("Session"),
            gettext("Start"),
            gettext("Location"),
            gettext("kWh"),
            gettext("VAT"),
            gettext("Amount"),
        ),
        lines=tuple(_printed_line(each, places) for each in row.lines),
        rate_columns=(gettext("VAT rate"), gettext("Net"), gettext("VAT"), gettext("Gross")),
        rates=tuple(
            (percent(each.rate), money(each.net), money(each.vat), money(each.gross))
            for each in amounts.rates
        ),
        sums=tuple(sums),
        total_label=gettext("Total, VAT included"),
        total=money(amounts.gross),
        notes=(_terms(row), gettext("Amounts of lines include VAT, which is computed on their sum.")),
        page_label=gettext("Page"),
        at=row.at,
    )


def _printed_line(each: InvoicedLine, places: dict[str, str]) -> tuple[str, ...]:
    return (
        gettext("Booking fee") if isinstance(each, InvoicedFee) else str(each.number),
        exact_moment(each.since if isinstance(each, InvoicedFee) else each.started_at, each.time_zone),
        _place(each, places),
        "" if isinstance(each, InvoicedFee) else kwh(each.energy_wh),
        percent(each.vat_rate),
        money(each.gross),
    )


def _terms(row: InvoiceRow) -> str:
    return gettext("Payable by {day} without deduction.", day=_day(row.due_on))


def _place(each: InvoicedLine, places: dict[str, str]) -> str:
    plug = f"{each.charge_point} · {each.connector}" if each.connector else each.charge_point
    return f"{places.get(each.location, each.location)}, {plug}"


def recipient_lines(recipient: BillingDetails) -> Sequence[str]:
    """The lines of the address of whom a document goes to."""
    country = Locale.parse(current().locale).territories.get(recipient.country, recipient.country)
    vat_id = gettext("VAT id {vat_id}", vat_id=recipient.vat_id) if recipient.vat_id else ""
    town = f"{recipient.postal_code} {recipient.city}".strip()
    return [each for each in (recipient.legal_name, recipient.street, town, country, vat_id) if each]


def _day(day: date) -> str:
    return date_text(day, "long")
