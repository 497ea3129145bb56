"""What can have happened to a fault. One stream holds all entries of one subject: a plug and a code."""

from datetime import datetime
from enum import StrEnum

from eosvolt.domain.kernel import Event


class FaultKind(StrEnum):
    """Where to look for the cause."""

    COMMUNICATION = "communication"
    HARDWARE = "hardware"
    POWER = "power"


class FaultOpened(Event, frozen=True, tag="fault-opened"):
    """Entry ``number`` of its subject began.

    ``earlier`` is the solved entry it comes back from, 0 for none.
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
    earlier: int = 0


class FaultRecurred(Event, frozen=True, tag="fault-recurred"):
    """The same fault again, while its entry was still open."""

    number: int
    at: datetime
    occurrences: int
    vendor_code: str = ""
    text: str = ""


class FaultRecovered(Event, frozen=True, tag="fault-recovered"):
    """The charger says that all is well again. The entry stays until somebody solves it."""

    number: int
    at: datetime


class FaultSolved(Event, frozen=True, tag="fault-solved"):
    """An operator dealt with it."""

    number: int
    at: datetime
    by: str
    note: str = ""


FaultEvent = FaultOpened | FaultRecurred | FaultRecovered | FaultSolved
