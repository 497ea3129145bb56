"""Refunds of a closed session, and what still happens to it afterwards.

All refunds together are never more than the session cost. So that this stays true, the first one makes the
bill final, as an invoice does: what a charger still sends is recorded, but ends, bills and fees change no
more.
"""

from collections.abc import Sequence

from eosvolt.domain.kernel import Rejected
from eosvolt.domain.money import Money, Taxed, nth_part
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    EndCharging,
    MeterEnergy,
    RefundSession,
    SessionCommand,
)
from eosvolt.domain.sessions.corrections import conflicting_stop
from eosvolt.domain.sessions.events import RefundIssued, SessionEvent
from eosvolt.domain.sessions.readings import meter_late
from eosvolt.domain.sessions.state import Blocking, Closed, Session
from eosvolt.domain.tariffs.rating import total

NOT_OVER = "This session is not over yet. It can be refunded once the plug is free."
FINAL = "This session was refunded: its bill is final."
INVOICED = "This session is on an invoice: its bill is final."


def cost(last: Blocking) -> Taxed:
    """What a session costs as it stands: its bill and its blocking fees."""
    bill = last.end.bill.total
    fees = total([line for _, line in last.charged], bill.gross.currency)
    return Taxed(bill.gross + fees.gross, bill.net + fees.net, bill.vat + fees.vat)


def refunded(session: Closed) -> Money:
    """What was given back so far, gross."""
    whole = Money.zero(session.last.end.bill.total.gross.currency)
    for each in session.refunds:
        whole += each.refunded.gross
    return whole


def refund(command: RefundSession, session: Session) -> Sequence[RefundIssued]:
    """The refund, once. Raises ``Rejected`` for more than is left, and while the session is not over."""
    if not isinstance(session, Closed):
        raise Rejected(NOT_OVER)
    if any(each.credit_note == command.credit_note for each in session.refunds):
        return []
    last, before = session.last, refunded(session)
    whole = cost(last)
    left = whole.gross - before
    if not left.minor:
        raise Rejected("There is nothing left to refund of this session.")
    part = left if command.amount is None else command.amount
    if part.currency != left.currency:
        raise Rejected(f"This session was paid in {left.currency}.")
    if part.minor <= 0:
        raise Rejected("A refund is more than nothing.")
    if part > left:
        raise Rejected(f"At most {left} can be refunded of this session.")
    return [
        RefundIssued(
            place=last.start.place,
            token=last.start.token,
            number=len(session.refunds) + 1,
            at=command.at,
            freed_at=session.freed_at,
            refunded=nth_part(whole, before, part),
            vat_rate=last.start.tariff.vat_rate,
            reason=command.reason,
            credit_note=command.credit_note,
        )
    ]


def after_refund(command: SessionCommand, session: Closed) -> Sequence[SessionEvent]:
    """What a command still decides of a session whose bill is final: what came is recorded, no more.

    Raises ``Rejected`` for an operator's change of the bill.
    """
    match command:
        case RefundSession():
            return refund(command, session)
        case BillHeldEnergy():
            raise Rejected(FINAL if session.refunds else INVOICED)
        case MeterEnergy():
            return meter_late(command.readings, command.received_at, session.last.charging)
        case EndCharging():
            late = meter_late(command.readings, command.received_at, session.last.charging)
            return [*late, *conflicting_stop(command, session.last)]
        case _:
            return []
