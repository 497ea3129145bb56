"""The rules of a session.

When it begins, what it draws, when it idles, when it ends, what it costs and when its plug is free. Charging
→ (idle for a full interval | stop | presumed end) → Blocking → (plug freed) → Closed. A stop that comes after
a provisional end replaces it. Whatever arrives twice, late or for nobody decides nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from eosvolt.domain.charge_points.reports import ConnectorStatus
from eosvolt.domain.kernel import Decider
from eosvolt.domain.sessions.blocking import free, pause, reach_fees, resume
from eosvolt.domain.sessions.commands import (
    BillHeldEnergy,
    EndCharging,
    FreeConnector,
    KeepOrphanStop,
    MeterEnergy,
    NoteConnection,
    NoteConnector,
    NoteReboot,
    ReachDeadline,
    SessionCommand,
    StartSession,
)
from eosvolt.domain.sessions.ending import (
    bill_held_energy,
    end,
    end_idle,
    meter_after_the_end,
    reconcile,
)
from eosvolt.domain.sessions.events import (
    CableRemoved,
    ChargerRebooted,
    ChargingResumed,
    EvseSuspended,
    EvSuspended,
    OrphanStopKept,
    SessionEvent,
    SessionStarted,
)
from eosvolt.domain.sessions.evolve import evolve
from eosvolt.domain.sessions.own_clock import by_its_clock, clock_shifted
from eosvolt.domain.sessions.readings import meter, read, told
from eosvolt.domain.sessions.state import (
    PRESUMED_END_AFTER_REBOOT,
    PRESUMED_END_AFTER_UNPLUGGING,
    Absent,
    Blocking,
    Charging,
    Closed,
    Orphan,
    Session,
    idle_at,
    paused,
)

GONE = (ConnectorStatus.AVAILABLE, ConnectorStatus.PREPARING, ConnectorStatus.RESERVED)
OUT_OF_ORDER = (ConnectorStatus.FAULTED, ConnectorStatus.UNAVAILABLE)
TAKEN = (ConnectorStatus.FINISHING, ConnectorStatus.SUSPENDED_EV, ConnectorStatus.SUSPENDED_EVSE)


def decide(command: SessionCommand, session: Session) -> Sequence[SessionEvent]:
    """What happens."""
    shifted = clock_shifted(command, session)
    if shifted:
        return [*shifted, *decide(command, sessions.fold(shifted, session))]
    return _decide(by_its_clock(command, session), session)


def _decide(command: SessionCommand, session: Session) -> Sequence[SessionEvent]:
    """The same for a command whose times are by the session's clock already."""
    match command, session:
        case StartSession(), Absent():
            return [_started(command)]
        case StartSession(), Orphan(stop=stop):
            begun = _started(command)
            return [begun, *decide(_stop_of(stop), sessions.fold([begun], session))]
        case KeepOrphanStop(), Absent():
            return [_kept(command)]
        case MeterEnergy(), Charging():
            return _resumed_by(command, session)
        case MeterEnergy(), Blocking() | Closed():
            return meter_after_the_end(command, session)
        case BillHeldEnergy(), Blocking() | Closed():
            return bill_held_energy(command, session)
        case NoteConnector(), Charging():
            return _note_while_charging(command, session)
        case NoteConnector(), Blocking():
            return _note_while_blocking(command, session)
        case NoteReboot(at=at), Charging(presume_ended_at=None):
            return [ChargerRebooted(at=at, presume_ended_at=at + PRESUMED_END_AFTER_REBOOT)]
        case NoteConnection(at=at, connected=False), Charging() | Blocking():
            return pause(session, at, "Disconnected")
        case NoteConnection(at=at, connected=True), Charging(paused_for="Disconnected") | Blocking(
            paused_for="Disconnected"
        ):
            return resume(session, at)
        case EndCharging(), Charging():
            return _end(command, session)
        case EndCharging(provisional=False), Blocking() | Closed():
            return reconcile(command, session)
        case FreeConnector(at=at), Blocking():
            return free(session, at)
        case ReachDeadline(at=at), Charging():
            return _due_while_charging(session, at)
        case ReachDeadline(at=at), Blocking():
            return reach_fees(session, at)
        case _:
            return []


def _started(command: StartSession) -> SessionStarted:
    return SessionStarted(
        number=command.number,
        place=command.place,
        token=command.token,
        at=command.at,
        received_at=command.received_at,
        meter_start_wh=command.meter_start_wh,
        transaction=command.transaction,
        tariff=command.tariff,
        max_power_w=command.max_power_w,
        authorization=command.authorization,
        group=command.group,
        remote_command=command.remote_command,
        flags=command.flags,
    )


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
        readings=tuple(told(reading) for reading in command.readings),
    )


