"""The commands of invoices."""

from datetime import date, datetime

from eosvolt.domain.invoices.events import InvoicedFee, InvoicedLine, InvoicedSession
from eosvolt.domain.kernel import Command


class IssueInvoice(Command, frozen=True):
    """Issue an invoice; see ``InvoiceIssued``."""

    company: int
    at: datetime
    number: str
    customer: str
    group: str
    first: date
    last: date
    issued_on: date
    due_on: date
    sessions: tuple[InvoicedSession, ...]
    fees: tuple[InvoicedFee, ...] = ()

    @property
    def lines(self) -> tuple[InvoicedLine, ...]:
        """Everything that is to be on it."""
        return (*self.sessions, *self.fees)


InvoiceCommand = IssueInvoice
