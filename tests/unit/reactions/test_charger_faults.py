"""Which faults follow from what happens to a charger, and from what it tells of its upkeep."""

from datetime import datetime

from eosvolt.domain.charge_points.commands import (
    Connect,
    Disconnect,
    NoteBoot,
    ReachSilence,
    ReportStatus,
)
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointEvent,
    ChargePointRemoved,
    ChargePointSilent,
    ConnectorReported,
    StationReported,
)
from eosvolt.domain.charge_points.reports import Boot, ConnectorStatus, StatusReport
from eosvolt.domain.faults.commands import RecoverFault, ReportFault
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.maintenance.commands import RecordDeviceEvent
from eosvolt.domain.maintenance.decider import maintenance
from eosvolt.domain.maintenance.events import (
    ClockFound,
    FirmwareProgressed,
    MaintenanceEvent,
    ProtocolViolationsCounted,
    SecurityEventReported,
    UploadProgressed,
)
from eosvolt.domain.maintenance.values import ProtocolViolation
from eosvolt.domain.reactions.registry import REACTIONS
from tests.examples import ADDED, CHARGE_POINT, MORNING, after
from tests.unit.reactions.follows import follows, said

STREAM = charge_points.stream(CHARGE_POINT)
FAULTS = "eosvolt.domain.reactions.charger_faults"


def connects(minutes: float) -> Connect:
    return Connect(at=after(minutes), protocol="ocpp1.6", secure=True, authenticated=True)


def boots(minutes: float) -> NoteBoot:
    return NoteBoot(boot=Boot(received_at=after(minutes), vendor="V", model="M"))


def faulted(connector: int, at: datetime, received_at: datetime) -> ReportStatus:
    report = StatusReport(
        connector=connector,
        status=ConnectorStatus.FAULTED,
        at=at,
        received_at=received_at,
        error_code="GroundFailure",
    )
    return ReportStatus(report=report)


def history(
    *commands: Connect | Disconnect | NoteBoot | ReachSilence | ReportStatus,
) -> list[ChargePointEvent]:
    events: list[ChargePointEvent] = [ADDED]
    for command in commands:
        events += charge_points.decide(command, charge_points.fold(events))
    return events


def reported(event: MaintenanceEvent, *given: ChargePointEvent) -> list[CommandEnvelope]:
    """What follows from ``event`` at a charger to which all that is ``given`` happened."""
    charger = charge_points.fold(given)
    return follows(
        type(event), maintenance, CHARGE_POINT, [], RecordDeviceEvent(event=event), others={STREAM: charger}
    )


def times(envelope: CommandEnvelope) -> tuple[datetime, datetime | None]:
    """When a fault was seen, and when we heard of it."""
    assert isinstance(envelope.command, ReportFault)
    return envelope.command.at, envelope.command.received_at


def test_a_charger_that_comes_back_after_a_silence_is_a_fault_no_longer() -> None:
    given = history(connects(0), Disconnect(at=after(1), reason="lost"), ReachSilence(at=after(6)))
    envelopes = follows(ChargePointConnected, charge_points, CHARGE_POINT, given, connects(9))
    assert said(envelopes) == [("NoContact", RecoverFault)]


def test_a_charger_that_stays_disconnected_is_a_fault() -> None:
    given = history(connects(0), Disconnect(at=after(1), reason="lost"))
    envelopes = follows(ChargePointSilent, charge_points, CHARGE_POINT, given, ReachSilence(at=after(7)))
    assert said(envelopes) == [("NoContact", ReportFault)]
    assert times(envelopes[0]) == (after(6), None)


def test_a_start_that_was_not_requested_is_a_fault_that_is_over_at_once() -> None:
    given = history(connects(0), boots(1))
    envelopes = follows(ChargePointBooted, charge_points, CHARGE_POINT, given, boots(30))
    assert said(envelopes) == [("UnexpectedReboot", ReportFault), ("UnexpectedReboot", RecoverFault)]


def test_an_error_of_a_plug_is_a_fault() -> None:
    report = faulted(1, after(5), after(5))
    envelopes = follows(ConnectorReported, charge_points, CHARGE_POINT, history(connects(0)), report)
    assert said(envelopes) == [("GroundFailure", ReportFault)]


def test_an_error_of_the_charger_as_a_whole_is_a_fault() -> None:
    report = faulted(0, after(5), after(5))
    envelopes = follows(StationReported, charge_points, CHARGE_POINT, history(connects(0)), report)
    assert said(envelopes) == [("GroundFailure", ReportFault)]


def test_firmware_that_could_not_be_installed_is_a_fault() -> None:
    event = FirmwareProgressed(at=MORNING, status="InstallationFailed")
    assert said(reported(event, ADDED)) == [("FirmwareFailed", ReportFault)]


def test_a_file_that_could_not_be_handed_over_is_a_fault() -> None:
    event = UploadProgressed(at=MORNING, status="UploadFailed")
    assert said(reported(event, ADDED)) == [("UploadFailed", ReportFault)]


def test_a_security_event_that_matters_is_a_fault_of_its_own_time() -> None:
    event = SecurityEventReported(at=MORNING, received_at=after(1), type="MemoryExhaustion", info="")
    envelopes = reported(event, ADDED)
    assert said(envelopes) == [("MemoryExhaustion", ReportFault)]
    assert times(envelopes[0]) == (MORNING, after(1))


def test_a_clock_that_is_wrong_is_a_fault_until_it_is_right() -> None:
    assert said(reported(ClockFound(at=MORNING, clock_offset_s=90), ADDED)) == [("ClockOff", ReportFault)]
    assert said(reported(ClockFound(at=MORNING, clock_offset_s=2), ADDED)) == [("ClockOff", RecoverFault)]


def test_too_many_unreadable_messages_are_a_fault() -> None:
    lost = (
        ProtocolViolation("MeterValues", "unreadable", 4),
        ProtocolViolation("StatusNotification", "unreadable", 2),
    )
    event = ProtocolViolationsCounted(at=after(5), since=MORNING, repaired=(), unreadable=lost)
    assert said(reported(event, ADDED)) == [("MalformedMessages", ReportFault)]


def test_of_a_charger_that_was_removed_nothing_is_a_fault() -> None:
    removed = ChargePointRemoved(at=MORNING, connectors=(1, 2))
    events: list[MaintenanceEvent] = [
        FirmwareProgressed(at=MORNING, status="InstallationFailed"),
        UploadProgressed(at=MORNING, status="UploadFailed"),
        SecurityEventReported(at=MORNING, received_at=after(1), type="MemoryExhaustion", info=""),
        ClockFound(at=MORNING, clock_offset_s=90),
    ]
    assert [reported(event, ADDED, removed) for event in events] == [[], [], [], []]


def test_faults_come_after_everything_else_of_a_commit() -> None:
    reactions = [each for those in REACTIONS.values() for each in those]
    early = [each.envelopes for each in reactions if each.envelopes.__module__ == FAULTS and not each.last]
    assert early == []
