"""Revenue by location and local day: the question of the dashboard's summary.

The sums of the same movements that the ledger has as entries.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from eosvolt.domain.bookings.fee_events import BookingFeeCharged, BookingFeeRefunded
from eosvolt.domain.kernel import Fact
from eosvolt.domain.ledger.movements import Movement, movements
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    EndReconciled,
    EndWithdrawn,
    RefundIssued,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class SummaryRow(Row, frozen=True, kw_only=True):
    """The sums of a location's local day in one currency; refunds are taken off."""

    id: str
    company: int
    location: str
    day: date
    currency: str
    gross: int = 0
    net: int = 0
    vat: int = 0
    energy_wh: int = 0
    sessions: int = 0


def summary_keys(fact: Fact) -> Iterable[str]:
    """The local days and currencies that moved."""
    return {_day_key(moved) for moved in movements(fact.event)}


def apply_summary(row: SummaryRow | None, fact: Fact, key: str) -> SummaryRow | None:
    """The day's sums after the fact."""
    for moved in movements(fact.event):
        if _day_key(moved) == key:
            row = _added(row, moved, key)
    return row


def _day_key(moved: Movement) -> str:
    return f"{moved.place.company}/{moved.place.location}/{moved.currency}/{moved.day.isoformat()}"


def _added(row: SummaryRow | None, moved: Movement, key: str) -> SummaryRow:
    known = row or SummaryRow(
        id=key,
        company=moved.place.company,
        location=moved.place.location,
        day=moved.day,
        currency=moved.currency,
    )
    return msgspec.structs.replace(
        known,
        gross=known.gross + moved.gross,
        net=known.net + moved.net,
        vat=known.vat + moved.vat,
        energy_wh=known.energy_wh + moved.energy_wh,
        sessions=known.sessions + moved.sessions,
    )


summary = ReadModel(
    name="summary",
    version=3,
    row=SummaryRow,
    reads=tags(
        ChargingEnded,
        EndReconciled,
        EndWithdrawn,
        BillCorrected,
        BlockingFeeCharged,
        BlockingFeeCredited,
        RefundIssued,
        BookingFeeCharged,
        BookingFeeRefunded,
    ),
    keys=summary_keys,
    apply=apply_summary,
    indexes=("company, day",),
)
