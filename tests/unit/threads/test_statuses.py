"""Plug states that others believed too much or too little. The comments name where chargers did this."""

import pytest

from eosvolt.domain.charge_points.events import ConnectorReported
from eosvolt.domain.sessions.events import ConnectorFreed
from eosvolt.projections.connector_status import connector_status
from tests.examples import CHARGE_POINT
from tests.scenario import Scenario


def shown(s: Scenario, plug: int = 1) -> str:
    row = s.models.row(connector_status, f"{CHARGE_POINT}/{plug}")
    assert row is not None
    return row.status


async def test_a_report_of_the_same_second_that_comes_later_is_the_newer_one() -> None:
    # libocpp PR 1130: the time is that of the report, and three of them are sent within a second.
    s = await Scenario().opened()
    for status in ("Preparing", "SuspendedEVSE", "Charging"):
        await s.reports(1, status)
    assert shown(s) == "Charging"
    assert len(s.events(ConnectorReported)) == 3


async def test_a_report_a_few_seconds_older_than_the_last_is_still_news_and_a_much_older_one_is_not() -> None:
    # libocpp PR 1130, evcc.
    s = await Scenario().opened()
    await s.reports(10, "Charging")
    await s.reports(10 - 4 / 60, "Finishing", received=10.1)
    assert shown(s) == "Finishing"
    await s.reports(5, "Preparing", received=11)
    assert shown(s) == "Finishing"


async def test_a_state_of_a_plug_that_nobody_described_is_shown() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Charging", 7)
    assert shown(s, 7) == "Charging"


async def test_an_error_that_the_specification_does_not_have_is_a_fault_all_the_same() -> None:
    # lbbrhzn #1248: a Legrand reports the error code "Error".
    s = await Scenario().opened()
    await s.reports(1, "Faulted", error="Error")
    assert [(row.code, row.connector) for row in s.faults()] == [("Error", 1)]


async def test_an_error_of_the_charger_as_a_whole_is_a_fault_of_no_plug() -> None:
    s = await Scenario().opened()
    await s.reports(1, "Faulted", 0, error="GroundFailure")
    assert [(row.code, row.connector) for row in s.faults()] == [("GroundFailure", 0)]


@pytest.mark.parametrize("state", ["Finishing", "SuspendedEV"])
async def test_a_plug_that_is_never_reported_free_is_free_when_the_next_car_starts(state: str) -> None:
    # evcc, ev-server: "extra inactivity" that never ended.
    s = await Scenario().opened()
    first = (await s.starts(0, 1000)).transaction
    await s.stops(10, first, 2000)
    await s.reports(10.1, state)
    await s.starts(30, 2000)
    (freed,) = s.events(ConnectorFreed)
    assert freed.key == str(first)
