"""What a charger sends in OCPP 1.6: one struct for each action, and what it means.

The fields are the specification's. A payload that satisfies its schema fits its struct, unless it holds a
number that no meter, plug or transaction can have.
"""

from datetime import datetime
from typing import Annotated, Protocol

import msgspec

from eosvolt.adapters.ocpp.metering import MeterValue, readings
from eosvolt.adapters.ocpp.timestamps import instant
from eosvolt.adapters.ocpp.vocabulary import AuthorizeAsked, Heard, Heartbeat
from eosvolt.domain.charge_points.reports import (
    Boot,
    CertificateReport,
    ConnectorStatus,
    FirmwareReport,
    MeterReport,
    SecurityReport,
    StartReport,
    StatusReport,
    StopReport,
    UploadReport,
    VendorReport,
)

# What nothing has 10^15 of can be added up and stored; beyond that a charger's memory was at fault.
Whole = Annotated[int, msgspec.Meta(gt=-(10**15), lt=10**15)]
# Longer than any field that names something; of a trusted charger nobody else asks for the length.
Name = Annotated[str, msgspec.Meta(max_length=255)]
LARGEST_CONNECTOR, LARGEST_TRANSACTION, UNKNOWN = 2**15 - 1, 2**31 - 1, -1


class Payload(Protocol):
    """The payload of a CALL."""

    def meaning(self, received_at: datetime) -> Heard:
        """What the charger says, in the vocabulary's words."""
        ...


class _Fields(msgspec.Struct, rename="camel"):
    """The specification's fields."""


class AuthorizePayload(_Fields):
    """The question whether a card may charge."""

    id_tag: Name

    def meaning(self, received_at: datetime) -> Heard:  # noqa: ARG002 - the question has no time
        """A question about a token."""
        return AuthorizeAsked(self.id_tag.strip())


class BootPayload(_Fields):
    """The charger started. Of its two serial numbers the charge point's counts."""

    charge_point_vendor: Name
    charge_point_model: Name
    charge_point_serial_number: Name = ""
    charge_box_serial_number: Name = ""
    firmware_version: Name = ""
    iccid: Name = ""
    imsi: Name = ""
    meter_type: Name = ""
    meter_serial_number: Name = ""

    def meaning(self, received_at: datetime) -> Heard:
        """The facts that a charger tells of itself."""
        return Boot(
            received_at=received_at,
            vendor=self.charge_point_vendor,
            model=self.charge_point_model,
            serial=self.charge_point_serial_number or self.charge_box_serial_number,
            firmware=self.firmware_version,
            iccid=self.iccid,
            imsi=self.imsi,
            meter_type=self.meter_type,
            meter_serial=self.meter_serial_number,
        )


class DataTransferPayload(_Fields):
    """A vendor's own message."""

    vendor_id: Name
    message_id: Name = ""
    data: str = ""

    def meaning(self, received_at: datetime) -> Heard:
        """A vendor's message."""
        return VendorReport(
            vendor=self.vendor_id, received_at=received_at, message=self.message_id, data=self.data
        )


class HeartbeatPayload(_Fields):
    """Nothing but a sign of life."""

    def meaning(self, received_at: datetime) -> Heard:  # noqa: ARG002 - the answer tells the time
        """A sign of life."""
        return Heartbeat()


class MeterValuesPayload(_Fields):
    """Samples of one plug's meter, or with connector 0 of the charger's own."""

    connector_id: Whole
    meter_value: list[MeterValue]
    transaction_id: Whole | None = None

    def meaning(self, received_at: datetime) -> Heard:
        """Readings."""
        understood = readings(self.meter_value, received_at)
        return MeterReport(
            connector=_possible(self.connector_id, LARGEST_CONNECTOR, 0),
            received_at=received_at,
            readings=understood,
            transaction=None if self.transaction_id is None else _possible(self.transaction_id),
            # Ours has fractions of a second and stands where there was none that can be.
            timed=not understood or understood[-1].at != received_at,
        )


class StartPayload(_Fields):
    """A transaction began."""

    connector_id: Whole
    id_tag: Name
    meter_start: Whole
    timestamp: str = ""
    reservation_id: Whole | None = None

    def meaning(self, received_at: datetime) -> Heard:
        """A start."""
        at, timed = instant(self.timestamp, received_at)
        return StartReport(
            connector=_possible(self.connector_id, LARGEST_CONNECTOR, 0),
            token=self.id_tag.strip(),
            at=at,
            timed=timed,
            received_at=received_at,
            meter_start_wh=max(self.meter_start, 0),
            metered=self.meter_start >= 0,
            reservation=self.reservation_id,
        )


