"""What one can ask of a fault."""

from datetime import datetime

from eosvolt.domain.faults.events import FaultKind
from eosvolt.domain.kernel import Command


class ReportFault(Command, frozen=True):
    """Something is wrong: open an entry or count it on the open one."""

    company: int
    location: str
    charge_point: str
    connector: int
    kind: FaultKind
    code: str
    at: datetime
    vendor_code: str = ""
    text: str = ""


class RecoverFault(Command, frozen=True):
    """It is no longer wrong."""

    at: datetime


class SolveFault(Command, frozen=True):
    """Entry ``number`` was dealt with."""

    number: int
    at: datetime
    by: str
    note: str = ""


FaultCommand = ReportFault | RecoverFault | SolveFault
