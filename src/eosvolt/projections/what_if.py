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
    BookedTermsChanged,
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
from eosvolt.domain.tariffs.tariff import Tariff, with_terms


class SessionSoFar(msgspec.Struct):
    """What the events of a session tell that a price depends on.

    ``charged`` is what the charging phase and the fees that stand did cost, gross, in minor units.
    ``consented_wh`` is what was billed where an operator agreed to it.
    """

    running: RunningBill | None = None
    tariff: Tariff | None = None
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
    known = SessionSoFar()
    for fact in facts:
        _apply(known, fact.event, tariff)
    if known.running is None or known.ended_at is None:
        return None
    lines = (*_charging(known, known.running, known.ended_at), *_fees(known, known.ended_at))
    return WhatIf(known.charged, total(lines, tariff.currency), lines)


def _apply(known: SessionSoFar, event: Event, tariff: Tariff) -> None:
    if known.running is not None:
        known.running = known.running.after(event)
    match event:
        case SessionStarted():
            known.tariff = _under(tariff, event)
            known.running = begun(event, known.tariff)
        case BookedTermsChanged(free_wh=free_wh, fee_begins_at=begins_at) if known.tariff is not None:
            known.tariff = with_terms(known.tariff, free_wh, begins_at)
        case CableRemoved(at=at):
            known.unplugged_at = at
        case EvSuspended() | EvseSuspended() | ChargingResumed():
            known.unplugged_at = None
        case ChargingEnded(at=at, bill=bill, meter_stop_wh=wh):
            known.ended_at, known.stopped = at, None if wh is None else (at, wh, event.received_at)
            known.heard_at = event.received_at
            known.charged += bill.total.gross.minor
        case EndReconciled(ended_at=at, bill=bill, previous=before, meter_stop_wh=wh):
            known.ended_at, known.stopped = at, None if wh is None else (event.at, wh, event.received_at)
            known.heard_at = event.received_at
            known.charged += bill.total.gross.minor - before.total.gross.minor
        case BillCorrected(bill=bill, previous=before, cause=cause):
            known.consented_wh = event.energy_wh if cause == HELD_ENERGY_BILLED else known.consented_wh
            known.charged += bill.total.gross.minor - before.total.gross.minor
        case EndWithdrawn(previous=before):
            known.ended_at = known.freed_at = None
            known.charged -= before.total.gross.minor
        case BlockingFeeCharged(line=line):
            known.charged += line.gross.minor
        case BlockingFeeCredited(line=line):
            known.charged -= line.gross.minor
        case ConnectorFreed(at=at):
            known.freed_at = at
        case _:
            pass


def _under(tariff: Tariff, start: SessionStarted) -> Tariff:
    """The tariff for a session: what is free of a booked one, and its blocking fee, are its booking's."""
    if not start.booking:
        return tariff
    booked = start.tariff
    return msgspec.structs.replace(tariff, free_wh=booked.free_wh, blocking_fee=booked.blocking_fee)


def _charging(known: SessionSoFar, running: RunningBill, ended_at: datetime) -> tuple[PriceLine, ...]:
    stop = None if known.stopped is None else running.stop(*known.stopped)
    if known.consented_wh is not None:
        return running.with_consent(ended_at, known.consented_wh, stop).lines
    return running.settled(ended_at, stop, known.unplugged_at or known.freed_at).bill.lines


def _fees(known: SessionSoFar, ended_at: datetime) -> tuple[PriceLine, ...]:
    tariff = known.tariff
    if tariff is None or known.freed_at is None or known.running is None:
        return ()
    fee = tariff.blocking_fee
    if fee is None:
        return ()
    running = known.running
    paused = uncounted_blocking(running.timeline, running.started_at, ended_at, known.heard_at)
    elapsed = intervals_due(fee, ended_at, known.freed_at, paused)
    due = due_times(fee, ended_at, elapsed, paused)
    lines = (fee_line(tariff, ended_at, number, at) for number, at in enumerate(due, start=1))
    return tuple(line for line in lines if line is not None)
