"""The receipt of the fee of a booking, and the credit notes of its refunds, for the API and the pages.

They say what was so when they were issued, as those of sessions do.
"""

from datetime import datetime

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import money, percent
from eosvolt.adapters.http.presentation.credit_note import (
    CreditedInvoice,
    credit_note_pdf,
    credited_invoice,
    effect_on_invoice,
    electronic_credit_note,
    invoice_facts,
    issuer_then,
)
from eosvolt.adapters.http.presentation.instants import exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.adapters.http.presentation.receipt import line_columns
from eosvolt.application.invoices import ElectronicCreditNote, ElectronicLine
from eosvolt.application.receipts import Receipt, ReceiptLine, ReceiptSum
from eosvolt.domain.calendar import local_date
from eosvolt.domain.documents.register import FISCAL_TIME_ZONE
from eosvolt.domain.money import Money, Taxed
from eosvolt.projections.booking_fees import BookingFeeRow
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.refunds import Refund


async def fee_receipt_file(
    dependencies: Dependencies, queries: Queries, company: int, booking: str
) -> Response:
    """The receipt of the fee of a booking as a PDF to download; without a number until it is issued.

    Raises a 404 ``Problem`` for a booking that is not there or not visible, or whose fee is not owed.
    """
    row = await queries.booking_fee(company, booking)
    if row is None:
        raise not_found()
    issuer, place = await issuer_then(queries, company, row.location, row.receipt_at)
    with speaking(language(issuer.preferences.language.value)):
        receipt = _receipt(row, issuer, place)
    content = await dependencies.documents.receipt(receipt, await logo_of(dependencies, issuer))
    name = row.receipt.replace("/", "-") or f"booking-{row.id[:8]}"
    return attachment(content, f"receipt-{name}.pdf")


async def fee_credit_note_file(
    dependencies: Dependencies, queries: Queries, company: int, booking: str, refund: str
) -> Response:
    """The credit note of a refund of the fee as a PDF to download.

    Raises a 404 ``Problem`` for a booking or a refund that is not there or not visible.
    """
    row = await queries.booking_fee(company, booking)
    issued = None if row is None else next((each for each in row.refunds if str(each.number) == refund), None)
    if row is None or issued is None:
        raise not_found()
    issuer, place = await issuer_then(queries, company, row.location, issued.at)
    credited = await credited_invoice(dependencies, company, issued.invoice)
    with speaking(language(issuer.preferences.language.value)):
        document = _credit_note(row, issued, issuer, place, credited)
        electronic = None if credited is None else _electronic(row, issued, issuer, credited)
    content = await credit_note_pdf(dependencies, issuer, document, electronic)
    return attachment(content, f"credit-note-{issued.credit_note.replace('/', '-')}.pdf")


def _receipt(row: BookingFeeRow, issuer: CompanyRow, place: LocationRow | None) -> Receipt:
    zone = issuer.preferences.fiscal_time_zone or FISCAL_TIME_ZONE
    issued_at = row.receipt_at or row.charged_at
    return _document(
        row,
        issuer,
        title=gettext("Receipt"),
        subject=row.receipt or gettext("Booking"),
        what=gettext("Booking fee"),
        amount=row.total,
        facts=[(gettext("Date"), exact_moment(issued_at, zone)), *_facts(row, place)],
        total_label=gettext("Total, VAT included"),
        notes=[],
        at=issued_at,
    )


def _credit_note(
    row: BookingFeeRow,
    refund: Refund,
    issuer: CompanyRow,
    place: LocationRow | None,
    credited: CreditedInvoice | None,
) -> Receipt:
    zone = issuer.preferences.fiscal_time_zone or FISCAL_TIME_ZONE
    before = sum(each.refunded.gross.minor for each in row.refunds if each.number < refund.number)
    facts = [
        (gettext("Date"), exact_moment(refund.at, zone)),
        *invoice_facts(credited),
        *_facts(row, place),
        (gettext("Booking fee"), money(row.total.gross)),
        (gettext("Refunded before"), money(Money(row.currency, before)) if before else ""),
    ]
    return _document(
        row,
        issuer,
        title=gettext("Credit note"),
        subject=refund.credit_note,
        what=gettext("Refund of the booking fee"),
        amount=refund.refunded,
        facts=facts,
        total_label=gettext("Refunded, VAT included"),
        notes=[gettext("Reason: {reason}", reason=refund.reason), _effect(credited)],
        at=refund.at,
    )


def _document(
    row: BookingFeeRow,
    issuer: CompanyRow,
    *,
    title: str,
    subject: str,
    what: str,
    amount: Taxed,
    facts: list[tuple[str, str]],
    total_label: str,
    notes: list[str],
    at: datetime,
) -> Receipt:
    gross = money(amount.gross)
    rates = ReceiptSum(name=percent(row.vat_rate), net=money(amount.net), vat=money(amount.vat), gross=gross)
    line = ReceiptLine(
        what=what,
        since=exact_moment(row.since, row.time_zone),
        until=exact_moment(row.until, row.time_zone),
        quantity="1",
        price=gross,
        gross=gross,
    )
    times = gettext("Prices include VAT. Times are those of {time_zone}.", time_zone=row.time_zone)
    return Receipt(
        language=current().code,
        title=title,
        subject=subject,
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple((label, text) for label, text in facts if text),
        columns=line_columns(),
        lines=(line,),
        sums=(),
        total_label=total_label,
        total=gross,
        rate_columns=(gettext("VAT rate"), gettext("Net"), gettext("VAT"), gettext("Gross")),
        rates=(rates,),
        notes=(*notes, times),
        page_label=gettext("Page"),
        at=at,
    )


def _facts(row: BookingFeeRow, place: LocationRow | None) -> list[tuple[str, str]]:
    return [
        (gettext("Location"), row.location if place is None else place.details.name),
        (gettext("Address"), "" if place is None else place.details.address),
        (gettext("Charger and plug"), f"{row.charge_point} · {row.connector}"),
        (gettext("Token"), row.token),
        (gettext("Start"), exact_moment(row.since, row.time_zone)),
        (gettext("End"), exact_moment(row.until, row.time_zone)),
        (gettext("Slots"), str(row.slots)),
    ]


def _effect(credited: CreditedInvoice | None) -> str:
    if credited is None:
        return gettext("This credit note reduces the booking fee: what was paid of it is given back.")
    return effect_on_invoice(credited)


def _electronic(
    row: BookingFeeRow, refund: Refund, issuer: CompanyRow, credited: CreditedInvoice
) -> ElectronicCreditNote:
    first, last = (local_date(at, row.time_zone) for at in (row.since, row.until))
    line = ElectronicLine(
        name=gettext("Refund of the booking fee"),
        description=refund.reason,
        since=first,
        until=last,
        gross=refund.refunded.gross,
        rate=row.vat_rate,
    )
    return electronic_credit_note(refund, line, _effect(credited), issuer, credited)
