"""The commands of a fault."""

from datetime import datetime

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.faults.events import FaultKind, Severity
from eosvolt.domain.kernel import Command


class ReportFault(Command, frozen=True):
    """Open an entry, or count the report on the entry that is not solved yet.

    ``at`` is the reporter's time, ``received_at`` ours where they differ. ``present_at`` is when it was
    received as the present status of a plug, which counts whatever the charger's clock says.
    ``auto_recover_at``: the fault recovers by itself unless it is reported again before.
    """

    company: int
    location: str
    charge_point: str
    connector: int
    kind: FaultKind
    code: str
    at: datetime
    received_at: datetime | None = None
    present_at: datetime | None = None
    vendor_code: str = ""
    text: str = ""
    explanation: Explanation | None = None
    severity: Severity = Severity.ERROR
    session: str = ""
    auto_recover_at: datetime | None = None
    charger_down: bool = False


class RecoverFault(Command, frozen=True):
    """The fault is over; ``present_at`` as in ``ReportFault``."""

    at: datetime
    present_at: datetime | None = None


class SolveFault(Command, frozen=True):
    """Entry ``number`` was dealt with."""

    number: int
    at: datetime
    by: str
    note: str = ""


class SuppressFault(Command, frozen=True):
    """Reports up to ``until`` open no entry: somebody here caused them."""

    at: datetime
    until: datetime
    explanation: Explanation | None = None


class AcknowledgeFault(Command, frozen=True):
    """Somebody has seen entry ``number`` and takes care of it."""

    number: int
    at: datetime
    by: str
    note: str = ""


class UnacknowledgeFault(Command, frozen=True):
    """Nobody takes care of entry ``number`` any more."""

    number: int
    at: datetime
    by: str


class AssignFault(Command, frozen=True):
    """Entry ``number`` is for ``owner`` to deal with; empty for nobody."""

    number: int
    at: datetime
    by: str
    owner: str = ""


class SnoozeFault(Command, frozen=True):
    """Entry ``number`` needs no attention before ``until``."""

    number: int
    at: datetime
    by: str
    until: datetime
    note: str = ""


class WakeFault(Command, frozen=True):
    """Entry ``number`` needs attention again."""

    number: int
    at: datetime
    by: str


AttentionCommand = AcknowledgeFault | UnacknowledgeFault | AssignFault | SnoozeFault | WakeFault
FaultCommand = ReportFault | RecoverFault | SolveFault | SuppressFault | AttentionCommand
