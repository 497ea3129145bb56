"""The next number of a company's documents, given together with what the document is about."""

from datetime import datetime

from eosvolt.application.executor import Application
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.companies.settings import Preferences
from eosvolt.domain.documents.commands import IssueDocument
from eosvolt.domain.documents.events import DocumentKind
from eosvolt.domain.documents.register import (
    NUMBERS_EACH,
    Register,
    document_number,
    documents,
    fiscal_year,
    register_key,
)
from eosvolt.domain.kernel import CommandEnvelope


async def next_document(
    application: Application,
    company: int,
    kind: DocumentKind,
    session: str,
    at: datetime,
    *,
    invoice: str = "",
    booking: str = "",
) -> tuple[str, CommandEnvelope]:
    """The next number, and the command that gives it to a document.

    It is about ``session`` or ``booking``, or is an ``invoice``.

    The number counts only once the plan with this command is stored. A plan that took the same number and was
    stored first is a conflict, after which the whole plan is made again.
    """
    issuer = await application.state(companies, str(company))
    preferences = issuer.preferences if isinstance(issuer, Company) else Preferences()
    year = fiscal_year(at, preferences.fiscal_time_zone)
    part, register = await _open_part(application, company, kind, year)
    sequence = part * NUMBERS_EACH + register.issued + 1
    number = document_number(preferences.invoice_prefix, kind, year, sequence)
    command = IssueDocument(
        company=company,
        kind=kind,
        fiscal_year=year,
        sequence=sequence,
        number=number,
        session=session,
        at=at,
        invoice=invoice,
        booking=booking,
    )
    key = register_key(company, kind, year, part)
    return number, CommandEnvelope(documents, key, command)


async def _open_part(
    application: Application, company: int, kind: DocumentKind, year: int
) -> tuple[int, Register]:
    """The first stream of the year's numbers that is not full; the full ones are all before it."""

    async def part(index: int) -> Register:
        return await application.state(documents, register_key(company, kind, year, index))

    highest = 0
    while (await part(highest)).issued == NUMBERS_EACH:
        highest = 2 * highest + 1
    lowest = (highest + 1) // 2
    while lowest < highest:
        middle = (lowest + highest) // 2
        if (await part(middle)).issued == NUMBERS_EACH:
            lowest = middle + 1
        else:
            highest = middle
    return lowest, await part(lowest)
