"""What a charger may say, in words that no protocol version owns.

The domain's reports, and a few words that stop at this door. What we may ask of it is in the
catalogue of commands.
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
    """A sign of life, and a question for the time."""


class AuthorizeAsked(msgspec.Struct, frozen=True):
    """The question whether a token may charge."""

    token: str


Heard = (
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
    | AuthorizeAsked
)
