"""Approved statements of home chargers, and whether they were paid."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from eosvolt.domain.home_statements.events import HomeStatementApproved, HomeStatementPaid
from eosvolt.domain.home_statements.statement import StatementLine
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class HomeStatementRow(Row, frozen=True, kw_only=True):
    """An approved statement; ``amount`` is in minor units of ``currency``.

    ``location`` is the home, ``month`` the first day in ``time_zone``. ``reference`` is that of the payment,
    empty before.
    """

    id: str
    company: int
    location: str
    month: date
    profile: str
    owner: str
    payer: str
    time_zone: str
    currency: str
    amount: int
    lines: tuple[StatementLine, ...]
    approved_at: datetime
    approved_by: str
    paid_at: datetime | None = None
    reference: str = ""


def statement_id(home: str, month: date, profile: str) -> str:
    """The id of a statement, e.g. ``home-1.2026-10.p1``."""
    return f"{home}.{month:%Y-%m}.{profile}"


def keys(fact: Fact) -> Iterable[str]:
    """The statement."""
    if isinstance(fact.event, HomeStatementApproved | HomeStatementPaid):
        yield statement_id(fact.key, fact.event.month, fact.event.profile)


def apply(row: HomeStatementRow | None, fact: Fact, key: str) -> HomeStatementRow | None:
    """The statement after the fact."""
    match fact.event, row:
        case HomeStatementApproved() as approved, _:
            return HomeStatementRow(
                id=key,
                company=approved.company,
                location=fact.key,
                month=approved.month,
                profile=approved.profile,
                owner=approved.owner,
                payer=approved.payer,
                time_zone=approved.time_zone,
                currency=approved.amount.currency,
                amount=approved.amount.minor,
                lines=approved.lines,
                approved_at=approved.at,
                approved_by=fact.why.by,
            )
        case HomeStatementPaid() as paid, HomeStatementRow() as known:
            return replace(known, paid_at=paid.at, reference=paid.reference)
        case _:
            return row


home_statements = ReadModel(
    name="home_statements",
    version=1,
    row=HomeStatementRow,
    reads=tags(HomeStatementApproved, HomeStatementPaid),
    keys=keys,
    apply=apply,
    indexes=("company, month DESC, location", "company, owner", "location"),
)
