"""Which starts of a charger nobody asked for, and what a loss of power means."""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.reports import StopReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults import found, over, suppressed

UNEXPECTED_REBOOT = "UnexpectedReboot"
POWER_LOSS = "PowerLoss"
RESET_TAKES = timedelta(minutes=10)
# Downloaded firmware is installed when no car charges, and the charger starts anew once it is.
INSTALLATION_TAKES = timedelta(hours=1)
# A second boot over the same connection so soon is the same one again: its answer got lost.
REPEATED_WITHIN = timedelta(minutes=2)
# After a connection that we ended ourselves, chargers come back and many of them tell how they began.
ENDED_BY_US = ("the gateway stopped", "closed with code 1012")


def after_boot(known: Registered, at: datetime) -> list[CommandEnvelope]:
    """A start that nobody here asked for: seen and over at the same time, but counted."""
    if not _is_reboot(known, at):
        return []
    charging = len(known.open())
    why = because(Why.REBOOT_UNEXPECTED)
    if charging:
        why = because(Why.REBOOT_WHILE_CHARGING, sessions=charging)
    severity = Severity.ERROR if charging else Severity.WARNING
    return [
        found(known, 0, FaultKind.POWER, UNEXPECTED_REBOOT, at, why, severity=severity),
        over(known, 0, UNEXPECTED_REBOOT, at),
    ]


def _is_reboot(known: Registered, at: datetime) -> bool:
    booted_at = known.booted_at
    if booted_at is None or at <= booted_at:
        return False
    if known.pending:
        # It was told to come again, and nothing that it does is missed before it is let in.
        return False
    if known.since is not None and known.since <= booted_at:
        return at - booted_at > REPEATED_WITHIN
    return known.left not in ENDED_BY_US


def after_stop(known: Registered, connector: int, report: StopReport) -> list[CommandEnvelope]:
    """A session that ended because the power went away; it is back, or nobody could tell us."""
    if report.reason != POWER_LOSS:
        return []
    why = because(Why.POWER_LOST)
    lost = found(
        known, connector, FaultKind.POWER, POWER_LOSS, report.at, why, received_at=report.received_at
    )
    return [lost, over(known, connector, POWER_LOSS, max(report.at, report.received_at))]


def reset_expected(charge_point: str, at: datetime) -> CommandEnvelope:
    """We asked for a reset, or for a new BootNotification."""
    return suppressed(charge_point, UNEXPECTED_REBOOT, at, at + RESET_TAKES, Why.RESET_ASKED)


def installation_expected(charge_point: str, at: datetime) -> CommandEnvelope:
    """Firmware is being installed."""
    until = at + INSTALLATION_TAKES
    return suppressed(charge_point, UNEXPECTED_REBOOT, at, until, Why.FIRMWARE_BEING_INSTALLED)
