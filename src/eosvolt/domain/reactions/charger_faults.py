"""Which faults follow from what happens to a charger and from what it tells of its upkeep."""

from collections.abc import Iterable

from eosvolt.domain.charge_points.commands import ReportStatus
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import (
    ChargePointBooted,
    ChargePointConnected,
    ChargePointSilent,
    ConnectorReported,
    StationReported,
)
from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport
from eosvolt.domain.charge_points.state import Registered, known
from eosvolt.domain.charge_points.status_ordering import holds_now
from eosvolt.domain.kernel import CommandEnvelope, Event
from eosvolt.domain.maintenance.events import (
    ClockFound,
    FirmwareProgressed,
    ProtocolViolationsCounted,
    SecurityEventReported,
    UploadProgressed,
)
from eosvolt.domain.reactions.faults import after_connecting, after_report, no_contact
from eosvolt.domain.reactions.faults_power import after_boot
from eosvolt.domain.reactions.faults_upkeep import (
    after_clock,
    after_firmware,
    after_protocol_violations,
    after_security_event,
    after_upload,
)
from eosvolt.domain.reactions.reaction import Need, ReactionContext


def needs_charger(_event: Event, context: ReactionContext) -> Iterable[Need]:
    """The charger whose upkeep it is; both have the same key."""
    yield Need(charge_points, context.key)


def charger_of(context: ReactionContext) -> Registered | None:
    """That charger, unless it was removed."""
    return known(context.other(charge_points, context.key))


def connected(event: ChargePointConnected, context: ReactionContext) -> list[CommandEnvelope]:
    """It is there again, maybe too often."""
    return after_connecting(_before(context), event.at)


def silent(event: ChargePointSilent, context: ReactionContext) -> list[CommandEnvelope]:
    """It stays away."""
    return [no_contact(_before(context), event.at)]


def booted(event: ChargePointBooted, context: ReactionContext) -> list[CommandEnvelope]:
    """The faults that follow from a boot, such as an unexpected reboot."""
    return after_boot(_before(context), event.at)


def reported(_event: ConnectorReported | StationReported, context: ReactionContext) -> list[CommandEnvelope]:
    """A plug, or the charger as a whole, reports an error or that one is over.

    What was told late of an earlier time says nothing of how it is now.
    """
    before, command = _before(context), context.command
    if not isinstance(command, ReportStatus) or not holds_now(command.report, before):
        return []
    return after_report(before, command.report)


def firmware_progressed(event: FirmwareProgressed, context: ReactionContext) -> list[CommandEnvelope]:
    """Firmware was installed, is being installed, or could not be."""
    charger = charger_of(context)
    report = FirmwareReport(status=event.status, received_at=event.at)
    return [] if charger is None else after_firmware(charger, report)


def upload_progressed(event: UploadProgressed, context: ReactionContext) -> list[CommandEnvelope]:
    """A file came, or could not be handed over."""
    charger = charger_of(context)
    report = UploadReport(status=event.status, received_at=event.at)
    return [] if charger is None else after_upload(charger, report)


def security_event_reported(event: SecurityEventReported, context: ReactionContext) -> list[CommandEnvelope]:
    """Somebody should look at some of them."""
    charger = charger_of(context)
    report = SecurityReport(type=event.type, at=event.at, received_at=event.received_at, info=event.info)
    return [] if charger is None else after_security_event(charger, report)


def clock_found(event: ClockFound, context: ReactionContext) -> list[CommandEnvelope]:
    """The charger's clock is wrong, or right again."""
    charger = charger_of(context)
    return [] if charger is None else after_clock(charger, event.at, event.clock_offset_s)


def protocol_violations_counted(
    event: ProtocolViolationsCounted, context: ReactionContext
) -> list[CommandEnvelope]:
    """Too many messages could not be understood."""
    charger = charger_of(context)
    unreadable = sum(each.count for each in event.unreadable)
    return [] if charger is None else after_protocol_violations(charger, event.at, unreadable)


def _before(context: ReactionContext) -> Registered:
    """The charger before its command; only one that is known and was not removed has such events."""
    before: Registered = context.before
    return before
