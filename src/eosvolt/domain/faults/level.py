"""How bad a fault is for those who want to charge: its level, from what is recorded of it and nothing else.

- Critical: a ground failure, a security event, or nothing can charge at the charger. It is disconnected,
  without power or faulted as a whole, or this was its last plug that worked.
- Major: one plug cannot charge, or a start that nobody asked for interrupted sessions.
- Minor: a warning or an information. Charging goes on.
"""

from enum import StrEnum
from typing import NamedTuple

from eosvolt.domain.faults.events import Severity

# The security whitepaper's events that are faults. A charger that runs out of memory is no attack.
SECURITY_CODES = frozenset(
    {
        "TamperDetectionActivated",
        "SecurityLogWasCleared",
        "InvalidFirmwareSignature",
        "InvalidFirmwareSigningCertificate",
        "AttemptedReplayAttacks",
        "InvalidCentralSystemCertificate",
        "InvalidChargePointCertificate",
        "FailedToAuthenticateAtCentralSystem",
        "CentralSystemFailedToAuthenticate",
        "InvalidTLSVersion",
        "InvalidTLSCipherSuite",
    }
)
GROUND_FAILURE = "GroundFailure"
POWER_LOSS = "PowerLoss"
UNEXPECTED_REBOOT = "UnexpectedReboot"
# Errors of the charger as a whole with which cars go on charging.
CHARGING_GOES_ON = frozenset({"FirmwareFailed", "MemoryExhaustion"})


class Level(StrEnum):
    """Critical, major or minor."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"

    @property
    def rank(self) -> int:
        """The greater, the worse: 0 is minor."""
        return len(Level) - 1 - list(Level).index(self)


class Impact(NamedTuple):
    """A fault's level, and whether the plug (or the whole charger) cannot charge while it is open."""

    level: Level
    stops_charging: bool


def impact(code: str, connector: int, severity: Severity, *, charger_down: bool) -> Impact:
    """The impact of a fault of a plug, or of the charger as a whole where ``connector`` is 0.

    ``charger_down``: no other plug could be used when it was seen.
    """
    if code in SECURITY_CODES:
        return Impact(Level.CRITICAL, stops_charging=False)
    if code == GROUND_FAILURE:
        return Impact(Level.CRITICAL, stops_charging=severity is Severity.ERROR)
    if severity is Severity.WARNING or code in CHARGING_GOES_ON:
        return Impact(Level.MINOR, stops_charging=False)
    if code == UNEXPECTED_REBOOT:
        return Impact(Level.MAJOR, stops_charging=False)
    if connector == 0 or charger_down or code == POWER_LOSS:
        return Impact(Level.CRITICAL, stops_charging=True)
    return Impact(Level.MAJOR, stops_charging=True)
