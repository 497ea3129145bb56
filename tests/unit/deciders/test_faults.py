"""Opened once, counted while open, recovered by itself, solved by somebody, opened anew."""

import pytest

from eosvolt.domain.explanations import Why, because
from eosvolt.domain.faults.commands import RecoverFault, ReportFault, SolveFault, SuppressFault
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.faults.events import (
    FaultKind,
    FaultOpened,
    FaultRecovered,
    FaultRecurred,
    FaultSolved,
    FaultSuppressed,
)
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, LOCATION, after, fault_report
from tests.rule import Rule


def report(minute: float, received: float | None = None) -> ReportFault:
    received_at = None if received is None else after(received)
    return fault_report(minute, "GroundFailure", received_at=received_at, vendor_code="E7")


def opened(number: int, minute: float, earlier: int = 0) -> FaultOpened:
    return FaultOpened(
        number=number,
        company=COMPANY,
        location=LOCATION,
        charge_point="CP-1",
        connector=1,
        kind=FaultKind.HARDWARE,
        code="GroundFailure",
        at=after(minute),
        vendor_code="E7",
        earlier=earlier,
    )


SOLVED = FaultSolved(number=1, at=after(5), by="admin:a1", note="Fuse")


def test_a_fault_opens_an_entry_and_counts_on_it_while_it_is_open() -> None:
    Rule(faults).when(report(1)).then(opened(1, 1))
    again = FaultRecurred(number=1, at=after(2), occurrences=2, vendor_code="E7")
    Rule(faults).given(opened(1, 1)).when(report(2)).then(again)


def test_a_recovered_fault_that_comes_back_before_anybody_solved_it_counts_on_its_entry() -> None:
    recovered = FaultRecovered(number=1, at=after(2))
    Rule(faults).given(opened(1, 1)).when(RecoverFault(at=after(2))).then(recovered)
    again = FaultRecurred(number=1, at=after(3), occurrences=2, vendor_code="E7")
    Rule(faults).given(opened(1, 1), recovered).when(report(3)).then(again)


def test_a_solved_fault_that_comes_back_opens_an_entry_that_links_to_the_earlier_one() -> None:
    solve = SolveFault(number=1, at=after(5), by="admin:a1", note="Fuse")
    Rule(faults).given(opened(1, 1)).when(solve).then(SOLVED)
    Rule(faults).given(opened(1, 1), SOLVED).when(report(9)).then(opened(2, 9, earlier=1))


def test_an_old_report_is_no_news() -> None:
    Rule(faults).given(opened(1, 1), SOLVED).when(report(4)).then()


def test_there_is_nothing_to_solve_where_nothing_was_wrong() -> None:
    with pytest.raises(Rejected, match="no such fault"):
        Rule(faults).when(SolveFault(number=1, at=after(5), by="admin:a1"))


def test_a_report_from_before_the_recovery_opens_nothing_again() -> None:
    recovered = FaultRecovered(number=1, at=after(5))
    Rule(faults).given(opened(1, 1), recovered).when(report(4)).then()


def test_a_recovery_from_before_the_newest_report_ends_nothing() -> None:
    again = FaultRecurred(number=1, at=after(5), occurrences=2)
    Rule(faults).given(opened(1, 1), again).when(RecoverFault(at=after(4))).then()


def test_a_fault_by_a_slow_clock_that_came_in_after_the_solution_is_a_new_one() -> None:
    Rule(faults).given(opened(1, 1), SOLVED).when(report(4, received=6)).then(opened(2, 4, earlier=1))
    Rule(faults).given(opened(1, 1), SOLVED).when(report(4, received=4.5)).then()


def test_what_was_brought_about_here_is_no_fault_for_a_while() -> None:
    suppression = SuppressFault(at=after(1), until=after(11), explanation=because(Why.RESET_ASKED))
    suppressed = FaultSuppressed(at=after(1), until=after(11), explanation=because(Why.RESET_ASKED))
    Rule(faults).when(suppression).then(suppressed)
    Rule(faults).given(suppressed).when(report(11)).then()
    Rule(faults).given(suppressed).when(report(12)).then(opened(1, 12))
    longer = SuppressFault(at=after(1), until=after(12))
    Rule(faults).given(opened(1, 0), suppressed).when(longer).then(
        FaultSuppressed(at=after(1), until=after(12))
    )


def test_an_entry_that_was_solved_is_not_solved_again_by_somebody_else() -> None:
    Rule(faults).given(opened(1, 1), SOLVED).when(SolveFault(number=1, at=after(9), by="admin:b2")).then()
