"""Acknowledged, owned, snoozed: by people, until they change their mind or the fault changes."""

from datetime import datetime, timedelta

import pytest

from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    AttentionCommand,
    ReportFault,
    SnoozeFault,
    UnacknowledgeFault,
    WakeFault,
)
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.faults.events import (
    FaultAcknowledged,
    FaultAssigned,
    FaultKind,
    FaultOpened,
    FaultRecovered,
    FaultRecurred,
    FaultSnoozed,
    FaultSolved,
    FaultUnacknowledged,
    FaultWoken,
    Severity,
)
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, LOCATION, after, fault_report
from tests.rule import Rule

ANNA, BEN = "admin:anna", "admin:ben"


def opened(severity: Severity = Severity.ERROR, number: int = 1, minute: float = 1) -> FaultOpened:
    return FaultOpened(
        number=number,
        company=COMPANY,
        location=LOCATION,
        charge_point="CP-1",
        connector=1,
        kind=FaultKind.HARDWARE,
        code="HighTemperature",
        at=after(minute),
        severity=severity,
    )


def seen_again(minute: float, severity: Severity = Severity.ERROR) -> ReportFault:
    return fault_report(minute, severity=severity)


def recurred(minute: float, severity: Severity = Severity.ERROR) -> FaultRecurred:
    return FaultRecurred(number=1, at=after(minute), occurrences=2, severity=severity)


ACKNOWLEDGE = AcknowledgeFault(number=1, at=after(2), by=ANNA, note="On my way")
ACKNOWLEDGED = FaultAcknowledged(number=1, at=after(2), by=ANNA, note="On my way")
SNOOZE = SnoozeFault(number=1, at=after(3), by=ANNA, until=after(60), note="Part ordered")
SNOOZED = FaultSnoozed(number=1, at=after(3), by=ANNA, until=after(60), note="Part ordered")
RECOVERED = FaultRecovered(number=1, at=after(4))
SOLVED = FaultSolved(number=1, at=after(5), by=ANNA)


def test_a_fault_is_acknowledged_by_the_first_who_does_so() -> None:
    Rule(faults).given(opened()).when(ACKNOWLEDGE).then(ACKNOWLEDGED)
    later = AcknowledgeFault(number=1, at=after(9), by=BEN)
    Rule(faults).given(opened(), ACKNOWLEDGED).when(later).then()


def test_an_acknowledgement_is_withdrawn_once() -> None:
    withdraw = UnacknowledgeFault(number=1, at=after(6), by=BEN)
    withdrawn = FaultUnacknowledged(number=1, at=after(6), by=BEN)
    Rule(faults).given(opened(), ACKNOWLEDGED).when(withdraw).then(withdrawn)
    Rule(faults).given(opened()).when(withdraw).then()


def test_a_fault_has_one_owner_or_nobody() -> None:
    assign = AssignFault(number=1, at=after(2), by=ANNA, owner=BEN)
    assigned = FaultAssigned(number=1, at=after(2), by=ANNA, owner=BEN)
    Rule(faults).given(opened()).when(assign).then(assigned)
    nobody = AssignFault(number=1, at=after(3), by=BEN)
    Rule(faults).given(opened(), assigned).when(nobody).then(FaultAssigned(number=1, at=after(3), by=BEN))
    Rule(faults).given(opened()).when(nobody).then()


def test_a_fault_is_snoozed_until_another_time_too() -> None:
    Rule(faults).given(opened()).when(SNOOZE).then(SNOOZED)
    longer = SnoozeFault(number=1, at=after(10), by=BEN, until=after(90))
    Rule(faults).given(opened(), SNOOZED).when(longer).then(
        FaultSnoozed(number=1, at=after(10), by=BEN, until=after(90))
    )


@pytest.mark.parametrize("until", [after(2), after(3), after(3) + timedelta(days=366, seconds=1)])
def test_a_snooze_ends_in_the_future_and_within_a_year(until: datetime) -> None:
    snooze = SnoozeFault(number=1, at=after(3), by=ANNA, until=until)
    with pytest.raises(Rejected, match="a time in the future"):
        Rule(faults).given(opened()).when(snooze)


def test_a_snoozed_fault_is_woken_while_it_sleeps() -> None:
    wake = WakeFault(number=1, at=after(10), by=BEN)
    Rule(faults).given(opened(), SNOOZED).when(wake).then(FaultWoken(number=1, at=after(10), by=BEN))
    Rule(faults).given(opened(), SNOOZED).when(WakeFault(number=1, at=after(60), by=BEN)).then()
    Rule(faults).given(opened()).when(wake).then()


def test_a_snoozed_fault_comes_back_by_itself_when_it_is_seen_again() -> None:
    woken = FaultWoken(number=1, at=after(9))
    Rule(faults).given(opened(), SNOOZED).when(seen_again(9)).then(recurred(9), woken)
    Rule(faults).given(opened(), SNOOZED, RECOVERED).when(seen_again(9)).then(recurred(9), woken)


def test_a_snooze_that_is_over_needs_no_end() -> None:
    Rule(faults).given(opened(), SNOOZED).when(seen_again(60)).then(recurred(60))


def test_an_acknowledged_fault_that_gets_worse_is_not_what_was_acknowledged() -> None:
    warning = opened(Severity.WARNING)
    withdrawn = FaultUnacknowledged(number=1, at=after(9))
    Rule(faults).given(warning, ACKNOWLEDGED).when(seen_again(9)).then(recurred(9), withdrawn)
    same = recurred(9, Severity.WARNING)
    Rule(faults).given(warning, ACKNOWLEDGED).when(seen_again(9, Severity.WARNING)).then(same)
    Rule(faults).given(opened(), ACKNOWLEDGED).when(seen_again(9)).then(recurred(9))


def test_what_recovered_is_still_acknowledged_and_assigned_but_not_snoozed() -> None:
    Rule(faults).given(opened(), RECOVERED).when(ACKNOWLEDGE).then(ACKNOWLEDGED)
    with pytest.raises(Rejected, match="nothing to snooze"):
        Rule(faults).given(opened(), RECOVERED).when(SNOOZE)


@pytest.mark.parametrize(
    "command",
    [
        ACKNOWLEDGE,
        SNOOZE,
        UnacknowledgeFault(number=1, at=after(9), by=ANNA),
        AssignFault(number=1, at=after(9), by=ANNA, owner=BEN),
        WakeFault(number=1, at=after(9), by=ANNA),
    ],
    ids=lambda command: type(command).__name__,
)
def test_nobody_looks_after_what_is_solved_or_was_never_wrong(command: AttentionCommand) -> None:
    with pytest.raises(Rejected, match="is solved"):
        Rule(faults).given(opened(), SOLVED).when(command)
    with pytest.raises(Rejected, match="is solved"):
        Rule(faults).given(opened(), SOLVED, opened(number=2, minute=8)).when(command)
    with pytest.raises(Rejected, match="no such fault"):
        Rule(faults).when(command)


def test_who_looked_after_an_entry_does_not_look_after_the_next() -> None:
    given = Rule(faults).given(opened(), ACKNOWLEDGED, SOLVED, opened(number=2, minute=8))
    again = AcknowledgeFault(number=2, at=after(9), by=BEN)
    given.when(again).then(FaultAcknowledged(number=2, at=after(9), by=BEN))
