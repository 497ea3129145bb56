"""Statements of home chargers for pages and API: those that are to be approved, owed and paid."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.exports import download, local
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.domain.calendar import local_date
from eosvolt.domain.home_statements.statement import (
    ApprovedStatements,
    DraftStatement,
    StatementLine,
    drafts,
    month_after,
)
from eosvolt.domain.money import Money
from eosvolt.domain.price_profiles.reimbursement import PriceSource
from eosvolt.projections.home_chargers import HomeChargerRow
from eosvolt.projections.home_statements import HomeStatementRow, statement_id
from eosvolt.projections.price_profiles import PriceProfileRow

StatementState = Literal["running", "open", "approved", "paid"]
COLUMNS = (
    "session", "start (local)", "end (local)", "start (UTC)", "end (UTC)", "time zone", "charger", "use",
    "register at start (kWh)", "register at end (kWh)", "energy (kWh)", "price per kWh", "base price per kWh",
    "source", "evidence", "currency", "amount", "correction",
)  # fmt: skip


class StatedMonth(NamedTuple):
    """The statement of a home charger for a month; ``amount`` is in minor units of ``currency``.

    ``running``: the month is not over. ``open``: it can be approved. ``approved``: it is owed. ``paid``: it
    was paid, or there is nothing to pay. ``owner`` and ``payer`` are customers;
    both may be empty, the payer for the company itself.
    """

    id: str
    home: str
    charger: str
    month: date
    profile: str
    owner: str
    payer: str
    time_zone: str
    currency: str
    lines: Sequence[StatementLine]
    state: StatementState
    approved_at: datetime | None = None
    approved_by: str = ""
    paid_at: datetime | None = None
    reference: str = ""

    @property
    def amount(self) -> int:
        """What is owed to the owner."""
        return sum(line.amount for line in self.lines)

    @property
    def sources(self) -> Sequence[PriceSource]:
        """Where its prices come from, each once, in the order of its lines."""
        return list(dict.fromkeys(line.source for line in self.lines if line.source is not None))

    @property
    def business_wh(self) -> int:
        """The energy that is reimbursed."""
        return sum(line.energy_wh for line in self.lines if line.business)

    @property
    def private_wh(self) -> int:
        """The energy that is not."""
        return sum(line.energy_wh for line in self.lines if not line.business)

    @property
    def unpriced(self) -> bool:
        """Whether there is a session to be reimbursed of whose day no price is known."""
        return any(line.unpriced for line in self.lines)


async def home_statements(queries: Queries, company: int, now: datetime, home: str = "") -> list[StatedMonth]:
    """The statements of all home chargers or one, the newest month first."""
    return await _statements(queries, await _terms(queries, company), company, now, home)


async def approved_statements(queries: Queries, company: int) -> list[StatedMonth]:
    """The statements that were approved, the newest month first; no session is looked at for them."""
    homes = {row.location: row for row in await queries.home_chargers(company, removed=True)}
    found = [_of_row(row, homes) for row in await queries.home_statements(company)]
    return sorted(found, key=_newest_first, reverse=True)


async def statements_of_owner(
    queries: Queries, company: int, customer: str, now: datetime
) -> list[StatedMonth]:
    """The statements to a customer of the home chargers that are the customer's, the newest month first."""
    terms = await _terms(queries, company)
    found = [
        month
        for home in terms.homes.values()
        if home.owner == customer
        for month in await _statements(queries, terms, company, now, home.location)
        if month.owner == customer
    ]
    return sorted(found, key=lambda each: (each.month, each.charger), reverse=True)


class _Terms(NamedTuple):
    """The price profiles and home chargers of a company, also the removed ones, by their ids."""

    profiles: Mapping[str, PriceProfileRow]
    homes: Mapping[str, HomeChargerRow]


async def _terms(queries: Queries, company: int) -> _Terms:
    return _Terms(
        {row.profile: row for row in await queries.price_profiles(company, removed=True)},
        {row.location: row for row in await queries.home_chargers(company, removed=True)},
    )


