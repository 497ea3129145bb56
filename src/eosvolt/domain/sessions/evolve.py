"""How each event moves a session on. Nothing is computed here that an event could have said."""

from collections.abc import Callable
from typing import assert_never

import msgspec

from eosvolt.domain.charge_points.clocks import surely_ahead_s
from eosvolt.domain.charge_points.reports import RANK_OF_BEGIN
from eosvolt.domain.sessions.events import (
    HELD_ENERGY_BILLED,
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    BlockingPaused,
    BlockingResumed,
    CableRemoved,
    ChargerRebooted,
    ChargingEnded,
    ChargingResumed,
    ClockShifted,
    ConnectorFreed,
    EndReconciled,
    EnergyMetered,
    EvseSuspended,
    EvSuspended,
    IdleDetected,
    OrphanStopKept,
    RegisterRebased,
    SessionEvent,
    SessionStarted,
    StopConflicted,
)
from eosvolt.domain.sessions.metering import Meter, meter_at_start
from eosvolt.domain.sessions.running_bill import begun
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, End, Orphan, Session, paused

change = msgspec.structs.replace


def evolve(session: Session, event: SessionEvent) -> Session:
    """The session after ``event``."""
    moved = _evolved(session, event)
    if not isinstance(session, Charging) or not isinstance(moved, Charging):
        return moved
    running = moved.running.after(event)
    return moved if running is moved.running else change(moved, running=running)


def _evolved(session: Session, event: SessionEvent) -> Session:
    match event:
        case SessionStarted():
            return Charging(
                start=event,
                meter=meter_at_start(event.meter_start_wh, event.at),
                running=begun(event),
                clock_s=surely_ahead_s(event.at, event.received_at),
            )
        case OrphanStopKept():
            return Orphan(stop=event)
        case EnergyMetered():
            return _metered(session, event)
        case ClockShifted(ahead_s=ahead_s, clock_s=clock_s) if isinstance(session, Charging | Blocking):
            return change(session, ahead_s=ahead_s, clock_s=clock_s)
        case EvSuspended() | EvseSuspended() | ChargingResumed():
            return _phase(session, event)
        case ChargerRebooted(presume_ended_at=at) if isinstance(session, Charging):
            return change(session, presume_ended_at=at)
        case CableRemoved(at=at, presume_ended_at=until) if isinstance(session, Charging):
            return change(session, unplugged_at=at, presume_ended_at=until)
        case ChargingEnded() if isinstance(session, Charging):
            return _ended(session, event)
        case EndReconciled():
            return _reconciled(session, event)
        case BillCorrected():
            return _corrected(session, event)
        case BlockingFeeCharged(number=number, line=line):
            return _blocking(session, lambda b: change(b, charged=(*b.charged, (number, line))))
        case BlockingFeeCredited(number=number):
            return _blocking(
                session, lambda b: change(b, charged=tuple(fee for fee in b.charged if fee[0] != number))
            )
        case BlockingPaused(at=at, reason=reason) if isinstance(session, Charging | Blocking):
            return change(session, paused_since=at, paused_for=reason)
        case BlockingResumed() if isinstance(session, Charging | Blocking):
            return _resumed(session, event)
        case StopConflicted(at=at, meter_stop_wh=wh):
            return _blocking(session, lambda b: change(b, conflicts=(*b.conflicts, (at, wh))))
        case ConnectorFreed(at=at) if isinstance(session, Blocking):
            return Closed(last=session, freed_at=at)
        case (
            RegisterRebased()
            | ClockShifted()
            | ChargerRebooted()
            | CableRemoved()
            | ChargingEnded()
            | IdleDetected()
            | BlockingPaused()
            | BlockingResumed()
            | ConnectorFreed()
        ):
            return session
        case _:
            assert_never(event)


def _metered(session: Session, event: EnergyMetered) -> Session:
    if not isinstance(session, Charging):
        # What comes after the end is evidence all the same.
        return _blocking(
            session,
            lambda b: change(
                b, charging=change(b.charging, running=b.charging.running.metered(event.readings))
            ),
        )
    running, meter = session.running.metered(event.readings), session.meter
    if not event.late:
        last = event.readings[-1]
        registers = [
            reading.register_wh
            for reading in event.readings
            if reading.register_wh is not None and reading.rank != RANK_OF_BEGIN
        ]
        on_series = bool(registers) and running.evidence.tail_wh is not None
        meter = Meter(
            start_wh=meter.start_wh,
            last_wh=registers[-1] if on_series else meter.last_wh,
            last_at=last.at,
            sampled=meter.sampled or bool(registers),
        )
    return change(session, running=running, meter=meter)


def _phase(session: Session, event: EvSuspended | EvseSuspended | ChargingResumed) -> Session:
    if not isinstance(session, Charging):
        return session
    calm = change(
        session,
        suspended_since=None,
        idle_at=None,
        throttled_since=None,
        presume_ended_at=None,
        unplugged_at=None,
    )
    match event:
        case EvSuspended(at=at, idle_at=idle_at):
            return change(calm, suspended_since=at, idle_at=idle_at)
        case EvseSuspended(at=at):
            return change(calm, throttled_since=session.throttled_since or at)
        case ChargingResumed():
            return calm
        case _:
            assert_never(event)


def _ended(session: Charging, event: ChargingEnded) -> Blocking:
    return Blocking(
        charging=session,
        end=End(
            at=event.at,
            energy_wh=event.energy_wh,
            meter_stop_wh=event.meter_stop_wh,
            reason=event.reason,
            bill=event.bill,
            provisional=event.provisional,
            stopped_at=None if event.provisional else event.at,
            heard_at=event.received_at,
            held_wh=event.held_wh,
        ),
        pauses=session.pauses,
        paused_since=session.paused_since,
        paused_for=session.paused_for,
        ahead_s=session.ahead_s,
        clock_s=session.clock_s,
    )


def _reconciled(session: Session, event: EndReconciled) -> Session:
    return _blocking(
        session,
        lambda b: change(
            b,
            end=End(
                at=event.ended_at,
                energy_wh=event.energy_wh,
                meter_stop_wh=event.meter_stop_wh,
                reason=event.reason,
                bill=event.bill,
                provisional=False,
                stopped_at=event.at,
                heard_at=event.received_at,
                held_wh=event.held_wh,
            ),
        ),
    )


def _corrected(session: Session, event: BillCorrected) -> Session:
    return _blocking(
        session,
        lambda b: change(
            b,
            end=change(
                b.end,
                energy_wh=event.energy_wh,
                bill=event.bill,
                held_wh=event.held_wh,
                consented=b.end.consented or event.cause == HELD_ENERGY_BILLED,
            ),
        ),
    )


def _resumed(session: Charging | Blocking, event: BlockingResumed) -> Charging | Blocking:
    pauses = paused(session.pauses, session.paused_since, event.at)
    if isinstance(session, Charging):
        return change(session, pauses=pauses, paused_since=None, paused_for="", idle_at=event.idle_at)
    return change(session, pauses=pauses, paused_since=None, paused_for="")


def _blocking(session: Session, moved: Callable[[Blocking], Blocking]) -> Session:
    match session:
        case Blocking():
            return moved(session)
        case Closed(last=last):
            return change(session, last=moved(last))
        case _:
            return session
