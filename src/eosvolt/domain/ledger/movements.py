"""What events of sessions and bookings move in money: what was earned, what was corrected, on which day.

Revenue of a local day = charging amounts of sessions ended in it + blocking fees fallen due in it + fees of
bookings that were over in it − what was given back of any − refunds issued in it. A correction counts on the
day of what it corrects, so that a past day has the right figures; a refund corrects nothing and counts on the
day on which it was issued.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Event
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    EndReconciled,
    EndWithdrawn,
    Place,
    RefundIssued,
)
from eosvolt.domain.tariffs.rating import PriceLine


class EntryKind(StrEnum):
    """What an entry of the ledger is about.

    ``SETTLEMENT``: what a closed session or a booking owes became available. ``WITHDRAWAL``: an amount was
    reserved for a payout; it was paid, or became available again because it was rejected or returned.
    ``REIMBURSEMENT``: an approved statement is owed to the owner of a home charger; it was paid.
    """

    CHARGING = "charging"
    CORRECTION = "correction"
    BLOCKING_FEE = "blockingFee"
    BLOCKING_FEE_CREDIT = "blockingFeeCredit"
    BOOKING_FEE = "bookingFee"
    REFUND = "refund"
    SETTLEMENT = "settlement"
    PLATFORM_FEE = "platformFee"
    WITHDRAWAL = "withdrawal"
    WITHDRAWAL_PAID = "withdrawalPaid"
    WITHDRAWAL_REJECTED = "withdrawalRejected"
    WITHDRAWAL_RETURNED = "withdrawalReturned"
    REIMBURSEMENT = "reimbursement"
    REIMBURSEMENT_PAID = "reimbursementPaid"


# What sessions and bookings earn and give back: revenue, and the VAT report.
INCOME_KINDS = frozenset(
    {
        EntryKind.CHARGING,
        EntryKind.CORRECTION,
        EntryKind.BLOCKING_FEE,
        EntryKind.BLOCKING_FEE_CREDIT,
        EntryKind.BOOKING_FEE,
        EntryKind.REFUND,
    }
)
# What only moves between accounts: no reader of the transaction history is told.
INTERNAL_KINDS = frozenset({EntryKind.SETTLEMENT, EntryKind.WITHDRAWAL_PAID})
# What owners of home chargers are owed and paid: beside what sessions earn, and part of no balance of that.
REIMBURSEMENT_KINDS = frozenset({EntryKind.REIMBURSEMENT, EntryKind.REIMBURSEMENT_PAID})


class Movement(NamedTuple):
    """Minor units, Wh and completed sessions that an event adds; negative where it takes them back.

    ``reference`` is the number of the document that says so, if there is one.
    """

    place: Place
    kind: EntryKind
    at: datetime
    currency: str
    gross: int
    net: int
    vat: int
    energy_wh: int = 0
    sessions: int = 0
    reference: str = ""

    @property
    def day(self) -> date:
        """The location's local day that it counts on."""
        return local_date(self.at, self.place.time_zone)


def movements(event: Event) -> tuple[Movement, ...]:
    """What the event adds to revenue: nothing, one movement, or one taken back and one made instead."""
    match event:
        case ChargingEnded(bill=bill, place=place, at=at, energy_wh=energy_wh):
            return (_moved(EntryKind.CHARGING, place, at, bill.total, 1, energy_wh),)
        case EndReconciled(place=place) as late:
            return (
                _back(place, late.previous_ended_at, late.previous.total, late.previous_energy_wh),
                _moved(EntryKind.CORRECTION, place, late.ended_at, late.bill.total, 1, late.energy_wh),
            )
        case BillCorrected(place=place, ended_at=at) as corrected:
            return (
                _back(place, at, corrected.previous.total, corrected.previous_energy_wh),
                _moved(EntryKind.CORRECTION, place, at, corrected.bill.total, 1, corrected.energy_wh),
            )
        case EndWithdrawn(place=place, previous_ended_at=at) as withdrawn:
            return (_back(place, at, withdrawn.previous.total, withdrawn.previous_energy_wh),)
        case BlockingFeeCharged(line=line, place=place):
            return (_moved(EntryKind.BLOCKING_FEE, place, line.until, line, 1),)
        case BlockingFeeCredited(line=line, place=place):
            return (_moved(EntryKind.BLOCKING_FEE_CREDIT, place, line.until, line, -1),)
        case BookingFeeCharged(charged=amount, place=place, at=at):
            return (_moved(EntryKind.BOOKING_FEE, place, at, amount, 1),)
        case (
            RefundIssued(refunded=amount, place=place, at=at, credit_note=number)
            | BookingFeeRefunded(refunded=amount, place=place, at=at, credit_note=number)
        ):
            return (_moved(EntryKind.REFUND, place, at, amount, -1)._replace(reference=number),)
        case _:
            return ()


def _back(place: Place, at: datetime, owed: Taxed, energy_wh: int) -> Movement:
    return _moved(EntryKind.CORRECTION, place, at, owed, -1, energy_wh)


def _moved(
    kind: EntryKind, place: Place, at: datetime, owed: Taxed | PriceLine, sign: int, energy_wh: int = 0
) -> Movement:
    return Movement(
        place=place,
        kind=kind,
        at=at,
        currency=owed.gross.currency,
        gross=sign * owed.gross.minor,
        net=sign * owed.net.minor,
        vat=sign * owed.vat.minor,
        energy_wh=sign * energy_wh,
        sessions=sign if energy_wh else 0,
    )
