"""A session's receipt, for the API and the pages: what is printed, in the language of the company."""

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import counted, kwh, money, percent, price
from eosvolt.adapters.http.presentation.instants import exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.adapters.http.presentation.pricing import Priced, priced
from eosvolt.application.receipts import Receipt, ReceiptLine, ReceiptSum
from eosvolt.domain.documents.register import FISCAL_TIME_ZONE
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Taxed
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.locations import LocationRow
from eosvolt.projections.session_row import SessionReceipt, SessionRow, SessionStatus

# Nothing is added to the bill of a session that has one of these states.
_OVER = (SessionStatus.COMPLETED, SessionStatus.FAILED)


async def receipt_file(
    dependencies: Dependencies, queries: Queries, company: int, session: str, number: str = ""
) -> Response:
    """The receipt of a session as a PDF to download: the one with the ``number``, or else the newest.

    A receipt with a number says what was so when it was issued. Raises a 404 ``Problem`` for a session or
    number that is not there or not visible, ``Rejected`` for a session that is not over.
    """
    row = await queries.session(company, session)
    if row is None:
        raise not_found()
    issued = _issued(row, number)
    if issued is None and number:
        raise not_found()
    if issued is not None:
        queries = queries.as_of(issued.at)
        row = await queries.session(company, session)
    issuer = await queries.company(company)
    if row is None or issuer is None:
        raise not_found()
    if row.status not in _OVER:
        raise Rejected("This session is not over yet. Its receipt is available once the plug is free.")
    place = await queries.location(company, row.location)
    with speaking(language(issuer.preferences.language.value)):
        receipt = receipt_of(row, issuer, place, issued)
    logo = await logo_of(dependencies, issuer)
    content = await dependencies.documents.receipt(receipt, logo)
    file = str(row.number) if issued is None else issued.number.replace("/", "-")
    return attachment(content, f"receipt-{file}.pdf")


def _issued(row: SessionRow, number: str) -> SessionReceipt | None:
    """The receipt with the number, or else the newest that says what the session cost."""
    if number:
        return next((each for each in row.receipts if each.number == number), None)
    # A bill that was corrected a moment ago has no number yet: the figures count.
    return row.receipts[-1] if row.receipts and row.receipt_due_at is None else None


def receipt_of(
    row: SessionRow, issuer: CompanyRow, place: LocationRow | None, issued: SessionReceipt | None = None
) -> Receipt:
    """The receipt of a session that is over, in the language that is spoken now; ``issued``: its number."""
    ended = row.freed_at or row.ended_at or row.started_at
    bill = priced(row, ended)
    session = gettext("Session {number}", number=row.number)
    facts = _facts(row, place)
    if issued is not None:
        zone = issuer.preferences.fiscal_time_zone or FISCAL_TIME_ZONE
        facts = [
            (gettext("Date"), exact_moment(issued.at, zone)),
            (gettext("Session"), str(row.number)),
            *facts,
        ]
    return Receipt(
        language=current().code,
        title=gettext("Receipt"),
        subject=session if issued is None else issued.number,
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple(facts),
        columns=line_columns(),
        lines=tuple(_line(each, row) for each in bill.all_lines),
        sums=_sums(bill),
        total_label=gettext("Total, VAT included"),
        total=money(bill.total.gross),
        rate_columns=(gettext("VAT rate"), gettext("Net"), gettext("VAT"), gettext("Gross")),
        rates=_rates(row, bill.total) if bill.all_lines else (),
        notes=tuple(_notes(row, issuer, bill, issued)),
        page_label=gettext("Page"),
        at=ended if issued is None else issued.at,
    )


def line_columns() -> tuple[str, ...]:
    """The headings of a document's lines."""
    return (
        gettext("What"),
        gettext("From"),
        gettext("To"),
        gettext("Quantity"),
        gettext("Price"),
        gettext("Amount"),
    )


def _facts(row: SessionRow, place: LocationRow | None) -> list[tuple[str, str]]:
    plug = f"{row.charge_point} · {row.connector}" if row.connector else row.charge_point
    facts = [
        (gettext("Location"), row.location if place is None else place.details.name),
        (gettext("Address"), "" if place is None else place.details.address),
        (gettext("Charger and plug"), plug),
        (gettext("Token"), row.token),
        (gettext("Start"), exact_moment(row.started_at, row.time_zone)),
        (gettext("End"), exact_moment(row.ended_at, row.time_zone)),
        (gettext("Unplugged"), exact_moment(row.freed_at, row.time_zone)),
        (gettext("Energy"), f"{kwh(row.energy_wh)} kWh"),
    ]
    return [(label, text) for label, text in facts if text]


def _line(line: PriceLine, row: SessionRow) -> ReceiptLine:
    names = {
        "energy": gettext("Energy"),
        "time": gettext("Time"),
        "blockingFee": gettext("Blocking fee"),
    }
    what = names.get(line.kind, line.kind)
    if not line.price and row.tariff is not None and row.tariff.free_wh:
        what = gettext("{what}, free with the booking", what=what)
    return ReceiptLine(
        what=what,
        since=exact_moment(line.since, row.time_zone),
        until=exact_moment(line.until, row.time_zone),
        quantity=counted(line),
        price=price(line.price, row.currency),
        gross=money(line.gross),
    )


def _sums(bill: Priced) -> tuple[ReceiptSum, ...]:
    """Charging and blocking fees apart, where there are both."""
    if not (bill.lines and bill.fees):
        return ()
    return (
        _sum(gettext("Charging"), bill.charging),
        _sum(gettext("Blocking fees"), bill.blocking),
    )


def _rates(row: SessionRow, total: Taxed) -> tuple[ReceiptSum, ...]:
    """The amounts by VAT rate; the tariff of a session has one."""
    return () if row.tariff is None else (_sum(percent(row.tariff.vat_rate), total),)


def _sum(name: str, amounts: Taxed) -> ReceiptSum:
    return ReceiptSum(name=name, net=money(amounts.net), vat=money(amounts.vat), gross=money(amounts.gross))


def _notes(row: SessionRow, company: CompanyRow, bill: Priced, issued: SessionReceipt | None) -> list[str]:
    support = company.support
    ways = " · ".join(each for each in (support.phone, support.email, support.hours) if each)
    corrected = "" if issued is None else issued.corrects
    notes = [
        gettext("This receipt corrects receipt {number} and takes its place.", number=corrected)
        if corrected
        else "",
        "" if bill.all_lines else gettext("Nothing to pay."),
        gettext("Prices include VAT. Times are those of {time_zone}.", time_zone=row.time_zone),
        gettext("The end of this session was estimated.") if row.provisional else "",
        gettext("Support: {ways}", ways=ways) if ways else "",
    ]
    return [note for note in notes if note]
