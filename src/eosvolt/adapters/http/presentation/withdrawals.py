"""Withdrawals for pages and API: their statements as tables, and what platform staff see of them."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import date, datetime
from typing import NamedTuple

from starlette.responses import Response

from eosvolt.adapters.http.dependencies import Dependencies
from eosvolt.adapters.http.framework.download import Download
from eosvolt.adapters.http.framework.problems import not_found
from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.exports import AT_ONCE, download, local
from eosvolt.application.payouts import MovementSum, Payment
from eosvolt.application.table_files import Cell, Table, TableFormat
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.money import Money
from eosvolt.projections.companies import CompanyRow
from eosvolt.projections.ledger import LedgerRow
from eosvolt.projections.payouts import PayoutRow

STATEMENT_COLUMNS = (
    "entry", "day", "time (local)", "time (UTC)", "time zone", "kind", "session", "location id", "charger",
    "currency", "amount", "balance",
)  # fmt: skip
# SEPA credit transfers are in euro.
SEPA_CURRENCY = "EUR"
# So many pending withdrawals are read at a time.
_AT_ONCE = 200
XML = "application/xml"


class WithdrawalStatement(NamedTuple):
    """What led to a withdrawal, in minor units: what the one before left, and the movements since.

    ``carried`` and the sums of ``days`` add up to what was available; what was not withdrawn is carried on.
    ``before`` is the request before, and ``movements`` are the last ones.
    """

    payout: PayoutRow
    before: PayoutRow | None
    days: Sequence[MovementSum]
    movements: Sequence[LedgerRow]

    @property
    def carried(self) -> int:
        """What the request before left: it is itself among the movements."""
        return self.before.available if self.before else 0

    @property
    def sums(self) -> dict[str, int]:
        """The sums of the movements by kind; settled sessions come first."""
        found = Counter[str]()
        for each in self.days:
            found[each.kind] += each.gross
        return dict(sorted(found.items(), key=lambda each: each[0] != EntryKind.SETTLEMENT))

    @property
    def movement_count(self) -> int:
        """How many movements there are."""
        return sum(each.movements for each in self.days)


class ReviewedPayout(NamedTuple):
    """A withdrawal as platform staff see it."""

    payout: PayoutRow
    company: CompanyRow

    @property
    def held(self) -> bool:
        """Whether it waits because the company's bank account has changed since."""
        return self.payout.state == "requested" and self.payout.account != self.company.bank_account

    def overdue(self, now: datetime) -> bool:
        """Whether its review should have been done by now."""
        return is_overdue(self.payout, now)


def is_overdue(payout: PayoutRow, now: datetime) -> bool:
    """Whether the review of a withdrawal should have been done by now."""
    return payout.state == "requested" and local_date(now, payout.time_zone) > payout.due_on


async def statement(queries: Queries, company: int, payout: str, limit: int) -> WithdrawalStatement:
    """The statement of a withdrawal, with its last ``limit`` movements.

    Raises a 404 ``Problem`` if there is none.
    """
    row = await queries.payout(company, payout)
    if row is None:
        raise not_found()
    before = await queries.payout_before(company, row)
    days = await queries.payout_sums(company, row, before)
    movements = await queries.last_payout_movements(company, row, before, limit)
    return WithdrawalStatement(row, before, days, movements)


async def statement_download(
    dependencies: Dependencies, queries: Queries, company: int, payout: str, form: TableFormat
) -> Download:
    """The movements of a withdrawal as a file."""
    found = await statement(queries, company, payout, 0)
    balance = found.carried

    def cells(row: LedgerRow) -> tuple[Cell, ...]:
        nonlocal balance
        balance += row.gross
        return (
            row.id,
            row.day.isoformat() if row.day else "",
            local(row.at, found.payout.time_zone),
            row.at,
            found.payout.time_zone,
            row.kind,
            row.number or None,
            row.location,
            row.charge_point,
            row.currency,
            Money(row.currency, row.gross).amount,
            Money(row.currency, balance).amount,
        )

    async def rows() -> AsyncGenerator[Sequence[LedgerRow], None]:
        async with (
            queries.snapshot() as snapshot,
            aclosing(snapshot.payout_movements(company, found.payout, found.before, AT_ONCE)) as batches,
        ):
            async for batch in batches:
                yield batch

    table = Table("Statement", found.payout.requested_at, STATEMENT_COLUMNS, cells)
    name = f"statement-{found.payout.requested_at:%Y-%m-%d}-{payout[:8]}"
    return await download(dependencies, company, name, table, rows(), form)


async def payment_file(dependencies: Dependencies, on: date) -> bytes:
    """The file that pays all pending withdrawals that can be paid by SEPA, the first due first.

    Raises ``Rejected`` if there is nothing to pay or the platform's own account is not known.
    """
    found = [each async for each in _pending(dependencies)]
    payments: list[Payment] = []
    for each in found:
        account = await dependencies.bank_accounts.account(each.payout.company)
        if each.payout.currency != SEPA_CURRENCY or each.held or not account.iban:
            continue
        billing = each.company.billing
        payments.append(
            Payment(
                id=each.payout.id.replace("-", "")[:35],
                amount=Money(each.payout.currency, each.payout.amount),
                name=billing.legal_name,
                account=account,
                street=billing.street,
                postal_code=billing.postal_code,
                city=billing.city,
                country=billing.country,
                text=f"Payout {each.payout.id[:8]} company {each.payout.company}",
            )
        )
    if found and not payments:
        raise Rejected("None of these withdrawals can be paid by SEPA: other currencies, or held for review.")
    # Thousands of payments take a second.
    return await asyncio.to_thread(dependencies.payments.credit_transfers, payments, on)


async def _pending(dependencies: Dependencies) -> AsyncIterator[ReviewedPayout]:
    """All withdrawals that wait for their review, the first due first."""
    cursor: str | None = None
    while True:
        page = await dependencies.platform.payouts(pending=True, cursor=cursor, limit=_AT_ONCE)
        for each in page.items:
            yield ReviewedPayout(*each)
        if (cursor := page.cursor) is None:
            return


def payments_response(content: bytes, on: date, name: str = "payouts") -> Response:
    """A file of payments to download; ``name`` begins its name."""
    disposition = f'attachment; filename="{name}-{on.isoformat()}.xml"'
    return Response(content, media_type=XML, headers={"Content-Disposition": disposition})
