"""The documents about a session: its refunds with their credit notes, and its numbered receipts."""

from datetime import datetime

import msgspec

from eosvolt.domain.sessions.events import ReceiptIssued, RefundIssued
from eosvolt.projections.refunds import Refund
from eosvolt.projections.session_row import SessionReceipt, SessionRow


def refunded(row: SessionRow, event: RefundIssued) -> SessionRow:
    """The session after a refund."""
    refund = Refund(event.number, event.at, event.refunded, event.reason, event.credit_note, row.invoice)
    return msgspec.structs.replace(
        row,
        refunds=(*row.refunds, refund),
        refunded_gross=row.refunded_gross + event.refunded.gross.minor,
    )


def receipted(row: SessionRow, event: ReceiptIssued, recorded_at: datetime) -> SessionRow:
    """The session after a receipt that was recorded at an instant."""
    receipt = SessionReceipt(event.number, recorded_at, event.total, event.corrects)
    return msgspec.structs.replace(row, receipts=(*row.receipts, receipt))


def lacks_receipt(row: SessionRow) -> bool:
    """Whether the session is over and its bill is on no receipt; the rule of the decider."""
    if not row.numbered or row.freed_at is None:
        return False
    return row.receipts[-1].total != row.total if row.receipts else row.total_gross != 0
