"""The credit note of a refund, for the API and the pages.

It says what was so when it was issued: later changes of the company's details and logo, or of the location,
do not change it. Where the session was on an invoice by then, it names the invoice and to whom that went, and
has an XML of EN 16931 in it as the invoice has.
"""

from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import money, percent
from eosvolt.adapters.http.presentation.instants import date_text, exact_moment
from eosvolt.adapters.http.presentation.invoice import recipient_lines
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.adapters.http.presentation.receipt import line_columns
from eosvolt.application.invoices import ElectronicCreditNote, ElectronicLine
from eosvolt.application.receipts import Receipt, ReceiptLine, ReceiptSum
from eosvolt.domain.calendar import local_date
from eosvolt.domain.companies.settings import BillingDetails
from eosvolt.domain.documents.register import FISCAL_TIME_ZONE
from eosvolt.domain.money import Money
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.invoices import InvoiceRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.refunds import Refund
from eosvolt.projections.session_row import SessionRow


async def credit_note_file(
    dependencies: Dependencies, queries: Queries, company: int, session: str, refund: str
) -> Response:
    """The credit note of a refund as a PDF to download.

    Raises a 404 ``Problem`` for a session or a refund that is not there or not visible.
    """
    row = await queries.session(company, session)
    issued = None if row is None else next((each for each in row.refunds if str(each.number) == refund), None)
    if row is None or issued is None:
        raise not_found()
    issuer, place = await issuer_then(queries, company, row.location, issued.at)
    credited = await credited_invoice(dependencies, company, issued.invoice)
    with speaking(language(issuer.preferences.language.value)):
        document = credit_note_of(row, issued, issuer, place, credited)
        electronic = None if credited is None else _electronic(row, issued, issuer, credited)
    content = await credit_note_pdf(dependencies, issuer, document, electronic)
    return attachment(content, f"credit-note-{row.number}-{issued.number}.pdf")


async def issuer_then(
    queries: Queries, company: int, location: str, at: datetime | None
) -> tuple[CompanyRow, LocationRow | None]:
    """The company and a location of it as they were at an instant (``None``: as they are).

    Raises a 404 ``Problem`` for a company that is not there.
    """
    then = queries if at is None else queries.as_of(at)
    issuer = await then.company(company)
    if issuer is None:
        raise not_found()
    return issuer, await then.location(company, location)


async def credit_note_pdf(
    dependencies: Dependencies, issuer: CompanyRow, document: Receipt, electronic: ElectronicCreditNote | None
) -> bytes:
    """A credit note with the company's logo, and with the XML in it where there is an invoice."""
    logo = await logo_of(dependencies, issuer)
    if electronic is None:
        return await dependencies.documents.receipt(document, logo)
    return await dependencies.documents.credit_note(document, electronic, logo)


class CreditedInvoice(NamedTuple):
    """The invoice that a credit note credits, and to whom it went."""

    row: InvoiceRow
    recipient: BillingDetails


async def credited_invoice(dependencies: Dependencies, company: int, number: str) -> CreditedInvoice | None:
    """The invoice with a number (empty: none); the same for whoever sees the credit note."""
    row = await dependencies.queries.invoice(company, number) if number else None
    if row is None:
        return None
    recipient = await dependencies.invoice_recipients.invoice_recipient(company, row.id)
    return None if recipient is None else CreditedInvoice(row, recipient)


