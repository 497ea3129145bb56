"""Every movement of revenue, one row each, and its sums by local day: the question of the dashboard's summary.

Revenue of a day = charging amounts of sessions ended in it + blocking fees fallen due in it − what was given back of either.
A correction counts on the day of what it corrects, so that a past day says what it should have said.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from eosvolt.domain.calendar import local_date
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import (
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    EndReconciled,
    Place,
)
from eosvolt.domain.vocabulary import tag
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


def movement(fact: Fact) -> Movement | None:
    """What the fact adds to revenue, if anything."""
    match fact.event:
        case ChargingEnded(bill=bill, place=place, at=at, energy_wh=energy_wh):
            owed = bill.total
            return Movement(
                place,
                "charging",
                at,
                owed.gross.currency,
                owed.gross.minor,
                owed.net.minor,
                owed.vat.minor,
                energy_wh,
                1 if energy_wh else 0,
            )
        case EndReconciled(bill=bill, previous=before, place=place, ended_at=at) as late:
            new, old = bill.total, before.total
            return Movement(
                place,
                "correction",
                at,
                new.gross.currency,
                new.gross.minor - old.gross.minor,
                new.net.minor - old.net.minor,
                new.vat.minor - old.vat.minor,
                late.energy_wh - late.previous_energy_wh,
                int(late.energy_wh > 0) - int(late.previous_energy_wh > 0),
            )
        case BlockingFeeCharged(line=line, place=place):
            return Movement(
                place,
                "blockingFee",
                line.until,
                line.gross.currency,
                line.gross.minor,
                line.net.minor,
                line.vat.minor,
            )
        case BlockingFeeCredited(line=line, place=place):
            return Movement(
                place,
                "blockingFeeCredit",
                line.until,
                line.gross.currency,
                -line.gross.minor,
                -line.net.minor,
                -line.vat.minor,
            )
        case _:
            return None


def ledger_keys(fact: Fact) -> Iterable[str]:
    """A row of its own for each fact, in the order of the log."""
    return (f"{fact.position:012d}",)


def apply_ledger(row: LedgerRow | None, fact: Fact, key: str) -> LedgerRow | None:
    """The movement; a row never changes once written."""
    moved = movement(fact)
    if moved is None:
        return row
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
    """The location's local day in the currency that moved."""
    moved = movement(fact)
    if moved is None:
        return ()
    return (f"{moved.place.company}/{moved.place.location}/{moved.currency}/{moved.day.isoformat()}",)


def apply_summary(row: SummaryRow | None, fact: Fact, key: str) -> SummaryRow | None:
    """The day's sums after the fact."""
    moved = movement(fact)
    if moved is None:
        return row
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


REVENUE_EVENTS = frozenset(map(tag, (ChargingEnded, EndReconciled, BlockingFeeCharged, BlockingFeeCredited)))

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
