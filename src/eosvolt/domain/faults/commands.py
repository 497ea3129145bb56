"""What one can ask of a fault."""

from datetime import datetime

from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Command


class ReportFault(Command, frozen=True):
    """Something is wrong: open an entry or count it on the one that nobody solved yet.

    ``at`` is the teller's time, ``received_at`` ours where they differ. ``quiet_at``: it is over when it is
    not seen again until then.
    """

    company: int
    location: str
    charge_point: str
    connector: int
    kind: FaultKind
    code: str
    at: datetime
    received_at: datetime | None = None
    vendor_code: str = ""
    text: str = ""
    severity: Severity = Severity.ERROR
    session: str = ""
    quiet_at: datetime | None = None


class RecoverFault(Command, frozen=True):
    """It is no longer wrong."""

    at: datetime


class SolveFault(Command, frozen=True):
    """Entry ``number`` was dealt with."""

    number: int
    at: datetime
    by: str
    note: str = ""


class ExcuseFault(Command, frozen=True):
    """What comes up to ``until`` is our own doing."""

    at: datetime
    until: datetime
    reason: str = ""


FaultCommand = ReportFault | RecoverFault | SolveFault | ExcuseFault
