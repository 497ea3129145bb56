"""The statement of a withdrawal as a PDF: what led to it, and each movement.

It says what was so when the withdrawal was requested, and nothing of what became of it afterwards: whenever
it is downloaded it is the same file.
"""

import asyncio
from collections.abc import Mapping

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.framework.texts import current, gettext, language, speaking
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.amounts import count, money
from eosvolt.adapters.http.presentation.entry_kinds import STATEMENT_LABELS
from eosvolt.adapters.http.presentation.exports import place_of
from eosvolt.adapters.http.presentation.instants import date_text, day_pattern, exact_moment
from eosvolt.adapters.http.presentation.letterhead import attachment, issuer_lines, issuer_name, logo_of
from eosvolt.adapters.http.presentation.withdrawals import WithdrawalStatement, statement
from eosvolt.application.statements import PrintedStatement
from eosvolt.domain.money import Money
from eosvolt.projections.companies import CompanyRow

# With more movements a line is the sum of a day and a kind: nobody reads hundreds of pages, and the other
# files have each movement.
LISTED = 2_000


async def statement_pdf(dependencies: Dependencies, queries: Queries, company: int, payout: str) -> Response:
    """The statement of a withdrawal as a PDF to download.

    Raises a 404 ``Problem`` if there is no such withdrawal, a 429 one if too many files are being written.
    """
    found = await statement(queries, company, payout, LISTED)
    then = queries.as_of(found.payout.requested_at)
    issuer = await then.company(company)
    if issuer is None:
        raise not_found()
    places = {row.location: row.name for row in await then.locations(company, removed=True, homes=True)}
    logo = await logo_of(dependencies, issuer)
    with place_of(dependencies, company), speaking(language(issuer.preferences.language.value)):
        document = await asyncio.to_thread(statement_document, found, issuer, places)
        content = await dependencies.documents.statement(document, logo)
    return attachment(content, f"statement-{found.payout.requested_at:%Y-%m-%d}-{payout[:8]}.pdf")


def statement_document(
    found: WithdrawalStatement, issuer: CompanyRow, places: Mapping[str, str]
) -> PrintedStatement:
    """The texts of a statement, in the language that is spoken now; ``places`` are names of locations."""
    row = found.payout
    each = found.movement_count <= LISTED
    account = " · ".join(filter(None, (issuer.bank_account.iban, issuer.bank_account.bic)))
    facts = (
        (gettext("Requested"), exact_moment(row.requested_at, row.time_zone)),
        (gettext("Withdrawal"), row.id),
        (gettext("To the account"), account),
        (gettext("Movements"), count(found.movement_count)),
    )

    def of(minor: int) -> str:
        return money(Money(row.currency, minor))

    return PrintedStatement(
        language=current().code,
        title=gettext("Statement"),
        subject=gettext("Withdrawal of {amount}", amount=of(row.amount)),
        company=issuer_name(issuer),
        issuer=tuple(issuer_lines(issuer)),
        facts=tuple((label, text) for label, text in facts if text),
        sums=(
            (gettext("Available at the request before"), of(found.carried)),
            *((f"{STATEMENT_LABELS[kind]}", of(minor)) for kind, minor in found.sums.items()),
        ),
        total=(gettext("Available at this request"), of(row.available)),
        rest=(
            (gettext("This withdrawal"), of(-row.amount)),
            (gettext("Left"), of(row.available - row.amount)),
        ),
        lines_title=gettext("Movements"),
        columns=(
            *(
                (gettext("Date"), gettext("Kind"), gettext("Session"), gettext("Location"))
                if each
                else (gettext("Day"), gettext("Kind"), gettext("Movements"))
            ),
            gettext("Amount"),
            gettext("Balance"),
        ),
        lines=_each(found, places) if each else _by_day(found),
        notes=(
            gettext("The balance begins with what was available at the request before."),
            *(
                ()
                if each
                else (gettext("Each line is the sum of a day and a kind; the CSV file has each movement."),)
            ),
            gettext("Times are those of {time_zone}.", time_zone=row.time_zone),
        ),
        page_label=gettext("Page"),
        at=row.requested_at,
    )


def _each(found: WithdrawalStatement, places: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """A line for each movement."""
    row, balance, lines = found.payout, found.carried, []
    for movement in found.movements:
        balance += movement.gross
        lines.append(
            (
                exact_moment(movement.at, row.time_zone),
                f"{STATEMENT_LABELS[movement.kind]}",
                str(movement.number or ""),
                places.get(movement.location, movement.location),
                money(Money(row.currency, movement.gross)),
                money(Money(row.currency, balance)),
            )
        )
    return tuple(lines)


def _by_day(found: WithdrawalStatement) -> tuple[tuple[str, ...], ...]:
    """A line for each day and kind, the first day first."""
    row, balance, lines = found.payout, found.carried, []
    for each in found.days:
        balance += each.gross
        lines.append(
            (
                date_text(each.day, f"{day_pattern()} y"),
                f"{STATEMENT_LABELS[each.kind]}",
                count(each.movements),
                money(Money(row.currency, each.gross)),
                money(Money(row.currency, balance)),
            )
        )
    return tuple(lines)
