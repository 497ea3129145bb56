"""Whether the books are right: every figure of the ledger recomputed from other read models."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from eosvolt.domain.ledger.postings import (
    AVAILABLE,
    PLATFORM_FEES,
    RECEIVABLE,
    REIMBURSEMENTS_OWED,
    AccountKind,
    EntrySum,
    added,
    postings,
    trial_balance,
)
from eosvolt.projections.booking_fees import booking_fees
from eosvolt.projections.home_statements import home_statements
from eosvolt.projections.ledger import (
    COMPANY,
    ENTRY,
    REIMBURSED,
    REIMBURSEMENT,
    SETTLEMENT,
    TRANSFER,
    LedgerRow,
    ledger,
    sum_of,
)
from eosvolt.projections.ledger_days import DAY, LOCATION_DAY
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.revenue import summary
from eosvolt.projections.session_history import session_history

_INCOME = (AccountKind.INCOME, AccountKind.REFUNDS)
_REVENUE = (*_INCOME, AccountKind.VAT)


class Rows(Protocol):
    """Answers with the rows of a read model."""

    def rows(self, model: ReadModel[Any]) -> Sequence[Any]:
        """All rows."""
        ...


def assert_books_are_right(models: Rows) -> None:
    """Postings balance; days, balances, revenue and sessions say the same as the entries."""
    by: dict[str, list[LedgerRow]] = defaultdict(list)
    for row in models.rows(ledger):
        by[row.by].append(row)
    reimbursements = [*by[REIMBURSEMENT], *by[REIMBURSED]]
    entries = [*by[ENTRY], *by[TRANSFER], *by[SETTLEMENT], *reimbursements]
    for row in entries:
        assert sum(posting.minor for posting in postings(sum_of(row))) == 0
        if row.by != SETTLEMENT:
            assert row.gross == row.net + row.vat
    for day in by[DAY]:
        assert day.sums == added(sum_of(row) for row in entries if row.day == day.day)
    of_locations = {(day.location, day.day): day.sums for day in by[LOCATION_DAY]}
    assert of_locations.keys() == {(row.location, row.day) for row in entries if row.location}
    for place, sums in of_locations.items():
        assert sums == added(sum_of(row) for row in entries if (row.location, row.day) == place)
    _assert_balances(by)
    _assert_statements(models, reimbursements)
    _assert_revenue(models, by[ENTRY])
    _assert_sessions(models, entries)
    _assert_bookings(models, entries)


def _assert_bookings(models: Rows, entries: Iterable[LedgerRow]) -> None:
    """What bookings owe is at once available, and no more of it is given back than was charged."""
    owed: dict[str, int] = defaultdict(int)
    settled: dict[str, int] = defaultdict(int)
    for row in entries:
        if row.booking:
            sums = settled if row.by == SETTLEMENT else owed
            sums[row.booking] += row.gross
    fees = {row.id: row.gross - row.refunded_gross for row in models.rows(booking_fees)}
    assert dict(owed) == fees
    assert all(settled[booking] == left for booking, left in fees.items())
    assert all(0 <= row.refunded_gross <= row.gross for row in models.rows(booking_fees))


def _assert_balances(by: dict[str, list[LedgerRow]]) -> None:
    running: dict[tuple[int, str], int] = defaultdict(int)
    for row in sorted([*by[ENTRY], *by[TRANSFER]], key=lambda each: each.id):
        running[row.company, row.currency] += row.gross
        assert row.balance == running[row.company, row.currency]
    told = {
        (row.company, currency): minor
        for row in by[COMPANY]
        for currency, minor in (row.balances or {}).items()
    }
    assert told == running


def _assert_statements(models: Rows, reimbursements: Iterable[LedgerRow]) -> None:
    """What statements say is in the ledger, and what of it is not paid is owed."""
    owed: dict[str, int] = defaultdict(int)
    for statement in models.rows(home_statements):
        assert statement.amount == sum(line.amount for line in statement.lines)
        owed[statement.currency] += 0 if statement.paid_at else statement.amount
    balances = trial_balance(sum_of(row) for row in reimbursements)
    for currency, minor in owed.items():
        assert -balances.get(currency, {}).get(REIMBURSEMENTS_OWED, 0) == minor
    assert balances.keys() <= owed.keys()


def _assert_revenue(models: Rows, entries: Iterable[LedgerRow]) -> None:
    revenue: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in models.rows(summary):
        for index, minor in enumerate((row.gross, row.net, row.vat)):
            revenue[row.currency][index] += minor
    balances = trial_balance(sum_of(row) for row in entries)
    for currency, (gross, net, vat) in revenue.items():
        told = balances.get(currency, {})
        assert -sum(minor for account, minor in told.items() if account.kind in _REVENUE) == gross
        assert -sum(minor for account, minor in told.items() if account.kind in _INCOME) == net
        assert -sum(minor for account, minor in told.items() if account.kind == AccountKind.VAT) == vat


def _assert_sessions(models: Rows, entries: Iterable[LedgerRow]) -> None:
    by_session: dict[str, list[EntrySum]] = defaultdict(list)
    for row in entries:
        by_session[row.session].append(sum_of(row))
    for session in models.rows(session_history):
        balances = trial_balance(by_session[session.id]).get(session.currency, {})
        closed = session.freed_at is not None
        kept = session.total_gross - session.refunded_gross
        assert 0 <= session.refunded_gross <= session.total_gross
        assert session.refunded_gross == sum(each.refunded.gross.minor for each in session.refunds)
        available = balances.get(AVAILABLE, 0) + balances.get(PLATFORM_FEES, 0)
        assert available == (kept if closed else 0)
        assert balances.get(RECEIVABLE, 0) == (0 if closed else kept)
