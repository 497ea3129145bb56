"""The transaction history and the VAT report as tables for files, for pages and API."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.ports.queries import Page, Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE, dated, download, local, pages
from eosvolt.application.ledger_questions import TransactionFilter
from eosvolt.application.ledger_reports import VatLine, VatPeriod, vat_report
from eosvolt.application.payment_methods import payment_method
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.domain.money import Money
from eosvolt.projections.ledger import LedgerRow

TRANSACTION_COLUMNS = (
    "entry", "day", "time (local)", "time (UTC)", "time zone", "kind", "session", "location", "location id",
    "charger", "currency", "gross", "net", "VAT", "VAT rate", "country", "balance", "reference",
    "customer id", "payment method", "booking",
)  # fmt: skip
VAT_COLUMNS = ("period", "country", "VAT rate", "currency", "net", "VAT", "gross")


async def transactions_download(
    dependencies: Dependencies,
    queries: Queries,
    company: int,
    wanted: TransactionFilter,
    *,
    days: tuple[date, date],
    everywhere: bool,
    now: datetime,
    as_of: datetime | None,
    form: TableFormat,
) -> Download:
    """The file of the wanted entries of ``days``, the first and the last; ``wanted`` says the same.

    The balance is the company's: it is left out unless the reader may see the entries of ``everywhere``.
    """
    rows = await queries.locations(company, removed=True, homes=True)
    places = {row.location: (row.name, row.tariff.time_zone) for row in rows}

    async def page(snapshot: Queries, cursor: str | None) -> Page[LedgerRow]:
        return await snapshot.transactions(company, wanted, cursor=cursor, limit=AT_ONCE, as_of=as_of)

    cells = partial(transaction_cells, places=places, everywhere=everywhere)
    table = Table("Transactions", now, TRANSACTION_COLUMNS, cells)
    name = dated("transactions", *days)
    return await download(dependencies, company, name, table, pages(queries, page), form)


def transaction_cells(
    row: LedgerRow, *, places: Mapping[str, tuple[str, str]], everywhere: bool
) -> tuple[Cell, ...]:
    """The cells of an entry, by ``TRANSACTION_COLUMNS``; ``places`` are names and zones of locations."""
    name, zone = places.get(row.location, ("", "UTC"))
    return (
        row.id,
        row.day.isoformat() if row.day else "",
        local(row.at, zone),
        row.at,
        zone,
        row.kind,
        row.number,
        name,
        row.location,
        row.charge_point,
        row.currency,
        Money(row.currency, row.gross).amount,
        Money(row.currency, row.net).amount,
        Money(row.currency, row.vat).amount,
        row.vat_rate,
        row.country,
        Money(row.currency, row.balance).amount if everywhere else None,
        row.reference,
        row.customer,
        payment_method(row.customer, row.payment).value if row.session or row.booking else "",
        row.booking,
    )


async def vat_download(
    dependencies: Dependencies,
    queries: Queries,
    company: int,
    year: int,
    *,
    by: VatPeriod,
    now: datetime,
    as_of: datetime | None,
    form: TableFormat,
) -> Download:
    """The VAT report of a year as a file."""

    async def lines() -> AsyncGenerator[Sequence[VatLine], None]:
        yield await vat_lines(queries, company, year, by=by, as_of=as_of)

    table = Table("VAT", now, VAT_COLUMNS, _vat_cells)
    return await download(dependencies, company, f"vat-{year}", table, lines(), form)


async def vat_lines(
    queries: Queries, company: int, year: int, *, by: VatPeriod, as_of: datetime | None
) -> list[VatLine]:
    """The VAT report of a year, of local days."""
    found = await queries.ledger_days(company, date(year, 1, 1), date(year + 1, 1, 1), as_of=as_of)
    return vat_report(found, by)


def _vat_cells(line: VatLine) -> tuple[Cell, ...]:
    amounts = (Money(line.currency, minor).amount for minor in (line.net, line.vat, line.gross))
    return (line.period, line.country, line.vat_rate, line.currency, *amounts)
