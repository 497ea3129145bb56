"""The invoices of companies: the question of the list of invoices and of each of them."""

from collections.abc import Iterable
from datetime import date, datetime

from eosvolt.domain.invoices.events import InvoicedFee, InvoicedLine, InvoicedSession, InvoiceIssued
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class InvoiceRow(Row, frozen=True, kw_only=True):
    """An invoice; ``gross`` is in minor units of ``currency``, ``position`` that of the log."""

    id: str
    company: int
    number: str
    position: int
    at: datetime
    customer: str
    group: str
    first: date
    last: date
    issued_on: date
    due_on: date
    currency: str
    gross: int
    sessions: tuple[InvoicedSession, ...]
    fees: tuple[InvoicedFee, ...] = ()

    @property
    def lines(self) -> tuple[InvoicedLine, ...]:
        """Everything that is on it: sessions, then fees of bookings."""
        return (*self.sessions, *self.fees)


def keys(fact: Fact) -> Iterable[str]:
    """The invoice."""
    return (fact.key,)


def apply(row: InvoiceRow | None, fact: Fact, key: str) -> InvoiceRow | None:
    """The invoice after the fact."""
    match fact.event:
        case InvoiceIssued() as issued:
            return InvoiceRow(
                id=key,
                company=issued.company,
                number=issued.number,
                position=fact.position,
                at=issued.at,
                customer=issued.customer,
                group=issued.group,
                first=issued.first,
                last=issued.last,
                issued_on=issued.issued_on,
                due_on=issued.due_on,
                currency=issued.lines[0].gross.currency,
                gross=sum(each.gross.minor for each in issued.lines),
                sessions=issued.sessions,
                fees=issued.fees,
            )
        case _:
            return row


invoices = ReadModel(
    name="invoices",
    version=2,
    row=InvoiceRow,
    reads=tags(InvoiceIssued),
    keys=keys,
    apply=apply,
    indexes=("company, position", "company, number"),
)
