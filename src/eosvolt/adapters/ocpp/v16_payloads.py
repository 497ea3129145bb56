"""The payloads of chargers' CALLs in OCPP 1.6: one struct for each action, which converts itself to a report.

The fields are the specification's; each struct cites the section of its action. A valid payload fits its
struct, unless it contains a number that no meter, connector or transaction can have.
"""

from datetime import datetime
from typing import Annotated, Protocol

import msgspec

from eosvolt.adapters.ocpp.inbound_messages import AuthorizeRequest, Heartbeat, InboundMessage
from eosvolt.adapters.ocpp.metering import MeterValue, readings
from eosvolt.adapters.ocpp.timestamps import instant
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

# Numbers below 10^15 can be added up and stored; larger ones are errors of the charger.
Whole = Annotated[int, msgspec.Meta(gt=-(10**15), lt=10**15)]
# Longer than any text of the schemas; on a lenient connection nothing else checks the length.
Name = Annotated[str, msgspec.Meta(max_length=255)]
LARGEST_CONNECTOR, LARGEST_TRANSACTION, UNKNOWN = 2**15 - 1, 2**31 - 1, -1


class Payload(Protocol):
    """The payload of a CALL."""

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The report, or the request, that this payload contains."""
        ...


class _Fields(msgspec.Struct, rename="camel"):
    """The specification's fields."""


class AuthorizePayload(_Fields):
    """Authorize.req (OCPP 1.6 §4.1): asks whether a card may charge."""

    id_tag: Name

    def to_report(self, received_at: datetime) -> InboundMessage:  # noqa: ARG002 - the request has no time
        """A request to authorize a token."""
        return AuthorizeRequest(self.id_tag.strip())


class BootPayload(_Fields):
    """BootNotification.req (OCPP 1.6 §4.2). Of its two serial numbers the charge point's takes precedence."""

    charge_point_vendor: Name
    charge_point_model: Name
    charge_point_serial_number: Name = ""
    charge_box_serial_number: Name = ""
    firmware_version: Name = ""
    iccid: Name = ""
    imsi: Name = ""
    meter_type: Name = ""
    meter_serial_number: Name = ""

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The charger's description of itself."""
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
    """DataTransfer.req (OCPP 1.6 §4.3): a vendor's own message."""

    vendor_id: Name
    message_id: Name = ""
    data: str = ""

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The vendor's message."""
        return VendorReport(
            vendor=self.vendor_id, received_at=received_at, message=self.message_id, data=self.data
        )


class HeartbeatPayload(_Fields):
    """Heartbeat.req (OCPP 1.6 §4.6). It has no fields."""

    def to_report(self, received_at: datetime) -> InboundMessage:  # noqa: ARG002 - a heartbeat has no time
        """A heartbeat."""
        return Heartbeat()


class MeterValuesPayload(_Fields):
    """MeterValues.req (OCPP 1.6 §4.7): samples of a connector's meter; 0 is the main meter."""

    connector_id: Whole
    meter_value: list[MeterValue]
    transaction_id: Whole | None = None

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The readings of one connector."""
        found = readings(self.meter_value, received_at)
        return MeterReport(
            connector=_possible(self.connector_id, LARGEST_CONNECTOR, 0),
            received_at=received_at,
            readings=found,
            transaction=None if self.transaction_id is None else _possible(self.transaction_id),
            # ``received_at`` replaces an impossible timestamp, and chargers' timestamps rarely equal it.
            timed=not found or found[-1].at != received_at,
        )


class StartPayload(_Fields):
    """StartTransaction.req (OCPP 1.6 §4.8)."""

    connector_id: Whole
    id_tag: Name
    meter_start: Whole
    timestamp: str = ""
    reservation_id: Whole | None = None

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The start of a transaction; ``metered`` is False without a register value."""
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
    """StatusNotification.req (OCPP 1.6 §4.9). ``NoError`` is the absence of an error."""

    connector_id: Whole
    status: ConnectorStatus
    error_code: Name = "NoError"
    info: Name = ""
    timestamp: str = ""
    vendor_id: Name = ""
    vendor_error_code: Name = ""

    def to_report(self, received_at: datetime) -> InboundMessage:
        """A connector's status; connector 0 is the whole charger."""
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
    """StopTransaction.req (OCPP 1.6 §4.10). It may contain thousands of samples."""

    meter_stop: Whole
    transaction_id: Whole
    timestamp: str = ""
    id_tag: Name = ""
    reason: Name = "Local"
    transaction_data: list[MeterValue] = []

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The end of a transaction; ``meter_stop_wh`` is ``None`` without a register value."""
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
    """DiagnosticsStatusNotification.req (OCPP 1.6 §4.4)."""

    status: Name

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The status of an upload without a request id."""
        return UploadReport(status=self.status, received_at=received_at)


class LogStatus(_Fields):
    """LogStatusNotification.req (OCPP 1.6 security whitepaper §5.13, use case N01)."""

    status: Name
    request_id: Whole | None = None

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The status of an upload."""
        return UploadReport(status=self.status, received_at=received_at, request=self.request_id)


class FirmwareStatus(_Fields):
    """FirmwareStatusNotification.req (OCPP 1.6 §4.5)."""

    status: Name

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The status of an installation without a request id."""
        return FirmwareReport(status=self.status, received_at=received_at)


class SignedFirmwareStatus(_Fields):
    """SignedFirmwareStatusNotification.req (OCPP 1.6 security whitepaper §5.19, use case L01)."""

    status: Name
    request_id: Whole | None = None

    def to_report(self, received_at: datetime) -> InboundMessage:
        """The status of an installation of signed firmware."""
        return FirmwareReport(
            status=self.status, received_at=received_at, request=self.request_id, signed=True
        )


class SecurityEvent(_Fields):
    """SecurityEventNotification.req (OCPP 1.6 security whitepaper §5.15, use case A04)."""

    type: Name
    timestamp: str = ""
    tech_info: Name = ""

    def to_report(self, received_at: datetime) -> InboundMessage:
        """A security event."""
        return SecurityReport(
            type=self.type,
            at=instant(self.timestamp, received_at).at,
            received_at=received_at,
            info=self.tech_info,
        )


class SignCertificatePayload(_Fields):
    """SignCertificate.req (OCPP 1.6 security whitepaper §5.17, use case A03)."""

    csr: str

    def to_report(self, received_at: datetime) -> InboundMessage:
        """A certificate signing request (PEM)."""
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
    """The number of a connector or a transaction; ``otherwise`` where it is out of range."""
    return number if 0 <= number <= largest else otherwise


def read(payload: object, shape: type[Payload]) -> Payload:
    """Convert a payload to its struct. Raises ``msgspec.ValidationError`` where it does not fit."""
    return msgspec.convert(payload, shape)
