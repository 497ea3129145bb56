"""The decider of a charging session: start, energy, idling, end, bill, blocking fees and the free plug.

Charging → (idle for a full interval | stop | presumed end) → Blocking → (plug freed) → Closed. A late stop
replaces a provisional end; a refund makes the bill final. What is repeated or does not fit decides nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Decider
from eosvolt.domain.sessions.blocking import settle_fees
from eosvolt.domain.sessions.booked_terms import change_terms
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    ChangeBookedTerms,
    EndCharging,
    FreeConnector,
    InvoiceSession,
    IssueReceipt,
    KeepOrphanStop,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    RecallPlug,
    RefundSession,
    SessionCommand,
    StartSession,
)
from eosvolt.domain.sessions.corrections import bill_held_energy, meter_after_the_end
from eosvolt.domain.sessions.ending import end, end_idle, reconcile, withdraw
from eosvolt.domain.sessions.events import OrphanStopKept, SessionEvent
from eosvolt.domain.sessions.evolve import evolve, withdrawn_to
from eosvolt.domain.sessions.invoicing import invoice
from eosvolt.domain.sessions.observations import (
    CONNECTED,
    DISCONNECTED,
    FOLLOWED,
    GOES_ON,
    REBOOTED,
    Observation,
)
from eosvolt.domain.sessions.observing import fold, idle_by, note, observe
from eosvolt.domain.sessions.readings import meter, read, session_reading
from eosvolt.domain.sessions.receipting import receipt
from eosvolt.domain.sessions.refunding import after_refund, refund
from eosvolt.domain.sessions.session_timebase import by_its_clock, clock_offset_changes
from eosvolt.domain.sessions.starting import started
from eosvolt.domain.sessions.state import Absent, Blocking, Charging, Closed, Orphan, Session
from eosvolt.domain.sessions.timeline import (
    GONE,
    OUT_OF_ORDER,
    SUSPENDED,
    SUSPENDED_BEFORE,
    statuses,
)

CHARGING, NO_STOP = ConnectorStatus.CHARGING.value, "NoStop"
# A status without a timestamp that is received within this time after the start may be from before it.
UNTIMED_WITHIN = timedelta(seconds=60)


def decide(command: SessionCommand, session: Session) -> Sequence[SessionEvent]:
    """Return the events of a command, a change of the clock offset first; empty if nothing changes."""
    if shifted := clock_offset_changes(command, session):
        return [*shifted, *decide(command, sessions.fold(shifted, session))]
    return _decide(by_its_clock(command, session), session)


def _decide(command: SessionCommand, session: Session) -> Sequence[SessionEvent]:
    """Decide on a command whose times are already by the session's clock."""
    if isinstance(command, IssueReceipt):
        return receipt(command, session)
    if isinstance(command, InvoiceSession):
        return invoice(command, session)
    if isinstance(session, Closed) and session.final:
        return after_refund(command, session)
    match command, session:
        case StartSession(), Absent():
            return [started(command)]
        case StartSession(), Orphan(stop=stop):
            begun = started(command)
            return [begun, *decide(_stop_of(stop), sessions.fold([begun], session))]
        case KeepOrphanStop(), Absent():
            return [_kept(command)]
        case MeterEnergy(), Charging():
            return _metered(command, session)
        case MeterEnergy(), Blocking() | Closed():
            return _revived(command, session) or meter_after_the_end(command, session)
        case BillHeldEnergy(), Blocking() | Closed():
            return bill_held_energy(command, session)
        case NoteConnector(), Charging() | Blocking() | Closed():
            return _connector(command, session)
        case RecallPlug(observations=observations), Charging() | Blocking() | Closed():
            return observe(session, observations)
        case NoteReboot(at=at), Charging() if session.presume_ended_at is None:
            return note(session, [Observation(at, REBOOTED)])
        case NoteConnection(at=at, connected=connected), Charging() | Blocking():
            return note(session, [Observation(at, CONNECTED if connected else DISCONNECTED)])
        case FreeConnector(at=at), Charging() | Blocking() | Closed():
            return note(session, [Observation(at, FOLLOWED, at)])
        case EndCharging(), Charging():
            return _end(command, session)
        case EndCharging(), Blocking() | Closed():
            moved = reconcile(command, session)
            return [*moved, *_settled(session, moved)]
        case RefundSession(), Charging() | Blocking() | Closed():
            return refund(command, session)
        case ChangeBookedTerms(), Charging() | Blocking() | Closed():
            return change_terms(command, session)
        case ReachDeadline(at=at), Charging():
            return _due_while_charging(session, at)
        case ReachDeadline(at=at), Blocking() | Closed():
            return settle_fees(session, at)
        case _:
            return []


def _kept(command: KeepOrphanStop) -> OrphanStopKept:
    return OrphanStopKept(
        number=command.number,
        company=command.company,
        location=command.location,
        charge_point=command.charge_point,
        time_zone=command.time_zone,
        currency=command.currency,
        transaction=command.transaction,
        token=command.token,
        at=command.at,
        received_at=command.received_at,
        meter_stop_wh=command.meter_stop_wh,
        reason=command.reason,
        readings=tuple(session_reading(reading) for reading in command.readings),
    )


def _stop_of(stop: OrphanStopKept) -> EndCharging:
    return EndCharging(
        at=stop.at,
        received_at=stop.received_at,
        reason=stop.reason,
        meter_stop_wh=stop.meter_stop_wh,
        readings=tuple(read(reading) for reading in stop.readings),
    )


