"""The receipt of a session: one for each bill that held once the session was over."""

from collections.abc import Sequence

from eosvolt.domain.sessions.commands import IssueReceipt
from eosvolt.domain.sessions.events import ReceiptIssued
from eosvolt.domain.sessions.refunding import cost
from eosvolt.domain.sessions.state import Closed, Session


def receipt(command: IssueReceipt, session: Session) -> Sequence[ReceiptIssued]:
    """The receipt, unless it is issued already or the session cost nothing.

    A bill that was corrected since is another receipt, which says which one it corrects; also one of nothing.
    The read model ``session_history`` says by the same rule which sessions wait for one.
    """
    if not isinstance(session, Closed) or not session.numbered:
        return []
    total, before = cost(session.last), session.last.charging.receipt
    if before is None and not total.gross.minor:
        return []
    if before is not None and before.total == total:
        return []
    return [
        ReceiptIssued(
            place=session.last.start.place,
            at=command.at,
            number=command.number,
            total=total,
            corrects="" if before is None else before.number,
        )
    ]