def _stop_of(stop: OrphanStopKept) -> EndCharging:
    return EndCharging(
        at=stop.at,
        received_at=stop.received_at,
        reason=stop.reason,
        meter_stop_wh=stop.meter_stop_wh,
        readings=tuple(read(reading) for reading in stop.readings),
    )


def _resumed_by(command: MeterEnergy, session: Charging) -> Sequence[SessionEvent]:
    events = meter(command, session)
    rebooted = session.presume_ended_at is not None and session.unplugged_at is None
    if not events or not rebooted:
        return events
    # The charger goes on with the transaction that it had before it started anew.
    return [ChargingResumed(at=command.readings[-1].at, plug=session.start.place.plug), *events]


def _end(command: EndCharging, session: Charging) -> Sequence[SessionEvent]:
    idle = _idle_before(session, command.at)
    if idle:
        return [*idle, *_decide(command, sessions.fold(idle, session))]
    ended = end(command, session)
    if session.unplugged_at is None:
        return ended
    freed_at = max(session.unplugged_at, command.at)
    return [*ended, *_decide(FreeConnector(at=freed_at), sessions.fold(ended, session))]


def _note_while_charging(command: NoteConnector, session: Charging) -> Sequence[SessionEvent]:
    if command.at < session.start.at and command.status in GONE:
        # So it was before this car came.
        return []
    idle = _idle_before(session, command.at)
    if idle:
        return [*idle, *_decide(command, sessions.fold(idle, session))]
    at, plug = max(command.at, session.start.at), session.start.place.plug
    away = session.paused_for in OUT_OF_ORDER
    match command.status:
        case ConnectorStatus.SUSPENDED_EV if session.suspended_since is None:
            due = idle_at(session.fee, at, paused(session.pauses, session.paused_since, command.received_at))
            back = resume(session, at) if away else []
            return [*back, EvSuspended(at=at, plug=plug, idle_at=due)]
        case ConnectorStatus.SUSPENDED_EV if away:
            return resume(session, at)
        case ConnectorStatus.SUSPENDED_EVSE if session.throttled_since is None:
            return [EvseSuspended(at=at, plug=plug)]
        case ConnectorStatus.CHARGING if _not_simply_charging(session):
            back = resume(session, at) if away else []
            return [*back, ChargingResumed(at=at, plug=plug)]
        case ConnectorStatus.FAULTED | ConnectorStatus.UNAVAILABLE:
            return pause(session, at, command.status.value)
        case status if status in GONE and session.unplugged_at is None:
            until = max(at, command.received_at) + PRESUMED_END_AFTER_UNPLUGGING
            return [CableRemoved(at=at, plug=plug, presume_ended_at=until)]
        case _:
            return []


def _not_simply_charging(session: Charging) -> bool:
    return (
        session.suspended_since is not None
        or session.throttled_since is not None
        or session.unplugged_at is not None
        or session.presume_ended_at is not None
        or session.paused_for in OUT_OF_ORDER
    )


def _note_while_blocking(command: NoteConnector, session: Blocking) -> Sequence[SessionEvent]:
    if command.at < session.end.at:
        return []
    if command.status in OUT_OF_ORDER:
        return pause(session, command.at, command.status.value)
    if command.status in TAKEN:
        return resume(session, command.at) if session.paused_for in OUT_OF_ORDER else []
    if command.status is ConnectorStatus.CHARGING and command.at == session.end.at:
        # Within the same second: this is how charging was before it ended.
        return []
    return free(session, command.at)


def _due_while_charging(session: Charging, now: datetime) -> Sequence[SessionEvent]:
    idle = _idle_before(session, now)
    if idle:
        return [*idle, *_decide(ReachDeadline(at=now), sessions.fold(idle, session))]
    presumed = session.presume_ended_at
    if presumed is None or now < presumed:
        return []
    # Nothing was heard since the last sign of life; that is where the charging phase ends.
    last = max(session.meter.last_at, session.start.at)
    ended_at = last if session.unplugged_at is None else max(last, session.unplugged_at)
    return _end(EndCharging(at=ended_at, received_at=now, reason="NoStop", provisional=True), session)


def _idle_before(session: Charging, at: datetime) -> Sequence[SessionEvent]:
    """The end by idling, where the car had been suspended for a full interval before ``at``."""
    due = session.idle_at
    if due is None or at < due or session.paused_since is not None:
        return []
    return end_idle(session, due)


sessions: Decider[SessionCommand, Session, SessionEvent] = Decider("session", Absent(), decide, evolve)
