"""Which news of a charger's upkeep are faults: firmware, uploads, security, clocks, unreadable messages."""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport
from eosvolt.domain.charge_points.state import Known
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Order
from eosvolt.domain.reactions.faults import found, key_of, over
from eosvolt.domain.reactions.faults_power import installation_expected

FIRMWARE_FAILED = "FirmwareFailed"
UPLOAD_FAILED = "UploadFailed"
UNLOCK_FAILED = "UnlockFailed"
CLOCK_OFF = "ClockOff"
MALFORMED_MESSAGES = "MalformedMessages"
_INSTALLING = frozenset({"Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed"})
_NOT_INSTALLED = {
    "DownloadFailed": "The charger could not download its firmware.",
    "InstallationFailed": "The charger could not install its firmware.",
    "InstallVerificationFailed": "The installed firmware did not pass the charger's own check.",
    "InvalidSignature": "The charger refused firmware with a wrong signature.",
}
_NOT_UPLOADED = frozenset(
    {"UploadFailed", "UploadFailure", "BadMessage", "NotSupportedOperation", "PermissionDenied"}
)
# The security whitepaper's events that somebody should look at. The others tell of ordinary work: starts,
# firmware that was updated, a clock that was set.
SECURITY_FAULTS = {
    "TamperDetectionActivated": (FaultKind.HARDWARE, "Somebody may have opened the charger."),
    "MemoryExhaustion": (FaultKind.HARDWARE, "The charger ran out of memory."),
    "SecurityLogWasCleared": (FaultKind.HARDWARE, "The charger's security log was cleared."),
    "InvalidFirmwareSignature": (FaultKind.HARDWARE, "The charger refused firmware with a wrong signature."),
    "InvalidFirmwareSigningCertificate": (
        FaultKind.HARDWARE,
        "The charger refused firmware that was signed with a wrong certificate.",
    ),
    "AttemptedReplayAttacks": (FaultKind.COMMUNICATION, "The charger saw messages that were replayed."),
    "InvalidCentralSystemCertificate": (
        FaultKind.COMMUNICATION,
        "The charger does not accept this system's certificate.",
    ),
    "InvalidChargePointCertificate": (
        FaultKind.COMMUNICATION,
        "The charger refused a certificate of its own.",
    ),
    "FailedToAuthenticateAtCentralSystem": (
        FaultKind.COMMUNICATION,
        "The charger could not sign in here.",
    ),
    "CentralSystemFailedToAuthenticate": (
        FaultKind.COMMUNICATION,
        "The charger does not believe that this is its system.",
    ),
    "InvalidTLSVersion": (FaultKind.COMMUNICATION, "The charger was offered an outdated version of TLS."),
    "InvalidTLSCipherSuite": (FaultKind.COMMUNICATION, "The charger was offered only weak ciphers."),
}
CLOCK_OFF_BY = timedelta(seconds=60)
CLOCK_RIGHT_WITHIN = timedelta(seconds=30)
# A few may happen to anybody; more than this within one account of them is a charger that talks gibberish.
MALFORMED_TOLERATED = 5
MALFORMED_OVER_AFTER = timedelta(hours=1)


def after_firmware(known: Known, report: FirmwareReport) -> list[Order]:
    """An installation that failed, or that worked at last; while one goes on, a new start is no surprise."""
    at = report.received_at
    if report.status in _NOT_INSTALLED:
        text = _NOT_INSTALLED[report.status]
        return [found(known, 0, FaultKind.HARDWARE, FIRMWARE_FAILED, at, text, vendor_code=report.status)]
    orders = []
    if report.status in _INSTALLING:
        orders.append(installation_expected(key_of(known), at))
    if report.status == "Installed":
        orders.append(over(known, 0, FIRMWARE_FAILED, at))
    return orders


def after_upload(known: Known, report: UploadReport) -> list[Order]:
    """A file that the charger could not hand over, or one that came at last."""
    at = report.received_at
    if report.status in _NOT_UPLOADED:
        text = "The charger could not upload the file that it was asked for."
        warning = Severity.WARNING
        return [
            found(
                known,
                0,
                FaultKind.COMMUNICATION,
                UPLOAD_FAILED,
                at,
                text,
                severity=warning,
                vendor_code=report.status,
            )
        ]
    return [over(known, 0, UPLOAD_FAILED, at)] if report.status == "Uploaded" else []


def after_security_event(known: Known, report: SecurityReport) -> list[Order]:
    """An event that somebody should look at. It tells of no end: it stays until it is solved."""
    if report.type not in SECURITY_FAULTS:
        return []
    kind, text = SECURITY_FAULTS[report.type]
    if report.info:
        text = f"{text} {report.info}"
    return [found(known, 0, kind, report.type, report.at, text, received_at=report.received_at)]


def after_clock(known: Known, at: datetime, ahead_s: int) -> list[Order]:
    """A clock that is wrong by so much that times on bills would be doubted, or is right again."""
    off = timedelta(seconds=abs(ahead_s))
    if off > CLOCK_OFF_BY:
        text = f"The charger's clock is {abs(ahead_s)} s {'fast' if ahead_s > 0 else 'slow'}."
        return [found(known, 0, FaultKind.COMMUNICATION, CLOCK_OFF, at, text, severity=Severity.WARNING)]
    return [over(known, 0, CLOCK_OFF, at)] if off <= CLOCK_RIGHT_WITHIN else []


def after_oddities(known: Known, at: datetime, unreadable: int) -> list[Order]:
    """More messages than a few that nobody could understand, since the last account of them."""
    if unreadable <= MALFORMED_TOLERATED:
        return []
    text = f"{unreadable} messages could not be understood. Its message log shows them."
    return [
        found(
            known,
            0,
            FaultKind.COMMUNICATION,
            MALFORMED_MESSAGES,
            at,
            text,
            severity=Severity.WARNING,
            quiet_at=at + MALFORMED_OVER_AFTER,
        )
    ]


def after_unlock(known: Known, connector: int, status: str, at: datetime) -> list[Order]:
    """A plug that could not be unlocked, or could again."""
    if status == "UnlockFailed":
        text = "The plug could not be unlocked."
        return [found(known, connector, FaultKind.HARDWARE, UNLOCK_FAILED, at, text)]
    return [over(known, connector, UNLOCK_FAILED, at)] if status == "Unlocked" else []
