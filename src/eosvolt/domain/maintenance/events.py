"""Events of device management. They have a stream of their own, so that the charger's stream stays short."""

from datetime import datetime
from typing import Any

import msgspec

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event
from eosvolt.domain.maintenance.values import InstalledCertificate, ListedToken, ProtocolViolation, Setting


class ConfigurationReported(Event, frozen=True, tag="configuration-told"):
    """The charger told its settings. ``whole``: all of them; ``unknown`` are keys that it does not know."""

    at: datetime
    settings: tuple[Setting, ...]
    unknown: tuple[str, ...] = ()
    whole: bool = False


class SettingChanged(Event, frozen=True, tag="setting-changed"):
    """The charger took a new value. A secret's ``value`` is empty."""

    at: datetime
    key: str
    value: str = ""
    reboot_required: bool = False


class AvailabilityChanged(Event, frozen=True, tag="availability-changed"):
    """An operator put a plug (0: the charger) into service or out of it, and the charger agreed.

    ``scheduled``: it will do so once its session is over. Time out of service is planned, not down time.
    """

    at: datetime
    connector: int
    operative: bool
    scheduled: bool = False
    reason: str = ""


class FirmwareProgressed(Event, frozen=True, tag="firmware-progressed"):
    """How an installation gets on, in OCPP's words. ``request`` numbers signed ones."""

    at: datetime
    status: str
    request: int | None = None
    signed: bool = False


class UploadOpened(Event, frozen=True, tag="upload-opened"):
    """The charger may put one file where ``upload`` says. ``kind``: diagnostics, diagnosticsLog, securityLog.

    ``request`` is what OCPP calls it in reports about it; a newer one closes it.
    """

    at: datetime
    upload: str
    kind: str
    request: int
    command: str
    expires_at: datetime


class UploadProgressed(Event, frozen=True, tag="upload-progressed"):
    """How an upload gets on, in OCPP's words. ``upload`` is empty where nobody asked for one."""

    at: datetime
    status: str
    upload: str = ""
    request: int | None = None


class FileReceived(Event, frozen=True, tag="file-received"):
    """The file is here. ``sha256`` in hex."""

    at: datetime
    upload: str
    name: str
    size: int
    sha256: str


class LocalListSent(Event, frozen=True, tag="local-list-sent"):
    """The charger took (a part of) its local authorization list and has ``version`` now."""

    at: datetime
    version: int
    full: bool
    entries: tuple[ListedToken, ...]


class LocalListVersionReported(Event, frozen=True, tag="local-list-version-told"):
    """The charger says which list it has: -1 none at all, 0 an empty one."""

    at: datetime
    version: int


class ReservationMade(Event, frozen=True, tag="reservation-made"):
    """The charger holds a plug (0: any) for a token."""

    at: datetime
    reservation: int
    connector: int
    token: str
    expires_at: datetime
    group: str = ""


class ReservationEnded(Event, frozen=True, tag="reservation-ended"):
    """``reason``: ``cancelled``, ``used``, ``replaced`` or ``expired``."""

    at: datetime
    reservation: int
    reason: str


class ChargingProfileSet(Event, frozen=True, tag="charging-profile-set"):
    """The charger took a charging profile, as OCPP writes it. Same purpose, level and plug: it replaces."""

    at: datetime
    connector: int
    profile: dict[str, Any]


class ChargingProfilesCleared(Event, frozen=True, tag="charging-profiles-cleared"):
    """The charger dropped the profiles that match all that is named. Nothing named is all of them."""

    at: datetime
    profile_id: int | None = None
    connector: int | None = None
    purpose: str = ""
    stack_level: int | None = None


class CompositeScheduleReported(Event, frozen=True, tag="composite-schedule-told"):
    """What the charger believes its limits are from ``start`` on, as OCPP writes it."""

    at: datetime
    connector: int
    schedule: dict[str, Any]
    start: datetime | None = None


class SecurityEventReported(Event, frozen=True, tag="security-event-told"):
    """Something that matters for security happened at the charger."""

    at: datetime
    received_at: datetime
    type: str
    info: str = ""


