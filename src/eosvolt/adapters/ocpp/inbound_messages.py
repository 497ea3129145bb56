"""The messages of chargers, independent of the protocol version.

These are the domain's reports and two requests that the adapter answers itself. Our commands to chargers are
in the catalogue of commands.
"""

import msgspec

from eosvolt.domain.charge_points.reports import (
    Boot,
    CertificateReport,
    FirmwareReport,
    MeterReport,
    SecurityReport,
    StartReport,
    StatusReport,
    StopReport,
    UploadReport,
    VendorReport,
)


class Heartbeat(msgspec.Struct, frozen=True):
    """The charger is alive and asks for the time (OCPP 1.6 §4.6)."""


class AuthorizeRequest(msgspec.Struct, frozen=True):
    """Asks whether a token may charge (OCPP 1.6 §4.1)."""

    token: str


InboundMessage = (
    Boot
    | StatusReport
    | StartReport
    | MeterReport
    | StopReport
    | FirmwareReport
    | UploadReport
    | SecurityReport
    | VendorReport
    | CertificateReport
    | Heartbeat
    | AuthorizeRequest
)
