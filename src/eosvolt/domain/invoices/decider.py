"""The rules of an invoice. That no session is on two of them is decided by the sessions themselves."""

from collections.abc import Sequence

from msgspec import Struct

from eosvolt.domain.invoices.commands import InvoiceCommand
from eosvolt.domain.invoices.events import InvoiceEvent, InvoiceIssued
from eosvolt.domain.kernel import Decider, Rejected

# EN 16931 has no bound; this keeps a document readable and a commit small.
MOST_SESSIONS = 1_000


class InvoiceState(Struct, frozen=True):
    """An invoice; ``issued`` is ``None`` before it is issued."""

    issued: InvoiceIssued | None = None


def decide(command: InvoiceCommand, invoice: InvoiceState) -> Sequence[InvoiceEvent]:
    """The invoice, once. Raises ``Rejected`` without sessions, with too many, and for days in no order."""
    if invoice.issued is not None:
        return []
    if command.last < command.first:
        raise Rejected("The last day is before the first one.")
    lines = command.lines
    if not lines:
        raise Rejected("There is nothing to invoice in these days.")
    if len(lines) > MOST_SESSIONS:
        raise Rejected(f"An invoice has at most {MOST_SESSIONS:d} sessions: choose fewer days.")
    if len({each.gross.currency for each in lines}) > 1:
        raise Rejected("An invoice has one currency.")
    return [
        InvoiceIssued(
            company=command.company,
            at=command.at,
            number=command.number,
            customer=command.customer,
            group=command.group,
            first=command.first,
            last=command.last,
            issued_on=command.issued_on,
            due_on=command.due_on,
            sessions=command.sessions,
            fees=command.fees,
        )
    ]


def evolve(_: InvoiceState, event: InvoiceEvent) -> InvoiceState:
    """The invoice after ``event``."""
    return InvoiceState(event)


invoices: Decider[InvoiceCommand, InvoiceState, InvoiceEvent] = Decider(
    "invoice", InvoiceState(), decide, evolve
)
