"""The approved statement of a home charger as a PDF. It says nothing of what became of it afterwards."""

import asyncio
from typing import NamedTuple

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import Problem, not_found
from eosvolt.adapters.http.framework.texts import Text, current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import count, kwh, money, price
from eosvolt.adapters.http.presentation.exports import place_of
from eosvolt.adapters.http.presentation.home_statements import StatedMonth, file_name
from eosvolt.adapters.http.presentation.instants import date_text, exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.application.statements import PrintedStatement
from eosvolt.domain.home_statements.statement import StatementLine
from eosvolt.domain.money import Money
from eosvolt.domain.price_profiles.reimbursement import SourceKind
from eosvolt.projections.companies import CompanyRow

SOURCES = {SourceKind.CONTRACT: Text("Contract price"), SourceKind.FLAT_RATE: Text("Flat rate")}


class StatementParties(NamedTuple):
    """The names of owner and payer; of the erased their ids, of the company as the payer its own."""

    owner: str
    payer: str


async def home_statement_pdf(
    dependencies: Dependencies, queries: Queries, company: int, found: StatedMonth
) -> Response:
    """The statement as a PDF to download, in the company's language.

    Raises a 409 ``Problem`` for one that is not approved, a 429 one if too many files are being written.
    """
    if found.approved_at is None:
        raise Problem(409, "A statement is a document once it is approved.")
    issuer = await queries.as_of(found.approved_at).company(company)
    if issuer is None:
        raise not_found()
    parties = await statement_parties(dependencies, issuer, found)
    logo = await logo_of(dependencies, issuer)
    with place_of(dependencies, company), speaking(language(issuer.preferences.language.value)):
        document = await asyncio.to_thread(home_statement_document, found, issuer, parties)
        content = await dependencies.documents.statement(document, logo)
    return attachment(content, f"{file_name(found)}.pdf")


async def statement_parties(
    dependencies: Dependencies, issuer: CompanyRow, found: StatedMonth
) -> StatementParties:
    """Who is reimbursed, and by whom."""
    ids = {each for each in (found.owner, found.payer) if each}
    people = await dependencies.customers.people(issuer.company, ids)
    names = {key: person.billing.legal_name or person.name for key, person in people.items()}
    own = issuer_name(issuer)
    payer = names.get(found.payer, found.payer) if found.payer else own
    return StatementParties(names.get(found.owner, found.owner), payer)


def home_statement_document(
    found: StatedMonth, issuer: CompanyRow, parties: StatementParties
) -> PrintedStatement:
    """The texts of an approved statement, in the language that is spoken now."""
    month = date_text(found.month, "LLLL y")
    facts = (
        (gettext("Owner"), parties.owner),
        (gettext("Paid by"), parties.payer),
        (gettext("Home charger"), found.charger),
        (gettext("Approved"), exact_moment(found.approved_at, found.time_zone)),
        (gettext("Sessions"), count(len(found.lines))),
    )
    return PrintedStatement(
        language=current().code,
        title=gettext("Reimbursement"),
        subject=gettext("Charging at home, {month}", month=month),
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple((label, text) for label, text in facts if text),
        sums=(
            (gettext("Business energy in kWh"), kwh(found.business_wh)),
            (gettext("Private energy in kWh"), kwh(found.private_wh)),
        ),
        total=(gettext("Reimbursed"), money(Money(found.currency, found.amount))),
        rest=(),
        lines_title=gettext("Sessions"),
        columns=(
            gettext("Session"),
            gettext("Start and end"),
            gettext("Use"),
            gettext("Register in kWh"),
            gettext("Price and source"),
            gettext("kWh"),
            gettext("Amount"),
        ),
        lines=tuple(_cells(line, found) for line in found.lines),
        notes=(
            gettext("Only metered energy counts. Each amount is the energy times the price, rounded."),
            gettext("What was corrected after an approval is in the next statement, as a difference."),
            gettext("Times are those of {time_zone}.", time_zone=found.time_zone),
        ),
        page_label=gettext("Page"),
        at=found.approved_at or issuer.registered_at,
    )


def source_text(line: StatementLine, currency: str) -> str:
    """The price of a session and where it comes from; empty for a private one."""
    source = line.source
    if source is None:
        return ""
    amount = price(source.price, currency)
    if source.base_share:
        amount = f"{amount} + {price(source.base_share, currency)}"
    return f"{amount} · {SOURCES[source.kind]}: {source.evidence}"


def _cells(line: StatementLine, found: StatedMonth) -> tuple[str, ...]:
    use = gettext("Business") if line.business else gettext("Private")
    start, stop = ("?" if wh is None else kwh(wh) for wh in (line.meter_start_wh, line.meter_stop_wh))
    return (
        str(line.number),
        f"{exact_moment(line.started_at, found.time_zone)}\n{exact_moment(line.ended_at, found.time_zone)}",
        gettext("{use}, corrected", use=use) if line.corrects else use,
        f"{start} – {stop}",
        source_text(line, found.currency),
        kwh(line.energy_wh),
        money(Money(found.currency, line.amount)),
    )
