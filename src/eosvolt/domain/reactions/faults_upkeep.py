"""Which events of device management are faults: firmware, uploads, security, clocks, unreadable messages."""

from datetime import datetime, timedelta

from eosvolt.domain.charge_points.reports import FirmwareReport, SecurityReport, UploadReport
from eosvolt.domain.charge_points.state import Registered
from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import CommandEnvelope
from eosvolt.domain.reactions.faults import found, key_of, over
from eosvolt.domain.reactions.faults_power import installation_expected

FIRMWARE_FAILED = "FirmwareFailed"
UPLOAD_FAILED = "UploadFailed"
UNLOCK_FAILED = "UnlockFailed"
CLOCK_OFF = "ClockOff"
MALFORMED_MESSAGES = "MalformedMessages"
_INSTALLING = frozenset({"Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed"})
_NOT_INSTALLED = {
    "DownloadFailed": Why.FIRMWARE_NOT_DOWNLOADED,
    "InstallationFailed": Why.FIRMWARE_NOT_INSTALLED,
    "InstallVerificationFailed": Why.FIRMWARE_NOT_VERIFIED,
    "InvalidSignature": Why.FIRMWARE_SIGNATURE_WRONG,
}
_NOT_UPLOADED = frozenset(
    {"UploadFailed", "UploadFailure", "BadMessage", "NotSupportedOperation", "PermissionDenied"}
)
# The security whitepaper's events that somebody should look at. The others tell of ordinary work: starts,
# firmware that was updated, a clock that was set.
SECURITY_FAULTS = {
    "TamperDetectionActivated": (FaultKind.HARDWARE, Why.OPENED_MAYBE),
    "MemoryExhaustion": (FaultKind.HARDWARE, Why.MEMORY_EXHAUSTED),
    "SecurityLogWasCleared": (FaultKind.HARDWARE, Why.SECURITY_LOG_CLEARED),
    "InvalidFirmwareSignature": (FaultKind.HARDWARE, Why.FIRMWARE_SIGNATURE_WRONG),
    "InvalidFirmwareSigningCertificate": (
        FaultKind.HARDWARE,
        Why.FIRMWARE_CERTIFICATE_WRONG,
    ),
    "AttemptedReplayAttacks": (FaultKind.COMMUNICATION, Why.MESSAGES_REPLAYED),
    "InvalidCentralSystemCertificate": (
        FaultKind.COMMUNICATION,
        Why.CSMS_CERTIFICATE_REFUSED,
    ),
    "InvalidChargePointCertificate": (
        FaultKind.COMMUNICATION,
        Why.CHARGER_CERTIFICATE_REFUSED,
    ),
    "FailedToAuthenticateAtCentralSystem": (
        FaultKind.COMMUNICATION,
        Why.CHARGER_COULD_NOT_SIGN_IN,
    ),
    "CentralSystemFailedToAuthenticate": (
        FaultKind.COMMUNICATION,
        Why.CSMS_NOT_BELIEVED,
    ),
    "InvalidTLSVersion": (FaultKind.COMMUNICATION, Why.TLS_OUTDATED),
    "InvalidTLSCipherSuite": (FaultKind.COMMUNICATION, Why.TLS_CIPHERS_WEAK),
}
CLOCK_OFF_BY = timedelta(seconds=60)
CLOCK_RIGHT_WITHIN = timedelta(seconds=30)
# A few may happen to anybody; more than this within one account of them is a charger that talks gibberish.
MALFORMED_TOLERATED = 5
MALFORMED_OVER_AFTER = timedelta(hours=1)


def after_firmware(known: Registered, report: FirmwareReport) -> list[CommandEnvelope]:
    """An installation that failed, or that worked at last; while one goes on, a new start is no surprise."""
    at = report.received_at
    if report.status in _NOT_INSTALLED:
        why = because(_NOT_INSTALLED[report.status])
        return [found(known, 0, FaultKind.HARDWARE, FIRMWARE_FAILED, at, why, vendor_code=report.status)]
    envelopes = []
    if report.status in _INSTALLING:
        envelopes.append(installation_expected(key_of(known), at))
    if report.status == "Installed":
        envelopes.append(over(known, 0, FIRMWARE_FAILED, at))
    return envelopes


def after_upload(known: Registered, report: UploadReport) -> list[CommandEnvelope]:
    """A file that the charger could not hand over, or one that came at last."""
    at = report.received_at
    if report.status in _NOT_UPLOADED:
        warning = Severity.WARNING
        return [
            found(
                known,
                0,
                FaultKind.COMMUNICATION,
                UPLOAD_FAILED,
                at,
                because(Why.UPLOAD_FAILED),
                severity=warning,
                vendor_code=report.status,
            )
        ]
    return [over(known, 0, UPLOAD_FAILED, at)] if report.status == "Uploaded" else []


def after_security_event(known: Registered, report: SecurityReport) -> list[CommandEnvelope]:
    """An event that somebody should look at. It tells of no end: it stays until it is solved."""
    if report.type not in SECURITY_FAULTS:
        return []
    kind, why = SECURITY_FAULTS[report.type]
    return [
        found(
            known,
            0,
            kind,
            report.type,
            report.at,
            because(why),
            text=report.info,
            received_at=report.received_at,
        )
    ]


def after_clock(known: Registered, at: datetime, clock_offset_s: int) -> list[CommandEnvelope]:
    """A clock that is wrong by so much that times on bills would be doubted, or is right again."""
    off = timedelta(seconds=abs(clock_offset_s))
    if off > CLOCK_OFF_BY:
        why = because(Why.CLOCK_FAST if clock_offset_s > 0 else Why.CLOCK_SLOW, seconds=abs(clock_offset_s))
        return [found(known, 0, FaultKind.COMMUNICATION, CLOCK_OFF, at, why, severity=Severity.WARNING)]
    return [over(known, 0, CLOCK_OFF, at)] if off <= CLOCK_RIGHT_WITHIN else []


def after_protocol_violations(known: Registered, at: datetime, unreadable: int) -> list[CommandEnvelope]:
    """More messages than a few that nobody could understand, since the last account of them."""
    if unreadable <= MALFORMED_TOLERATED:
        return []
    return [
        found(
            known,
            0,
            FaultKind.COMMUNICATION,
            MALFORMED_MESSAGES,
            at,
            because(Why.MESSAGES_UNREADABLE, messages=unreadable),
            severity=Severity.WARNING,
            auto_recover_at=at + MALFORMED_OVER_AFTER,
        )
    ]


def after_unlock(known: Registered, connector: int, status: str, at: datetime) -> list[CommandEnvelope]:
    """A plug that could not be unlocked, or could again."""
    if status == "UnlockFailed":
        why = because(Why.UNLOCK_FAILED)
        return [found(known, connector, FaultKind.HARDWARE, UNLOCK_FAILED, at, why)]
    return [over(known, connector, UNLOCK_FAILED, at)] if status == "Unlocked" else []
