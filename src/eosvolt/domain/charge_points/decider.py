"""The rules of a charge point: who may connect, what a report changes, which transactions are under way."""

from collections.abc import Sequence

from eosvolt.domain.charge_points.admission import (
    added,
    added_again,
    changed,
    handled,
    raised,
    registration_accepted,
    secured,
)
from eosvolt.domain.charge_points.commands import (
    AcceptRegistration,
    AddChargePoint,
    AddPendingStart,
    AskForBoot,
    ChangeChargePoint,
    ChangeConnectionPolicy,
    ChargePointCommand,
    CloseTransaction,
    Connect,
    Disconnect,
    KeepReadings,
    KeepStop,
    NoteBoot,
    NotePassword,
    OpenTransaction,
    RaiseSecurity,
    ReachSilence,
    ReachStartDeadline,
    RemoveChargePoint,
    ReopenTransaction,
    ReportStatus,
)
from eosvolt.domain.charge_points.connections import connected, disconnected
from eosvolt.domain.charge_points.events import (
    BootAsked,
    ChargePointBooted,
    ChargePointEvent,
    ChargePointRemoved,
    ChargePointSilent,
    ConnectorReported,
    ConnectorSeen,
    ReadingsUnassigned,
    RemoteStartPending,
    StationReported,
    StopOrphaned,
    TransactionClosed,
    TransactionOpened,
    TransactionReopened,
)
from eosvolt.domain.charge_points.remote_starts import expired_starts
from eosvolt.domain.charge_points.reports import Boot, MeterReport, StatusReport, plain
from eosvolt.domain.charge_points.state import ChargePoint, Registered, Unknown, evolve
from eosvolt.domain.charge_points.status_ordering import adds_to_history, changes_status
from eosvolt.domain.kernel import Decider, Rejected


def decide(command: ChargePointCommand, charge_point: ChargePoint) -> Sequence[ChargePointEvent]:
    """The events of ``command``; none where it changes nothing. Raises ``Rejected``."""
    match command, charge_point:
        case AddChargePoint(), Unknown() | Registered(removed=True):
            return added(command)
        case AddChargePoint(), Registered() as known:
            return added_again(command, known)
        case _, Registered(removed=False) as known:
            return _decide_known(command, known)
        case _:
            return []


def _decide_known(command: ChargePointCommand, known: Registered) -> Sequence[ChargePointEvent]:
    match command:
        case ChangeChargePoint():
            return changed(command, known)
        case ChangeConnectionPolicy():
            return handled(command, known)
        case AcceptRegistration():
            return registration_accepted(command, known)
        case RaiseSecurity():
            return raised(command, known)
        case NotePassword():
            return secured(command, known)
        case RemoveChargePoint(at=at):
            if known.open():
                raise Rejected("A session is still open on this charger: stop it first.")
            return [ChargePointRemoved(at=at, connectors=known.numbers())]
        case Connect():
            return connected(command, known)
        case Disconnect():
            return disconnected(command, known)
        case NoteBoot(boot=boot):
            return _booted(boot, known)
        case ReportStatus(report=report):
            return _reported(report, known)
        case OpenTransaction():
            return _opened(command, known)
        case CloseTransaction():
            return _closed(command, known)
        case ReopenTransaction(session=session, at=at):
            return [
                TransactionReopened(session=session, connector=t.opened.connector, at=at)
                for t in known.transactions
                if t.opened.session == session and t.closed == "provisional"
            ]
        case AskForBoot(at=at, until=until):
            return [] if known.boot_asked_until == until else [BootAsked(at=at, until=until)]
        case KeepStop():
            return _kept_stop(command, known)
        case KeepReadings(report=report):
            return _kept_readings(report, known)
        case AddPendingStart():
            return _start_pending(command, known)
        case ReachStartDeadline(at=at):
            return expired_starts(known.pending_starts, at)
        case ReachSilence(at=at):
            due = known.silent_at
            return [ChargePointSilent(at=due)] if due is not None and due <= at and not known.online else []
        case _:
            return []


