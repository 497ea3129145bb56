"""The rules of a fault.

An entry is opened by the first report and counts further ones until somebody solves it; it may recover by
itself. A report after that opens a new entry. Reports and recoveries older than the last ones change nothing.
Until it is solved somebody may acknowledge it, be its owner, and snooze it: see ``attention``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

import msgspec

from eosvolt.domain.calendar import MICROSECOND
from eosvolt.domain.faults.attention import (
    UNATTENDED,
    Attention,
    AttentionEvent,
    attend,
    attended,
    disturbed,
)
from eosvolt.domain.faults.commands import (
    AttentionCommand,
    FaultCommand,
    RecoverFault,
    ReportFault,
    SolveFault,
    SuppressFault,
)
from eosvolt.domain.faults.events import (
    FaultEvent,
    FaultOpened,
    FaultRecovered,
    FaultRecurred,
    FaultSolved,
    FaultSuppressed,
    Severity,
)
from eosvolt.domain.kernel import Decider, Rejected

change = msgspec.structs.replace


class NoFault(msgspec.Struct, frozen=True):
    """Never seen."""

    suppressed_until: datetime | None = None


class FaultRecord(msgspec.Struct, frozen=True):
    """The latest entry of a subject.

    ``state`` is ``open``, ``recovered`` or ``solved``, the latter two since ``ended_at``.
    """

    number: int
    last_at: datetime
    occurrences: int = 1
    state: str = "open"
    ended_at: datetime | None = None
    auto_recover_at: datetime | None = None
    suppressed_until: datetime | None = None
    severity: Severity = Severity.ERROR
    attention: Attention = UNATTENDED


Fault = NoFault | FaultRecord


def subject(charge_point: str, connector: int, code: str) -> str:
    """The key of the stream that holds all entries of one plug and code."""
    return f"{charge_point}/{connector}/{code}"


def decide(command: FaultCommand, fault: Fault) -> Sequence[FaultEvent]:
    """The events of ``command``; none where it changes nothing. Raises ``Rejected``."""
    if isinstance(command, AttentionCommand):
        return _attended(command, fault)
    match command:
        case ReportFault():
            return _reported(command, fault)
        case RecoverFault(at=at, present_at=present_at):
            if not isinstance(fault, FaultRecord) or fault.state != "open":
                return []
            at = _in_order(at, present_at, fault.last_at)
            return [FaultRecovered(number=fault.number, at=at)] if at >= fault.last_at else []
        case SolveFault(number=number):
            if _number(fault) < number:
                raise Rejected("There is no such fault.")
            if isinstance(fault, FaultRecord) and number == fault.number and fault.state != "solved":
                return [FaultSolved(number=number, at=command.at, by=command.by, note=command.note)]
            return []
        case SuppressFault(at=at, until=until, explanation=explanation):
            if fault.suppressed_until is not None and until <= fault.suppressed_until:
                return []
            return [FaultSuppressed(at=at, until=until, explanation=explanation)]
        case _:
            assert_never(command)


def _attended(command: AttentionCommand, fault: Fault) -> Sequence[FaultEvent]:
    if _number(fault) < command.number:
        raise Rejected("There is no such fault.")
    if not isinstance(fault, FaultRecord) or fault.number > command.number or fault.state == "solved":
        raise Rejected("This fault is solved.")
    return attend(command, fault.attention, is_open=fault.state == "open")


def _reported(report: ReportFault, fault: Fault) -> Sequence[FaultEvent]:
    if fault.suppressed_until is not None and report.at <= fault.suppressed_until:
        return []
    if isinstance(fault, NoFault):
        return [_opened(report, number=1, earlier=0)]
    at = _in_order(report.at, report.present_at, fault.ended_at or fault.last_at)
    if at <= fault.last_at:
        return []
    if fault.ended_at is not None and fault.state == "solved":
        # Chargers' clocks and ours differ: a report that came in after it was solved opens a new entry.
        if max(report.at, report.received_at or report.at) <= fault.ended_at:
            return []
        return [_opened(report, number=fault.number + 1, earlier=fault.number)]
    if fault.ended_at is not None and at < fault.ended_at:
        return []
    worse = fault.severity is Severity.WARNING and report.severity is Severity.ERROR
    came_in_at = max(report.at, report.received_at or report.at)
    return [
        FaultRecurred(
            number=fault.number,
            at=at,
            occurrences=fault.occurrences + 1,
            vendor_code=report.vendor_code,
            text=report.text,
            explanation=report.explanation,
            severity=report.severity,
            session=report.session,
            auto_recover_at=report.auto_recover_at,
            charger_down=report.charger_down,
        ),
        *disturbed(fault.attention, fault.number, came_in_at, worse=worse),
    ]


def _in_order(at: datetime, present_at: datetime | None, last_at: datetime) -> datetime:
    """The time of a change to a fault that was last changed at ``last_at``.

    The time it was received may have been taken for the last change, because the charger's clock stood still.
    Then a later report has an earlier time of the charger's, and is taken to be just after that change.
    """
    if present_at is None or at >= last_at or present_at <= last_at:
        return at
    return last_at + MICROSECOND


def _number(fault: Fault) -> int:
    return fault.number if isinstance(fault, FaultRecord) else 0


def _opened(report: ReportFault, *, number: int, earlier: int) -> FaultOpened:
    return FaultOpened(
        number=number,
        company=report.company,
        location=report.location,
        charge_point=report.charge_point,
        connector=report.connector,
        kind=report.kind,
        code=report.code,
        at=report.at,
        vendor_code=report.vendor_code,
        text=report.text,
        explanation=report.explanation,
        earlier=earlier,
        severity=report.severity,
        session=report.session,
        auto_recover_at=report.auto_recover_at,
        charger_down=report.charger_down,
    )


def evolve(fault: Fault, event: FaultEvent) -> Fault:
    """The fault after ``event``."""
    if isinstance(event, FaultSuppressed):
        return change(fault, suppressed_until=event.until)
    if isinstance(event, FaultOpened):
        return FaultRecord(
            event.number,
            event.at,
            auto_recover_at=event.auto_recover_at,
            suppressed_until=fault.suppressed_until,
            severity=event.severity,
        )
    if isinstance(fault, NoFault):
        return fault
    if isinstance(event, AttentionEvent):
        return change(fault, attention=attended(fault.attention, event))
    match event:
        case FaultRecurred(
            at=at, occurrences=occurrences, auto_recover_at=auto_recover_at, severity=severity
        ):
            return change(
                fault,
                last_at=at,
                occurrences=occurrences,
                state="open",
                ended_at=None,
                auto_recover_at=auto_recover_at,
                severity=severity,
            )
        case FaultRecovered(at=at):
            return change(fault, state="recovered", ended_at=at, auto_recover_at=None)
        case FaultSolved(at=at):
            return change(fault, state="solved", ended_at=at, auto_recover_at=None)
        case _:
            assert_never(event)


faults: Decider[FaultCommand, Fault, FaultEvent] = Decider("fault", NoFault(), decide, evolve)
