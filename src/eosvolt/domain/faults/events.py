"""The events of a fault. One stream holds all entries of one subject: a plug and a code."""

from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.explanations import Explanation
from eosvolt.domain.kernel import Event


class FaultKind(StrEnum):
    """Where to look for the cause."""

    COMMUNICATION = "communication"
    HARDWARE = "hardware"
    POWER = "power"


class Severity(StrEnum):
    """The severity: an error puts a plug out of order, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class FaultOpened(Event, frozen=True, tag="fault-opened"):
    """Entry ``number`` of its subject began.

    ``earlier`` is the solved entry it comes back from, 0 for none; ``session`` was open on the plug. A
    fault of which no end is reported recovers at ``auto_recover_at`` unless it is reported again before.
    ``charger_down``: no other plug of the charger could be used then; false in events from before this was
    recorded. ``text`` is the charger's own, ``explanation`` ours.
    """

    number: int
    company: int
    location: str
    charge_point: str
    connector: int
    kind: FaultKind
    code: str
    at: datetime
    vendor_code: str = ""
    text: str = ""
    explanation: Explanation | None = None
    earlier: int = 0
    severity: Severity = Severity.ERROR
    session: str = ""
    auto_recover_at: datetime | None = msgspec.field(default=None, name="quiet_at")
    charger_down: bool = False


class FaultRecurred(Event, frozen=True, tag="fault-recurred"):
    """The same fault again, before anybody solved its entry."""

    number: int
    at: datetime
    occurrences: int
    vendor_code: str = ""
    text: str = ""
    explanation: Explanation | None = None
    severity: Severity = Severity.ERROR
    session: str = ""
    auto_recover_at: datetime | None = msgspec.field(default=None, name="quiet_at")
    charger_down: bool = False


class FaultRecovered(Event, frozen=True, tag="fault-recovered"):
    """The fault is over, as reported or as concluded. The entry stays until somebody solves it."""

    number: int
    at: datetime


class FaultSolved(Event, frozen=True, tag="fault-solved"):
    """An operator dealt with it."""

    number: int
    at: datetime
    by: str
    note: str = ""


class FaultSuppressed(Event, frozen=True, tag="fault-excused"):
    """Reports of this fault up to ``until`` are ignored: somebody here caused them.

    ``reason`` is the text of earlier releases, instead of ``explanation``.
    """

    at: datetime
    until: datetime
    reason: str = ""
    explanation: Explanation | None = None


class FaultAcknowledged(Event, frozen=True, tag="fault-acknowledged"):
    """Somebody of the company has seen it and takes care of it."""

    number: int
    at: datetime
    by: str
    note: str = ""


class FaultUnacknowledged(Event, frozen=True, tag="fault-unacknowledged"):
    """Nobody takes care of it any more: withdrawn ``by`` somebody, or empty because it got worse."""

    number: int
    at: datetime
    by: str = ""


class FaultAssigned(Event, frozen=True, tag="fault-assigned"):
    """It is for ``owner`` to deal with, an actor such as ``admin:a1``; empty for nobody."""

    number: int
    at: datetime
    by: str
    owner: str = ""


class FaultSnoozed(Event, frozen=True, tag="fault-snoozed"):
    """It needs no attention before ``until``, unless it is seen again."""

    number: int
    at: datetime
    by: str
    until: datetime
    note: str = ""


class FaultWoken(Event, frozen=True, tag="fault-woken"):
    """Its snooze ended early: ``by`` somebody, or empty because it was seen again."""

    number: int
    at: datetime
    by: str = ""


FaultEvent = (
    FaultOpened
    | FaultRecurred
    | FaultRecovered
    | FaultSolved
    | FaultSuppressed
    | FaultAcknowledged
    | FaultUnacknowledged
    | FaultAssigned
    | FaultSnoozed
    | FaultWoken
)