def _booted(boot: Boot, known: Registered) -> Sequence[ChargePointEvent]:
    if known.booted_at is not None and boot.received_at <= known.booted_at:
        return []
    if known.asks_again and known.held:
        # A pending charger repeats its boot every minute, maybe for days.
        return []
    return [
        ChargePointBooted(
            at=boot.received_at,
            vendor=boot.vendor,
            model=boot.model,
            serial=boot.serial,
            firmware=boot.firmware,
            iccid=boot.iccid,
            imsi=boot.imsi,
            meter_type=boot.meter_type,
            meter_serial=boot.meter_serial,
            pending=known.held,
            again=known.asks_again,
        )
    ]


def _reported(report: StatusReport, known: Registered) -> Sequence[ChargePointEvent]:
    if not changes_status(report, known):
        return _seen(report, known)
    if report.connector == 0:
        return [
            StationReported(
                status=report.status,
                at=report.at,
                received_at=report.received_at,
                connectors=known.numbers(),
                error_code=report.error_code,
                vendor_error=report.vendor_error,
                info=report.info,
                clock_offset_s=report.clock_offset_s,
            )
        ]
    transaction = known.open_on(report.connector)
    return [
        ConnectorReported(
            location=known.location,
            connector=report.connector,
            status=report.status,
            at=report.at,
            received_at=report.received_at,
            timed=report.timed,
            error_code=report.error_code,
            vendor_error=report.vendor_error,
            info=report.info,
            clock_offset_s=report.clock_offset_s,
            session="" if transaction is None else transaction.opened.session,
        )
    ]


def _seen(report: StatusReport, known: Registered) -> Sequence[ChargePointEvent]:
    if report.connector == 0 or not adds_to_history(report, known):
        return []
    return [
        ConnectorSeen(
            connector=report.connector,
            status=report.status,
            at=report.at,
            received_at=report.received_at,
            timed=report.timed,
            clock_offset_s=report.clock_offset_s,
        )
    ]


def _opened(command: OpenTransaction, known: Registered) -> Sequence[ChargePointEvent]:
    if any(t.opened.session == command.session for t in known.transactions):
        return []
    return [
        TransactionOpened(
            session=command.session,
            transaction=command.transaction,
            connector=command.connector,
            token=command.token,
            at=command.at,
            meter_start_wh=command.meter_start_wh,
            authorization=command.authorization,
            group=command.group,
            expires_at=command.expires_at,
            clock_offset_s=command.clock_offset_s,
            metered=command.metered,
        )
    ]


def _closed(command: CloseTransaction, known: Registered) -> Sequence[ChargePointEvent]:
    for transaction in known.transactions:
        if transaction.opened.session != command.session:
            continue
        if transaction.closed == "final" or (transaction.closed and command.provisional):
            return []
        return [
            TransactionClosed(
                session=command.session,
                connector=transaction.opened.connector,
                at=command.at,
                provisional=command.provisional,
                transaction=transaction.opened.transaction,
            )
        ]
    return []


def _kept_stop(command: KeepStop, known: Registered) -> Sequence[ChargePointEvent]:
    report = command.report
    if any(orphan.session == command.session for orphan in known.orphans):
        return []
    return [
        StopOrphaned(
            session=command.session,
            transaction=report.transaction,
            at=report.at,
            received_at=report.received_at,
            meter_stop_wh=report.meter_stop_wh or 0,
            reason=report.reason,
            token=report.token,
        )
    ]


def _kept_readings(report: MeterReport, known: Registered) -> Sequence[ChargePointEvent]:
    readings = tuple(plain(reading) for reading in report.readings)
    if not readings or any(
        kept.connector == report.connector and kept.readings == readings for kept in known.unassigned
    ):
        return []
    return [
        ReadingsUnassigned(
            connector=report.connector,
            received_at=report.received_at,
            readings=readings,
            transaction=report.transaction,
        )
    ]


def _start_pending(command: AddPendingStart, known: Registered) -> Sequence[ChargePointEvent]:
    if any(each.command == command.command for each in known.pending_starts):
        return []
    return [
        RemoteStartPending(
            command=command.command, connector=command.connector, token=command.token, until=command.until
        )
    ]


charge_points: Decider[ChargePointCommand, ChargePoint, ChargePointEvent] = Decider(
    "charge-point", Unknown(), decide, evolve
)
