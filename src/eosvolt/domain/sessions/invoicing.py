"""A session on an invoice: once, with what of its cost was not given back."""

from collections.abc import Sequence

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.commands import InvoiceSession
from eosvolt.domain.sessions.events import SessionInvoiced
from eosvolt.domain.sessions.refunding import NOT_OVER, cost
from eosvolt.domain.sessions.state import Closed, Session


def left(session: Closed) -> Taxed:
    """What of the session's cost was not given back."""
    whole = cost(session.last)
    gross, net, vat = whole.gross, whole.net, whole.vat
    for each in session.refunds:
        gross, net, vat = gross - each.refunded.gross, net - each.refunded.net, vat - each.refunded.vat
    return Taxed(gross, net, vat)


def invoice(command: InvoiceSession, session: Session) -> Sequence[SessionInvoiced]:
    """The session on the invoice, once. Raises ``Rejected`` for one that is not over, or on another invoice.

    It is also refused where another amount is left than the invoice says.
    """
    if not isinstance(session, Closed):
        raise Rejected(NOT_OVER)
    if session.invoice == command.invoice:
        return []
    number = session.last.start.number
    if session.invoice:
        raise Rejected(f"Session {number:d} is on invoice {session.invoice} already.")
    amount = left(session)
    if amount.gross != command.gross or amount.gross.minor <= 0:
        raise Rejected(f"Of session {number:d} another amount is left to invoice.")
    return [
        SessionInvoiced(place=session.last.start.place, at=command.at, invoice=command.invoice, amount=amount)
    ]
