"""The rules of a fault.

Opened once, counted while open, recovered by itself, solved by somebody, opened anew.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.faults.commands import FaultCommand, RecoverFault, ReportFault, SolveFault
from eosvolt.domain.faults.events import FaultEvent, FaultOpened, FaultRecovered, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import Decider, Rejected


class NoFault(msgspec.Struct, frozen=True):
    """Never seen."""


class Entry(msgspec.Struct, frozen=True):
    """The latest entry of a subject. ``state``: ``open``, ``recovered`` or ``solved``."""

    number: int
    last_at: datetime
    occurrences: int = 1
    state: str = "open"


Fault = NoFault | Entry


def subject(charge_point: str, connector: int, code: str) -> str:
    """The key of the stream that holds all entries of one plug and code."""
    return f"{charge_point}/{connector}/{code}"


def decide(command: FaultCommand, fault: Fault) -> Sequence[FaultEvent]:
    """What happens."""
    match command, fault:
        case ReportFault(), NoFault():
            return [_opened(command, number=1, earlier=0)]
        case ReportFault(at=at), Entry(state="solved") as entry if at > entry.last_at:
            return [_opened(command, number=entry.number + 1, earlier=entry.number)]
        case ReportFault(at=at), Entry() as entry if at > entry.last_at:
            return [
                FaultRecurred(
                    number=entry.number,
                    at=at,
                    occurrences=entry.occurrences + 1,
                    vendor_code=command.vendor_code,
                    text=command.text,
                )
            ]
        case RecoverFault(at=at), Entry(state="open") as entry:
            return [FaultRecovered(number=entry.number, at=at)]
        case SolveFault(number=number), NoFault() | Entry() if _number(fault) < number:
            raise Rejected("There is no such fault.")
        case SolveFault(number=number), Entry() as entry if (
            number == entry.number and entry.state != "solved"
        ):
            return [FaultSolved(number=number, at=command.at, by=command.by, note=command.note)]
        case _:
            return []


def _number(fault: Fault) -> int:
    return fault.number if isinstance(fault, Entry) else 0


def _opened(command: ReportFault, *, number: int, earlier: int) -> FaultOpened:
    return FaultOpened(
        number=number,
        company=command.company,
        location=command.location,
        charge_point=command.charge_point,
        connector=command.connector,
        kind=command.kind,
        code=command.code,
        at=command.at,
        vendor_code=command.vendor_code,
        text=command.text,
        earlier=earlier,
    )


def evolve(fault: Fault, event: FaultEvent) -> Fault:
    """The fault after ``event``."""
    if isinstance(event, FaultOpened):
        return Entry(event.number, event.at)
    if isinstance(fault, NoFault):
        return fault
    match event:
        case FaultRecurred(at=at, occurrences=occurrences):
            return Entry(fault.number, at, occurrences)
        case FaultRecovered():
            return msgspec.structs.replace(fault, state="recovered")
        case FaultSolved(at=at):
            return msgspec.structs.replace(fault, state="solved", last_at=max(fault.last_at, at))
        case _:
            assert_never(event)


faults: Decider[FaultCommand, Fault, FaultEvent] = Decider("fault", NoFault(), decide, evolve)