class VendorMessageReceived(Event, frozen=True, tag="vendor-message-told"):
    """Something in a vendor's own language. ``data`` may be cut."""

    at: datetime
    vendor: str
    message: str = ""
    data: str = ""


class CertificateRequested(Event, frozen=True, tag="certificate-requested"):
    """The charger wants a certificate. ``request`` is the SHA-256 of its signing request in hex."""

    at: datetime
    request: str
    subject: str
    refused: str = ""
    explanation: Explanation | None = None


class CertificateIssued(Event, frozen=True, tag="certificate-issued"):
    """We signed one for the charger. ``serial`` in hex, ``fingerprint`` the SHA-256 of the certificate.

    From ``renew_at`` on it is asked to request the next one.
    """

    at: datetime
    request: str
    serial: str
    fingerprint: str
    not_after: datetime
    renew_at: datetime | None = None


class CertificateDelivered(Event, frozen=True, tag="certificate-delivered"):
    """The charger's answer to the certificate that we signed for it."""

    at: datetime
    fingerprint: str
    accepted: bool


class CertificatesRevoked(Event, frozen=True, tag="certificates-revoked"):
    """No certificate that we signed for the charger until now is accepted any more.

    ``reason``: its ``password`` was set or taken away, its ``removal``, or the ``operator`` wanted it.
    """

    at: datetime
    reason: str


class CertificateRenewalAsked(Event, frozen=True, tag="certificate-renewal-asked"):
    """A certificate ends soon, and the charger was asked to request the next one.

    If it does not, it is asked again at ``again_at``; never again once the certificate is over.
    """

    at: datetime
    fingerprint: str
    again_at: datetime | None = None


class CertificatesReported(Event, frozen=True, tag="certificates-told"):
    """The root certificates of one ``type`` that the charger says it has."""

    at: datetime
    type: str
    certificates: tuple[InstalledCertificate, ...]


class RootCertificateInstalled(Event, frozen=True, tag="root-certificate-installed"):
    """The charger took a root certificate. ``fingerprint`` is its SHA-256 in hex."""

    at: datetime
    type: str
    fingerprint: str
    subject: str = ""


class RootCertificateDeleted(Event, frozen=True, tag="root-certificate-deleted"):
    """The charger dropped a root certificate."""

    at: datetime
    serial_number: str


class PasswordRotated(Event, frozen=True, tag="password-rotated"):
    """The charger was given a new password, which is nowhere in the history.

    ``outcome``: ``accepted``, ``rejected``, ``unanswered``, or ``confirmed`` when it signed in with one whose
    answer had been lost.
    """

    at: datetime
    outcome: str


class ProtocolViolationsCounted(Event, frozen=True, tag="oddities-counted"):
    """Messages since ``since`` that broke their schema: ``repaired`` ones, and those ``unreadable`` ones."""

    at: datetime
    since: datetime
    repaired: tuple[ProtocolViolation, ...] = ()
    unreadable: tuple[ProtocolViolation, ...] = ()


class ClockFound(Event, frozen=True, tag="clock-found"):
    """The charger's clock shows ``clock_offset_s`` seconds more than ours; negative where it is behind."""

    at: datetime
    clock_offset_s: int = msgspec.field(name="ahead_s")


MaintenanceEvent = (
    ConfigurationReported
    | SettingChanged
    | AvailabilityChanged
    | FirmwareProgressed
    | UploadOpened
    | UploadProgressed
    | FileReceived
    | LocalListSent
    | LocalListVersionReported
    | ReservationMade
    | ReservationEnded
    | ChargingProfileSet
    | ChargingProfilesCleared
    | CompositeScheduleReported
    | SecurityEventReported
    | VendorMessageReceived
    | CertificateRequested
    | CertificateIssued
    | CertificateDelivered
    | CertificateRenewalAsked
    | CertificatesRevoked
    | CertificatesReported
    | RootCertificateInstalled
    | RootCertificateDeleted
    | PasswordRotated
    | ProtocolViolationsCounted
    | ClockFound
)
