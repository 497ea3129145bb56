"""Plug states that others believed too much or too little. The comments name where chargers did this."""

import pytest

from eosvolt.domain.charge_points.events import ConnectorReported
from eosvolt.domain.sessions.events import (
    ConnectorFreed,
    IdleDetected,
)
from eosvolt.domain.sessions.plug_events import (
    ChargingResumed,
)
from eosvolt.projections.connector_status import connector_status
from tests.examples import CHARGE_POINT, TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE, after
from tests.scenario import Scenario


def effective(s: Scenario, plug: int = 1) -> str:
    row = s.models.row(connector_status, f"{CHARGE_POINT}/{plug}")
    assert row is not None
    return row.effective or row.shown


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


async def test_a_state_of_a_plug_without_a_description_is_shown() -> None:
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


async def test_a_plug_that_stays_suspended_while_it_charges_is_seen_to_charge() -> None:
    # Grizzl-E: evcc PR 33911.
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.reports(0.1, "SuspendedEVSE")
    await s.meters(1, 100, transaction=number, power_w=7_000)
    assert (shown(s), effective(s)) == ("SuspendedEVSE", "SuspendedEVSE")
    await s.meters(2, 200, transaction=number, power_w=7_000)
    assert (shown(s), effective(s)) == ("SuspendedEVSE", "Charging")
    await s.reports(3, "Finishing")
    assert effective(s) == "Finishing"


async def test_a_plug_that_stays_in_charging_when_the_car_is_full_is_seen_to_be_suspended() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.reports(0.1, "Charging")
    for minute, power in ((1, 7_000), (2, 60), (3, 90), (4, 0)):
        await s.meters(minute, 100, transaction=number, power_w=power)
        assert effective(s) == "Charging"
    await s.meters(5, 101, transaction=number, power_w=20)
    assert (shown(s), effective(s)) == ("Charging", "SuspendedEV")
    await s.meters(6, 200, transaction=number, power_w=7_000)
    assert effective(s) == "Charging"


async def test_currents_give_the_power_where_none_is_reported() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.reports(0.1, "Charging")
    for minute in range(1, 6):
        await s.meters(minute, 0, transaction=number, current_a=0.3)
    assert effective(s) == "SuspendedEV"


async def test_a_car_that_charges_although_its_status_is_suspended_never_idles() -> None:
    # Grizzl-E: evcc PR 33911; the driver is not to be stopped, nor charged for staying.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.reports(0.1, "SuspendedEV")
    for minute in range(1, 40):
        await s.meters(minute, 100 * minute, transaction=number)
    await s.passes(40)
    assert not s.events(IdleDetected)
    assert len(s.events(ChargingResumed)) == 1
    await s.stops(41, number, 4000)
    assert s.session(number).ended_at == after(41)


async def test_a_car_that_only_keeps_itself_warm_idles() -> None:
    # Errata 3.6: some cars trickle.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.reports(10, "SuspendedEV")
    for minute in range(11, 25):
        await s.meters(minute, 3 * minute, transaction=number)
    await s.passes(26)
    assert len(s.events(IdleDetected)) == 1
    assert s.session(number).ended_at == after(25)


async def test_energy_that_came_before_the_car_was_suspended_does_not_end_its_suspension() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 900, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.meters(10.5, 1000, transaction=number)
    await s.meters(11, 1000, transaction=number)
    assert not s.events(ChargingResumed)


async def test_time_that_is_reported_as_throttled_is_not_billed_whatever_flows() -> None:
    # The operator's own throttling is never billed as time, even where the charger forgets to end it.
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 0)).transaction
    await s.reports(10, "SuspendedEVSE")
    for minute in range(11, 30):
        await s.meters(minute, 100 * minute, transaction=number)
    await s.stops(30, number, 3000)
    assert s.session(number).charging_gross == 100


async def test_a_derived_suspension_is_no_idling() -> None:
    # Only what the charger reports may stop a car and cost its driver something.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.reports(0.1, "Charging")
    for minute in range(1, 60):
        await s.meters(minute, 100, transaction=number, power_w=0)
    await s.passes(60)
    assert effective(s) == "SuspendedEV"
    assert not s.events(IdleDetected)