def credit_note_of(
    row: SessionRow,
    refund: Refund,
    issuer: CompanyRow,
    place: LocationRow | None,
    credited: CreditedInvoice | None = None,
) -> Receipt:
    """The credit note of a refund, in the language that is spoken now."""
    back = refund.refunded
    what = gettext("Refund of session {number}", number=row.number)
    rate = percent(row.tariff.vat_rate) if row.tariff is not None else ""
    rates = ReceiptSum(name=rate, net=money(back.net), vat=money(back.vat), gross=money(back.gross))
    return Receipt(
        language=current().code,
        title=gettext("Credit note"),
        subject=refund.credit_note,
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple(_facts(row, refund, issuer, place, credited)),
        columns=line_columns(),
        lines=(
            ReceiptLine(
                what=what,
                since=exact_moment(row.started_at, row.time_zone),
                until=exact_moment(row.ended_at, row.time_zone),
                quantity="1",
                price=money(back.gross),
                gross=money(back.gross),
            ),
        ),
        sums=(),
        total_label=gettext("Refunded, VAT included"),
        total=money(back.gross),
        rate_columns=(gettext("VAT rate"), gettext("Net"), gettext("VAT"), gettext("Gross")),
        rates=(rates,),
        notes=(
            gettext("Reason: {reason}", reason=refund.reason),
            _effect(row, credited),
            gettext("Prices include VAT. Times are those of {time_zone}.", time_zone=row.time_zone),
        ),
        page_label=gettext("Page"),
        at=refund.at,
    )


def _effect(row: SessionRow, credited: CreditedInvoice | None) -> str:
    """What the credit note changes."""
    if credited is None:
        return gettext(
            "This credit note reduces the amount of session {number}: what was paid of it is given back.",
            number=row.number,
        )
    return effect_on_invoice(credited)


def effect_on_invoice(credited: CreditedInvoice) -> str:
    """What a credit note changes of the invoice that it credits."""
    return gettext(
        "This credit note corrects invoice {number}: its amount is deducted, or given back if it was paid.",
        number=credited.row.number,
    )


def _electronic(
    row: SessionRow, refund: Refund, issuer: CompanyRow, credited: CreditedInvoice
) -> ElectronicCreditNote:
    first, last = (local_date(at or row.started_at, row.time_zone) for at in (row.started_at, row.ended_at))
    line = ElectronicLine(
        name=gettext("Refund of session {number}", number=row.number),
        description=refund.reason,
        since=first,
        until=last,
        gross=refund.refunded.gross,
        rate=Decimal(0) if row.tariff is None else row.tariff.vat_rate,
    )
    return electronic_credit_note(refund, line, _effect(row, credited), issuer, credited)


def electronic_credit_note(
    refund: Refund,
    line: ElectronicLine,
    terms: str,
    issuer: CompanyRow,
    credited: CreditedInvoice,
) -> ElectronicCreditNote:
    """What programs read of the credit note of a refund, which credits a part of an invoice."""
    return ElectronicCreditNote(
        number=refund.credit_note,
        issued_on=local_date(refund.at, issuer.preferences.fiscal_time_zone or FISCAL_TIME_ZONE),
        first=line.since,
        last=line.until,
        seller=issuer.billing,
        buyer=credited.recipient,
        currency=refund.refunded.gross.currency,
        lines=(line,),
        terms=terms,
        credits=credited.row.number,
        credits_on=credited.row.issued_on,
        refunded=refund.refunded,
    )


def _facts(
    row: SessionRow,
    refund: Refund,
    issuer: CompanyRow,
    place: LocationRow | None,
    credited: CreditedInvoice | None,
) -> list[tuple[str, str]]:
    before = sum(each.refunded.gross.minor for each in row.refunds if each.number < refund.number)
    zone = issuer.preferences.fiscal_time_zone or FISCAL_TIME_ZONE
    facts = [
        (gettext("Date"), exact_moment(refund.at, zone)),
        *invoice_facts(credited),
        (gettext("Session"), str(row.number)),
        (gettext("Location"), row.location if place is None else place.details.name),
        (gettext("Address"), "" if place is None else place.details.address),
        (gettext("Token"), row.token),
        (gettext("Cost of the session"), money(Money(row.currency, row.total_gross))),
        (gettext("Refunded before"), money(Money(row.currency, before)) if before else ""),
    ]
    return [(label, text) for label, text in facts if text]


def invoice_facts(credited: CreditedInvoice | None) -> list[tuple[str, str]]:
    """What a credit note says of the invoice that it credits."""
    if credited is None:
        return []
    return [
        (gettext("Invoice"), f"{credited.row.number}, {date_text(credited.row.issued_on, 'long')}"),
        (gettext("Invoice to"), ", ".join(recipient_lines(credited.recipient))),
    ]
