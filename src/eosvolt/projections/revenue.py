"""Every movement of revenue, one row each, and its sums by local day.

The question of the dashboard's summary. Revenue of a day = charging amounts of sessions ended in it +
blocking fees fallen due in it − what was given back of either. A correction counts on the day of what it
corrects, so that a past day has the right figures.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Fact
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.events import (
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    EndReconciled,
    EndWithdrawn,
    Place,
)
from eosvolt.domain.tariffs.rating import PriceLine
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class Movement(NamedTuple):
    """What a fact adds to revenue: minor units, Wh and completed sessions, on a local day."""

    place: Place
    kind: str
    at: datetime
    currency: str
    gross: int
    net: int
    vat: int
    energy_wh: int = 0
    sessions: int = 0

    @property
    def day(self) -> date:
        """The location's local day that it counts on."""
        return local_date(self.at, self.place.time_zone)


class LedgerRow(Row, frozen=True, kw_only=True):
    """One movement. ``kind``: charging, blockingFee, blockingFeeCredit or correction."""

    id: str
    position: int
    company: int
    location: str
    charge_point: str
    session: str
    day: date
    at: datetime
    kind: str
    currency: str
    gross: int
    net: int
    vat: int
    energy_wh: int
    sessions: int


class SummaryRow(Row, frozen=True, kw_only=True):
    """The sums of a location's local day in one currency."""

    id: str
    company: int
    location: str
    day: date
    currency: str
    gross: int = 0
    net: int = 0
    vat: int = 0
    charging_gross: int = 0
    blocking_gross: int = 0
    energy_wh: int = 0
    sessions: int = 0


def movements(fact: Fact) -> tuple[Movement, ...]:
    """What the fact adds to revenue: nothing, one movement, or one taken back and one made instead."""
    match fact.event:
        case ChargingEnded(bill=bill, place=place, at=at, energy_wh=energy_wh):
            return (_moved("charging", place, at, bill.total, 1, energy_wh),)
        case EndReconciled(place=place) as late:
            before, after = late.previous.total, late.bill.total
            return (
                _moved("correction", place, late.previous_ended_at, before, -1, late.previous_energy_wh),
                _moved("correction", place, late.ended_at, after, 1, late.energy_wh),
            )
        case BillCorrected(place=place, ended_at=at) as corrected:
            before, after = corrected.previous.total, corrected.bill.total
            return (
                _moved("correction", place, at, before, -1, corrected.previous_energy_wh),
                _moved("correction", place, at, after, 1, corrected.energy_wh),
            )
        case EndWithdrawn(previous=bill, place=place, previous_ended_at=at, previous_energy_wh=energy_wh):
            return (_moved("correction", place, at, bill.total, -1, energy_wh),)
        case BlockingFeeCharged(line=line, place=place):
            return (_moved("blockingFee", place, line.until, line, 1),)
        case BlockingFeeCredited(line=line, place=place):
            return (_moved("blockingFeeCredit", place, line.until, line, -1),)
        case _:
            return ()


def _moved(
    kind: str, place: Place, at: datetime, owed: Taxed | PriceLine, sign: int, energy_wh: int = 0
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


def ledger_keys(fact: Fact) -> Iterable[str]:
    """A row of its own for each movement, in the order of the log."""
    return tuple(f"{fact.position:012d}.{index}" for index in range(len(movements(fact))))


def apply_ledger(row: LedgerRow | None, fact: Fact, key: str) -> LedgerRow | None:
    """The movement; a row never changes once written."""
    moved = movements(fact)[int(key.rpartition(".")[2])]
    return LedgerRow(
        id=key,
        position=fact.position,
        company=moved.place.company,
        location=moved.place.location,
        charge_point=moved.place.charge_point,
        session=fact.key,
        day=moved.day,
        at=moved.at,
        kind=moved.kind,
        currency=moved.currency,
        gross=moved.gross,
        net=moved.net,
        vat=moved.vat,
        energy_wh=moved.energy_wh,
        sessions=moved.sessions,
    )


def summary_keys(fact: Fact) -> Iterable[str]:
    """The local days and currencies that moved."""
    return {_day_key(moved) for moved in movements(fact)}


def apply_summary(row: SummaryRow | None, fact: Fact, key: str) -> SummaryRow | None:
    """The day's sums after the fact."""
    for moved in movements(fact):
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
    blocking = moved.gross if moved.kind.startswith("blockingFee") else 0
    return msgspec.structs.replace(
        known,
        gross=known.gross + moved.gross,
        net=known.net + moved.net,
        vat=known.vat + moved.vat,
        charging_gross=known.charging_gross + moved.gross - blocking,
        blocking_gross=known.blocking_gross + blocking,
        energy_wh=known.energy_wh + moved.energy_wh,
        sessions=known.sessions + moved.sessions,
    )


REVENUE_EVENTS = tags(
    ChargingEnded, EndReconciled, EndWithdrawn, BillCorrected, BlockingFeeCharged, BlockingFeeCredited
)

ledger = ReadModel(
    name="ledger",
    version=1,
    row=LedgerRow,
    reads=REVENUE_EVENTS,
    keys=ledger_keys,
    apply=apply_ledger,
    indexes=("company, day", "company, session"),
)

summary = ReadModel(
    name="summary",
    version=1,
    row=SummaryRow,
    reads=REVENUE_EVENTS,
    keys=summary_keys,
    apply=apply_summary,
    indexes=("company, day",),
)