class StatusPayload(_Fields):
    """The state of a plug. ``NoError`` is the absence of an error."""

    connector_id: Whole
    status: ConnectorStatus
    error_code: Name = "NoError"
    info: Name = ""
    timestamp: str = ""
    vendor_id: Name = ""
    vendor_error_code: Name = ""

    def meaning(self, received_at: datetime) -> Heard:
        """A plug's state."""
        at, timed = instant(self.timestamp, received_at)
        return StatusReport(
            connector=self.connector_id,
            status=self.status,
            at=at,
            received_at=received_at,
            timed=timed,
            error_code="" if self.error_code == "NoError" else self.error_code,
            vendor_id=self.vendor_id,
            vendor_error=self.vendor_error_code,
            info=self.info,
        )


class StopPayload(_Fields):
    """A transaction ended. Its samples may be thousands."""

    meter_stop: Whole
    transaction_id: Whole
    timestamp: str = ""
    id_tag: Name = ""
    reason: Name = "Local"
    transaction_data: list[MeterValue] = []

    def meaning(self, received_at: datetime) -> Heard:
        """A stop."""
        at, timed = instant(self.timestamp, received_at)
        return StopReport(
            transaction=_possible(self.transaction_id),
            at=at,
            timed=timed,
            received_at=received_at,
            meter_stop_wh=None if self.meter_stop < 0 else self.meter_stop,
            reason=self.reason,
            token=self.id_tag.strip(),
            readings=readings(self.transaction_data, received_at),
        )


class DiagnosticsStatus(_Fields):
    """How the upload of diagnostics gets on."""

    status: Name

    def meaning(self, received_at: datetime) -> Heard:
        """The state of an upload that has no number."""
        return UploadReport(status=self.status, received_at=received_at)


class LogStatus(_Fields):
    """How the upload of a log gets on."""

    status: Name
    request_id: Whole | None = None

    def meaning(self, received_at: datetime) -> Heard:
        """The state of an upload."""
        return UploadReport(status=self.status, received_at=received_at, request=self.request_id)


class FirmwareStatus(_Fields):
    """How the installation of firmware gets on."""

    status: Name

    def meaning(self, received_at: datetime) -> Heard:
        """The state of an installation that has no number."""
        return FirmwareReport(status=self.status, received_at=received_at)


class SignedFirmwareStatus(_Fields):
    """How the installation of signed firmware gets on."""

    status: Name
    request_id: Whole | None = None

    def meaning(self, received_at: datetime) -> Heard:
        """The state of an installation whose maker is proved."""
        return FirmwareReport(
            status=self.status, received_at=received_at, request=self.request_id, signed=True
        )


class SecurityEvent(_Fields):
    """Something that matters for security happened at the charger."""

    type: Name
    timestamp: str = ""
    tech_info: Name = ""

    def meaning(self, received_at: datetime) -> Heard:
        """A security event."""
        return SecurityReport(
            type=self.type,
            at=instant(self.timestamp, received_at).at,
            received_at=received_at,
            info=self.tech_info,
        )


class SignCertificatePayload(_Fields):
    """A request for a certificate."""

    csr: str

    def meaning(self, received_at: datetime) -> Heard:
        """A request for a certificate."""
        return CertificateReport(request=self.csr, received_at=received_at)


PAYLOADS: dict[str, type[Payload]] = {
    "Authorize": AuthorizePayload,
    "BootNotification": BootPayload,
    "DataTransfer": DataTransferPayload,
    "DiagnosticsStatusNotification": DiagnosticsStatus,
    "FirmwareStatusNotification": FirmwareStatus,
    "Heartbeat": HeartbeatPayload,
    "LogStatusNotification": LogStatus,
    "MeterValues": MeterValuesPayload,
    "SecurityEventNotification": SecurityEvent,
    "SignCertificate": SignCertificatePayload,
    "SignedFirmwareStatusNotification": SignedFirmwareStatus,
    "StartTransaction": StartPayload,
    "StatusNotification": StatusPayload,
    "StopTransaction": StopPayload,
}


def _possible(number: int, largest: int = LARGEST_TRANSACTION, otherwise: int = UNKNOWN) -> int:
    """The number of a plug or a transaction; ``otherwise`` where there can be none of that number."""
    return number if 0 <= number <= largest else otherwise


def read(payload: object, shape: type[Payload]) -> Payload:
    """The payload in its shape. Raises ``msgspec.ValidationError`` where it does not fit."""
    return msgspec.convert(payload, shape)
