"""Opened once, counted while open, recovered by itself, solved by somebody, opened anew."""

import pytest

from eosvolt.domain.faults.commands import RecoverFault, ReportFault, SolveFault
from eosvolt.domain.faults.decider import faults
from eosvolt.domain.faults.events import FaultKind, FaultOpened, FaultRecovered, FaultRecurred, FaultSolved
from eosvolt.domain.kernel import Rejected
from tests.examples import COMPANY, LOCATION, after
from tests.rule import Rule
from tests.scenario import Scenario


def report(minute: float) -> ReportFault:
    return ReportFault(
        company=COMPANY,
        location=LOCATION,
        charge_point="CP-1",
        connector=1,
        kind=FaultKind.HARDWARE,
        code="GroundFailure",
        at=after(minute),
        vendor_code="E7",
    )


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


async def test_a_plug_that_reports_an_error_is_a_fault_until_it_reports_none() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="GroundFailure")
    assert [(row.code, row.kind, row.state) for row in s.faults()] == [("GroundFailure", "hardware", "open")]
    await s.reports(2, "Available")
    assert [(row.state, row.recovered_at) for row in s.faults()] == [("recovered", after(2))]


async def test_a_charger_that_stays_away_is_a_fault_of_its_communication() -> None:
    s = await Scenario().opened()
    await s.disconnects(10)
    await s.passes(14.9)
    assert s.faults() == []
    await s.passes(15.1)
    assert [(row.code, row.kind, row.since) for row in s.faults()] == [
        ("NoContact", "communication", after(15))
    ]
    await s.connects(30)
    assert s.faults()[0].state == "recovered"


async def test_a_charger_that_comes_back_soon_is_no_fault() -> None:
    s = await Scenario().opened()
    await s.disconnects(10)
    await s.connects(13)
    await s.passes(60)
    assert s.faults() == []
