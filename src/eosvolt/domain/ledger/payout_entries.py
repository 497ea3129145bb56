"""What payouts and reimbursements move in the ledger: reserved, owed, paid, or available again."""

from datetime import date, datetime
from typing import NamedTuple

from eosvolt.domain.calendar import local_date
from eosvolt.domain.home_statements.events import HomeStatementApproved, HomeStatementPaid
from eosvolt.domain.kernel import Event
from eosvolt.domain.ledger.movements import EntryKind
from eosvolt.domain.money import Money
from eosvolt.domain.payouts.events import PayoutPaid, PayoutRejected, PayoutRequested, PayoutReturned


class PayoutEntry(NamedTuple):
    """An entry of a payout, on a local day of the company's fiscal time zone, or of a reimbursement.

    The day of a reimbursement is the home's.

    ``amount`` is negative where it takes from an account of the company.
    """

    kind: EntryKind
    at: datetime
    day: date
    amount: Money


def payout_entry(event: Event) -> PayoutEntry | None:
    """The entry that the event makes, if any."""
    match event:
        case PayoutRequested(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.WITHDRAWAL, at, local_date(at, zone), -amount)
        case PayoutPaid(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.WITHDRAWAL_PAID, at, local_date(at, zone), -amount)
        case PayoutRejected(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.WITHDRAWAL_REJECTED, at, local_date(at, zone), amount)
        case PayoutReturned(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.WITHDRAWAL_RETURNED, at, local_date(at, zone), amount)
        case HomeStatementApproved(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.REIMBURSEMENT, at, local_date(at, zone), -amount)
        case HomeStatementPaid(at=at, amount=amount, time_zone=zone):
            return PayoutEntry(EntryKind.REIMBURSEMENT_PAID, at, local_date(at, zone), -amount)
        case _:
            return None