def _metered(command: MeterEnergy, session: Charging) -> Sequence[SessionEvent]:
    """Return the events of readings: energy, an end by idling before them, or the end of a presumption."""
    last = max((reading.at for reading in command.readings), default=None)
    if last is None:
        return []
    back = (
        note(session, [Observation(_goes_on_at(command, session), CHARGING)])
        if _returns(command, session)
        else []
    )
    idle = [] if back else idle_by(session, last)
    moved = fold(session, [*back, *idle])
    if isinstance(moved, Blocking | Closed):
        return [*back, *idle, *meter_after_the_end(command, moved)]
    if not isinstance(moved, Charging):
        return [*back, *idle]
    events = meter(command, moved)
    if events and not back and session.presume_ended_at is not None and session.unplugged_at is None:
        # The charger continues the transaction from before its reboot.
        back = note(session, [Observation(last, _sign(command, session, last))])
    return [*back, *events]


def _sign(command: MeterEnergy, session: Charging, at: datetime) -> str:
    """The observation that readings up to ``at`` prove: ``Charging``, or only that the session goes on.

    A suspended or faulted plug counts as charging again only through later readings.
    """
    states = [what for since, what in statuses(session.timeline, session.start.at) if since <= at]
    rests = bool(states) and states[-1] in SUSPENDED | OUT_OF_ORDER
    return CHARGING if not rests and _flows_on(command, session, session.meter.last_at) else GOES_ON


def _returns(command: MeterEnergy, session: Charging) -> bool:
    """Whether readings show that the car never left, although the plug was reported free."""
    left_at = session.unplugged_at
    return left_at is not None and _flows_on(command, session, left_at)


def _goes_on_at(command: MeterEnergy, session: Charging) -> datetime:
    left_at = session.unplugged_at or session.start.at
    return min(reading.at for reading in command.readings if reading.at > left_at)


def _flows_on(command: MeterEnergy, session: Charging, since: datetime) -> bool:
    """Whether readings later than ``since`` that name this transaction show that energy flows."""
    if command.transaction != session.start.transaction:
        return False
    return any(
        reading.at > since
        and ((reading.power_w or 0) > 0 or (reading.register_wh or 0) > session.meter.last_wh)
        for reading in command.readings
    )


def _revived(command: MeterEnergy, session: Blocking | Closed) -> Sequence[SessionEvent]:
    """Withdraw a presumed end if readings of the same transaction follow it; empty if they do not."""
    last = session.last if isinstance(session, Closed) else session
    end, charging = last.end, last.charging
    named = command.transaction == last.start.transaction
    later = [reading.at for reading in command.readings if reading.at > end.at]
    left = charging.unplugged_at
    if end.reason != NO_STOP or not named or not later:
        return []
    if left is not None and not _flows_on(command, charging, left):
        return []
    sign = CHARGING if left is not None else _sign(command, withdrawn_to(last), max(later))
    seen = observe(session, [Observation(max(later) if sign == GOES_ON else min(later), sign)])
    moved = fold(session, seen)
    known = moved.last if isinstance(moved, Closed) else moved
    if not isinstance(known, Blocking):
        return []
    withdrawn = withdraw(known, min(later), command.received_at)
    again = fold(known, withdrawn)
    if not withdrawn or not isinstance(again, Charging):
        return []
    return [*seen, *withdrawn, *_metered(command, again)]


def _end(command: EndCharging, session: Charging) -> Sequence[SessionEvent]:
    due = session.outlook.idle_at
    if due is not None and due < command.at:
        idle = end_idle(session, due)
        then = fold(session, idle)
        return [*idle, *_decide(command, then)]
    ended = end(command, session)
    return [*ended, *_settled(session, ended)]


def _settled(session: Session, events: Sequence[SessionEvent]) -> Sequence[SessionEvent]:
    """The fees and the freed plug that are known after ``events``."""
    then = fold(session, events)
    if not events or not isinstance(then, Blocking | Closed):
        return []
    timeline = then.last.timeline if isinstance(then, Closed) else then.timeline
    end = then.last.end if isinstance(then, Closed) else then.end
    return settle_fees(then, max([end.at, *(each.at for each in timeline[-1:])]))


def _connector(command: NoteConnector, session: Charging | Blocking | Closed) -> Sequence[SessionEvent]:
    start = (session.last if isinstance(session, Closed) else session).start
    leaving = command.status.value in GONE and command.status is not ConnectorStatus.AVAILABLE
    if not command.timed and leaving and command.received_at <= start.received_at + UNTIMED_WITHIN:
        # The status may be older than its receipt: it may be from before the session's start.
        return []
    suspended = command.status.value in SUSPENDED and command.at >= start.at - SUSPENDED_BEFORE
    at = max(command.at, start.at) if suspended else command.at
    if at < start.at:
        # The status is from before the session.
        return []
    return note(session, [Observation(at, command.status.value, command.received_at)])


def _due_while_charging(session: Charging, now: datetime) -> Sequence[SessionEvent]:
    idle = idle_by(session, now)
    if idle:
        return idle
    presumed = session.presume_ended_at
    if presumed is None or now < presumed:
        return []
    # The charging phase ends at the last reading, or when the plug was free if that is later.
    last = max(session.meter.last_at, session.start.at)
    ended_at = last if session.unplugged_at is None else max(last, session.unplugged_at)
    return _end(EndCharging(at=ended_at, received_at=now, reason=NO_STOP, provisional=True), session)


sessions: Decider[SessionCommand, Session, SessionEvent] = Decider("session", Absent(), decide, evolve)
