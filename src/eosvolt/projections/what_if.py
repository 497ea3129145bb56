"""What a past session would have cost under another tariff: its events are read again, nothing is changed.

The end of the charging phase stays as it was: a car that idled under the old tariff idled.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from eosvolt.domain.kernel import Event, Fact
from eosvolt.domain.money import Taxed
from eosvolt.domain.sessions.events import (
    HELD_ENERGY_BILLED,
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    ChargingEnded,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    SessionStarted,
)
from eosvolt.domain.sessions.plug_events import (
    CableRemoved,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
)
from eosvolt.domain.sessions.running_bill import RunningBill, begun
from eosvolt.domain.sessions.timeline import uncounted_blocking
from eosvolt.domain.tariffs.blocking_fee import due_times, fee_line, intervals_due
from eosvolt.domain.tariffs.rating import PriceLine, total
from eosvolt.domain.tariffs.tariff import Tariff


class Told(msgspec.Struct):
    """What the events of a session tell that a price depends on.

    ``charged`` is what the charging phase and the fees that stand did cost, gross, in minor units.
    ``consented_wh`` is what was billed where an operator agreed to it.
    """

    running: RunningBill | None = None
    ended_at: datetime | None = None
    freed_at: datetime | None = None
    unplugged_at: datetime | None = None
    stopped: tuple[datetime, int, datetime] | None = None
    consented_wh: int | None = None
    heard_at: datetime | None = None
    charged: int = 0


class WhatIf(msgspec.Struct, frozen=True):
    """What a session did cost, gross in minor units, and what it would cost."""

    then: int
    now: Taxed
    lines: tuple[PriceLine, ...]


def what_if(facts: Sequence[Fact], tariff: Tariff) -> WhatIf | None:
    """The session of ``facts`` under ``tariff``; ``None`` for one that has not ended or never began."""
    told = Told()
    for fact in facts:
        _tell(told, fact.event, tariff)
    if told.running is None or told.ended_at is None:
        return None
    lines = (*_charging(told, told.running, told.ended_at), *_fees(told, tariff, told.ended_at))
    return WhatIf(told.charged, total(lines, tariff.currency), lines)


def _tell(told: Told, event: Event, tariff: Tariff) -> None:
    if told.running is not None:
        told.running = told.running.after(event)
    match event:
        case SessionStarted():
            told.running = begun(event, tariff)
        case CableRemoved(at=at):
            told.unplugged_at = at
        case EvSuspended() | EvseSuspended() | ChargingResumed():
            told.unplugged_at = None
        case ChargingEnded(at=at, bill=bill, meter_stop_wh=wh):
            told.ended_at, told.stopped = at, None if wh is None else (at, wh, event.received_at)
            told.heard_at = event.received_at
            told.charged += bill.total.gross.minor
        case EndReconciled(ended_at=at, bill=bill, previous=before, meter_stop_wh=wh):
            told.ended_at, told.stopped = at, None if wh is None else (event.at, wh, event.received_at)
            told.heard_at = event.received_at
            told.charged += bill.total.gross.minor - before.total.gross.minor
        case BillCorrected(bill=bill, previous=before, cause=cause):
            told.consented_wh = event.energy_wh if cause == HELD_ENERGY_BILLED else told.consented_wh
            told.charged += bill.total.gross.minor - before.total.gross.minor
        case EndWithdrawn(previous=before):
            told.ended_at = told.freed_at = None
            told.charged -= before.total.gross.minor
        case BlockingFeeCharged(line=line):
            told.charged += line.gross.minor
        case BlockingFeeCredited(line=line):
            told.charged -= line.gross.minor
        case ConnectorFreed(at=at):
            told.freed_at = at
        case _:
            pass


def _charging(told: Told, running: RunningBill, ended_at: datetime) -> tuple[PriceLine, ...]:
    stop = None if told.stopped is None else running.stop(*told.stopped)
    if told.consented_wh is not None:
        return running.with_consent(ended_at, told.consented_wh, stop).lines
    return running.settled(ended_at, stop, told.unplugged_at or told.freed_at).bill.lines


def _fees(told: Told, tariff: Tariff, ended_at: datetime) -> tuple[PriceLine, ...]:
    fee = tariff.blocking_fee
    if fee is None or told.freed_at is None or told.running is None:
        return ()
    running = told.running
    paused = uncounted_blocking(running.timeline, running.started_at, ended_at, told.heard_at)
    elapsed = intervals_due(fee, ended_at, told.freed_at, paused)
    due = due_times(fee, ended_at, elapsed, paused)
    lines = (fee_line(tariff, ended_at, number, at) for number, at in enumerate(due, start=1))
    return tuple(line for line in lines if line is not None)
