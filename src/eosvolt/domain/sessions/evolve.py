"""The fold of a session: how each event changes its state. Figures are copied from events."""

from collections.abc import Callable
from datetime import timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.charge_points.clocks import certain_clock_offset_s
from eosvolt.domain.sessions.events import (
    HELD_ENERGY_BILLED,
    BillCorrected,
    BlockingFeeCharged,
    BlockingFeeCredited,
    BookedTermsChanged,
    ChargingEnded,
    ClockOffsetChanged,
    ConnectorFreed,
    EndReconciled,
    EndWithdrawn,
    EnergyMetered,
    IdleDetected,
    OrphanStopKept,
    ReceiptIssued,
    RefundIssued,
    RegisterRebased,
    SessionEvent,
    SessionInvoiced,
    SessionStarted,
    StopConflicted,
)
from eosvolt.domain.sessions.metering import meter_at_start
from eosvolt.domain.sessions.outlook import outlook
from eosvolt.domain.sessions.plug_events import (
    BlockingPaused,
    BlockingResumed,
    CableRemoved,
    ChargerRebooted,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
    PlugObserved,
)
from eosvolt.domain.sessions.running_bill import RunningBill, begun
from eosvolt.domain.sessions.seen import Seen, seen
from eosvolt.domain.sessions.state import Blocking, Charging, Closed, End, Orphan, Session
from eosvolt.domain.sessions.timeline import moved
from eosvolt.domain.tariffs.tariff import Tariff, with_terms

change = msgspec.structs.replace


def evolve(session: Session, event: SessionEvent) -> Session:
    """The session after ``event``."""
    evolved = _evolved(session, event)
    if not isinstance(session, Charging) or not isinstance(evolved, Charging):
        return evolved
    if isinstance(event, EnergyMetered):
        # Readings are in already.
        return evolved
    running = evolved.running.after(event)
    return evolved if running is evolved.running else change(evolved, running=running)


def running_of(last: Blocking) -> RunningBill:
    """The session's running bill, with all observations of its plug, those after the end included."""
    return change(last.charging.running, timeline=last.timeline)


def _evolved(session: Session, event: SessionEvent) -> Session:
    match event:
        case SessionStarted():
            return Charging(
                start=event,
                meter=meter_at_start(event.meter_start_wh, event.at),
                running=begun(event),
                clock_s=certain_clock_offset_s(event.at, event.received_at),
            )
        case OrphanStopKept():
            return Orphan(stop=event)
        case BookedTermsChanged():
            return _with_terms(session, event)
        case EnergyMetered():
            return _metered(session, event)
        case ClockOffsetChanged() if isinstance(session, Charging | Blocking):
            return _shifted(session, event)
        case (
            EvSuspended()
            | EvseSuspended()
            | ChargingResumed()
            | ChargerRebooted()
            | CableRemoved()
            | BlockingPaused()
            | BlockingResumed()
            | PlugObserved()
        ):
            return _observed(session, event)
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
        case StopConflicted(at=at, meter_stop_wh=wh):
            return _blocking(session, lambda b: change(b, conflicts=(*b.conflicts, (at, wh))))
        case EndWithdrawn():
            return _withdrawn(session)
        case ConnectorFreed(at=at, numbered=numbered) if isinstance(session, Blocking | Closed):
            last = session.last if isinstance(session, Closed) else session
            return Closed(last=last, freed_at=at, numbered=numbered)
        case ReceiptIssued():
            return _blocking(session, lambda b: change(b, charging=change(b.charging, receipt=event)))
        case RefundIssued() if isinstance(session, Closed):
            return change(session, refunds=(*session.refunds, event))
        case SessionInvoiced(invoice=invoice) if isinstance(session, Closed):
            return change(session, invoice=invoice)
        case (
            RefundIssued()
            | SessionInvoiced()
            | RegisterRebased()
            | ClockOffsetChanged()
            | ChargingEnded()
            | IdleDetected()
            | ConnectorFreed()
        ):
            return session
        case _:
            assert_never(event)


def _with_terms(session: Session, event: BookedTermsChanged) -> Session:
    if isinstance(session, Charging):
        return _retariffed(session, with_terms(session.start.tariff, event.free_wh, event.fee_begins_at))
    return _blocking(
        session,
        lambda b: change(
            b,
            charging=_retariffed(b.charging, with_terms(b.start.tariff, event.free_wh, event.fee_begins_at)),
        ),
    )


def _retariffed(session: Charging, tariff: Tariff) -> Charging:
    start = change(session.start, tariff=tariff)
    return change(
        session,
        start=start,
        running=change(session.running, tariff=tariff),
        outlook=outlook(session.timeline, start),
    )


def _shifted(session: Charging | Blocking, event: ClockOffsetChanged) -> Session:
    dated = change(session, clock_offset_s=event.clock_offset_s, clock_s=event.clock_s)
    if not event.moved_s:
        return dated
    by = timedelta(seconds=event.moved_s)
    timeline = moved(session.timeline, by)
    if isinstance(dated, Charging):
        dated = _booked_end_moved(dated, by)
        return change(dated, outlook=outlook(timeline, dated.start))
    return change(dated, timeline=timeline, charging=_booked_end_moved(dated.charging, by))


def _booked_end_moved(session: Charging, by: timedelta) -> Charging:
    """The blocking fee begins at the same instant by our clock, whatever the session's clock is."""
    fee = session.start.tariff.blocking_fee
    if fee is None or fee.begins_at is None:
        return session
    return _retariffed(
        session, with_terms(session.start.tariff, session.start.tariff.free_wh, fee.begins_at + by)
    )


def _metered(session: Session, event: EnergyMetered) -> Session:
    if not isinstance(session, Charging):
        # Readings after the end are evidence too.
        return _blocking(
            session,
            lambda b: change(
                b, charging=change(b.charging, running=b.charging.running.metered(event.readings))
            ),
        )
    if event.late:
        return change(session, running=session.running.metered(event.readings))
    running, meter = session.running, session.meter
    for reading in event.readings:
        running = running.metered((reading,))
        meter = meter.after(reading, plausible=running.evidence.tail_wh is not None)
    return change(session, running=running, meter=meter)


def _observed(session: Session, event: Seen) -> Session:
    match session:
        case Charging():
            timeline = seen(session.timeline, event)
            return change(session, outlook=outlook(timeline, session.start))
        case Blocking():
            return change(session, timeline=seen(session.timeline, event))
        case Closed(last=last):
            return change(session, last=change(last, timeline=seen(last.timeline, event)))
        case _:
            return session


def _withdrawn(session: Session) -> Session:
    last = session.last if isinstance(session, Closed) else session
    return withdrawn_to(last) if isinstance(last, Blocking) else session


def withdrawn_to(last: Blocking) -> Charging:
    """The session's state once its end is withdrawn: charging goes on."""
    return change(
        last.charging,
        running=running_of(last),
        outlook=outlook(last.timeline, last.start),
        clock_offset_s=last.clock_offset_s,
        clock_s=last.clock_s,
    )


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
            stop_reason="" if event.provisional else event.reason,
            heard_at=event.received_at,
            held_wh=event.held_wh,
        ),
        timeline=session.timeline,
        clock_offset_s=session.clock_offset_s,
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
                provisional=event.provisional,
                stopped_at=None if event.provisional else event.at,
                stop_reason=event.stop_reason or event.reason,
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


def _blocking(session: Session, moved: Callable[[Blocking], Blocking]) -> Session:
    match session:
        case Blocking():
            return moved(session)
        case Closed(last=last):
            return change(session, last=moved(last))
        case _:
            return session