async def _statements(
    queries: Queries, terms: _Terms, company: int, now: datetime, home: str
) -> list[StatedMonth]:
    profiles, homes = terms
    rows = await queries.home_statements(company, home=home)
    sessions = await queries.home_sessions(company, home=home)
    approved: dict[str, ApprovedStatements] = defaultdict(ApprovedStatements)
    for row in rows:
        approved[row.location] = approved[row.location].with_statement(row.profile, row.month, row.lines)
    reimbursing = {
        key: (row.terms.reimbursement, row.terms.tariff.currency)
        for key, row in profiles.items()
        if row.terms.reimbursement is not None
    }
    ended = defaultdict(list)
    for session in sessions:
        ended[session.home].append(session)
    found = [_of_row(row, homes) for row in rows]
    for each, of_home in ended.items():
        found.extend(
            _of_draft(draft, profiles, homes, now) for draft in drafts(of_home, approved[each], reimbursing)
        )
    return sorted(found, key=_newest_first, reverse=True)


async def home_statement(queries: Queries, company: int, statement: str, now: datetime) -> StatedMonth:
    """One statement by its id. Raises a 404 ``Problem`` if there is none."""
    home = statement.partition(".")[0]
    if home:
        for each in await home_statements(queries, company, now, home):
            if each.id == statement:
                return each
    raise not_found()


async def home_statement_download(
    dependencies: Dependencies, company: int, found: StatedMonth, form: TableFormat, now: datetime
) -> Download:
    """The sessions of a statement as a file."""

    def cells(line: StatementLine) -> tuple[Cell, ...]:
        source = line.source
        return (
            line.number,
            local(line.started_at, found.time_zone),
            local(line.ended_at, found.time_zone),
            line.started_at,
            line.ended_at,
            found.time_zone,
            line.charger,
            "business" if line.business else "private",
            _kwh(line.meter_start_wh),
            _kwh(line.meter_stop_wh),
            _kwh(line.energy_wh),
            None if source is None else source.price,
            None if source is None else source.base_share,
            "" if source is None else source.kind.value,
            "" if source is None else source.evidence,
            found.currency,
            Money(found.currency, line.amount).amount,
            "yes" if line.corrects else "no",
        )

    async def rows() -> AsyncGenerator[Sequence[StatementLine], None]:
        yield found.lines

    table = Table("Statement", found.approved_at or now, COLUMNS, cells)
    return await download(dependencies, company, file_name(found), table, rows(), form)


def file_name(found: StatedMonth) -> str:
    """The name of the statement's files, without its ending."""
    return f"statement-{found.month:%Y-%m}-{found.home[-8:]}"


def _kwh(wh: int | None) -> Cell:
    return None if wh is None else Decimal(f"{wh}E-3")


def _of_row(row: HomeStatementRow, homes: Mapping[str, HomeChargerRow]) -> StatedMonth:
    return StatedMonth(
        id=row.id,
        home=row.location,
        charger=_charger(row.location, homes),
        month=row.month,
        profile=row.profile,
        owner=row.owner,
        payer=row.payer,
        time_zone=row.time_zone,
        currency=row.currency,
        lines=row.lines,
        state="approved" if row.paid_at is None and row.amount else "paid",
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        paid_at=row.paid_at,
        reference=row.reference,
    )


def _of_draft(
    draft: DraftStatement,
    profiles: Mapping[str, PriceProfileRow],
    homes: Mapping[str, HomeChargerRow],
    now: datetime,
) -> StatedMonth:
    home = homes.get(draft.home)
    over = local_date(now, draft.time_zone) >= month_after(draft.month)
    return StatedMonth(
        id=statement_id(draft.home, draft.month, draft.profile),
        home=draft.home,
        charger=_charger(draft.home, homes),
        month=draft.month,
        profile=draft.profile,
        owner="" if home is None else home.owner,
        payer=profiles[draft.profile].terms.payer,
        time_zone=draft.time_zone,
        currency=draft.currency,
        lines=draft.lines,
        state="open" if over else "running",
    )


def _newest_first(each: StatedMonth) -> tuple[date, str, str]:
    return each.month, each.charger, each.profile


def _charger(home: str, homes: Mapping[str, HomeChargerRow]) -> str:
    row = homes.get(home)
    return "" if row is None else row.charge_box_id
