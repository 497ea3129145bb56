"""What happened while nobody looked: learnt late, it costs what it would have cost at once."""

import pytest

from eosvolt.domain.charge_points.reports import ConnectorStatus, StatusReport
from eosvolt.domain.sessions.events import BlockingFeeCharged, EndWithdrawn
from tests.examples import (
    CHARGE_POINT,
    TARIFF_BY_TIME_OF_DAY,
    TARIFF_PER_MINUTE,
    TARIFF_WITH_CAPPED_FEE,
    after,
)
from tests.scenario import Scenario

DAY = 24 * 60


async def test_a_session_wholly_within_a_lost_connection_pays_no_fee_and_is_over() -> None:
    # ocpp-rpc #29: the plug is Available before and after, and the queue comes when all is over.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.reports(0, "Available")
    await s.disconnects(5)
    await s.connects(500)
    await s.reports(500, "Available")
    number = (await s.starts(10, 1000, received=501)).transaction
    await s.stops(40, number, 3000, received=501)
    await s.passes(900)
    row = s.session(number)
    assert (row.status, row.blocking_gross, row.ended_at, row.freed_at) == (
        "completed",
        0,
        after(40),
        after(500),
    )


async def test_a_week_offline_with_present_states_first_costs_its_charging_only() -> None:
    # MicroOcpp #321: 533 messages.
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.disconnects(5)
    await s.connects(7 * DAY)
    await s.reports(7 * DAY, "Charging")
    for hour in range(150):
        number = (await s.starts(60 * hour + 10, 1000 * hour, received=7 * DAY)).transaction
        await s.stops(60 * hour + 40, number, 1000 * hour + 1000, received=7 * DAY)
    await s.passes(7 * DAY + 600)
    assert not s.events(BlockingFeeCharged)
    assert {row.status for row in s.sessions()} == {"completed"}


async def test_idling_is_found_after_a_fault_when_its_messages_waited() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000, received=100)).transaction
    for minute, state in ((5, "SuspendedEV"), (10, "Faulted"), (20, "SuspendedEV"), (60, "Charging")):
        await s.reports(minute, state, received=100)
    await s.stops(90, number, 3000, received=100)
    assert s.session(number).ended_at == after(30)


@pytest.mark.parametrize("state", ["Finishing", "SuspendedEVSE", "Charging"])
async def test_a_fault_is_over_with_whatever_the_plug_says_next(state: str) -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(5, "Faulted")
    await s.reports(10, state)
    await s.stops(20, number, 3000)
    await s.reports(20, "Finishing")
    await s.passes(51)
    assert s.session(number).blocking_gross == 200


async def test_a_car_that_charges_again_in_the_second_in_which_it_would_idle_has_not_idled() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(5, "SuspendedEV")
    await s.passes(20)
    assert s.session(number).ended_at == after(20)
    await s.reports(20, "Charging")
    assert (s.session(number).status, s.session(number).ended_at) == ("charging", None)
    await s.stops(90, number, 5000)
    assert s.session(number).ended_at == after(90)


async def test_minutes_out_of_order_are_not_billed_however_late_they_are_told() -> None:
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(60, number, 5000)
    assert s.session(number).charging_gross == 600
    await s.reports(10, "Faulted", received=70)
    await s.reports(30, "Charging", received=70)
    assert s.session(number).charging_gross == 400


async def untimed(s: Scenario, minutes: float, status: str) -> None:
    _, received_at = s._now(minutes)
    report = StatusReport(
        connector=1, status=ConnectorStatus(status), at=received_at, received_at=received_at, timed=False
    )
    await s.charging.reported(CHARGE_POINT, report)


async def test_a_state_without_a_time_just_before_a_start_ends_no_session() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    # The start is dated in whole seconds, the state by our clock within the same one.
    await untimed(s, 0.005, "Preparing")
    number = (await s.starts(0, 1000, received=0.01)).transaction
    await s.meters(5, 2000, transaction=number)
    await s.passes(30)
    assert (s.session(number).status, s.session(number).energy_wh) == ("charging", 1000)


async def test_samples_of_the_open_transaction_undo_a_plug_that_was_taken_to_be_free() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(10, "Available")
    await s.meters(15, 2000, transaction=number, power_w=7000)
    await s.passes(60)
    assert (s.session(number).status, s.session(number).energy_wh) == ("charging", 1000)


async def test_a_presumed_end_that_proves_wrong_is_withdrawn_with_its_fees() -> None:
    s = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 2000, transaction=number)
    await s.boots(10)
    await s.reports(11, "Finishing")
    await s.passes(60)
    assert (s.session(number).ended_at, s.session(number).blocking_gross) == (after(5), 250)
    await s.meters(61, 3000, transaction=number)
    row = s.session(number)
    assert (row.status, row.ended_at, row.energy_wh, row.total_gross) == ("charging", None, 2000, 0)
    assert len(s.events(EndWithdrawn)) == 1
    await s.stops(80, number, 4000)
    assert (s.session(number).energy_wh, s.session(number).charging_gross) == (3000, 150)


async def test_a_boot_that_was_asked_for_ends_no_session() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    trigger = {"requestedMessage": "BootNotification"}
    await s.commands.request(242, CHARGE_POINT, "triggerMessage", trigger, "admin:a1")
    await s.delivers()
    await s.boots(2)
    await s.passes(60)
    assert s.session(number).status == "charging"


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0), (2, 0), (2, 1, 0)])
async def test_of_several_stops_after_a_reboot_one_ends_the_session_and_a_zero_proves_nothing(
    order: tuple[int, ...],
) -> None:
    # libocpp PR #906.
    s = await Scenario().opened()
    number = (await s.starts(0, 40_000)).transaction
    await s.meters(10, 43_000, transaction=number)
    stops = [(30, 49_600), (33, 49_600), (34, 0)]
    await s.boots(40)
    for each in order:
        minute, register = stops[each]
        await s.stops(minute, number, register, received=41)
    await s.reports(42, "Available")
    row = s.session(number)
    assert (row.energy_wh, row.charging_gross, row.ended_at) == (9600, 480, after(30))


async def test_a_stop_dated_before_its_start_ends_the_session_at_once() -> None:
    # go-e API-v2 #106: the clock was put right in between, or was not: nobody pays for the guess.
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    await s.stops(-11, number, 1350, received=15)
    row = s.session(number)
    assert (row.ended_at, row.energy_wh, row.charging_gross) == (after(0), 350, 0)


async def test_a_fault_that_is_over_before_the_state_in_front_of_it_is_told_frees_no_plug() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000, received=100)).transaction
    await s.stops(10, number, 3000, received=100)
    for minute, state in ((9, "Charging"), (12, "Faulted"), (13, "Finishing"), (11, "Finishing")):
        await s.reports(minute, state, received=100)
    assert s.session(number).freed_at is None
    await s.reports(45, "Available", received=100)
    assert (s.session(number).freed_at, s.session(number).blocking_gross) == (after(45), 200)


async def test_a_stop_that_is_told_late_costs_the_same_where_the_plug_told_of_it_at_once() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.reports(1, "Charging")
    await s.reports(10.5, "Finishing")
    await s.stops(10, number, 3000, received=30)
    await s.passes(35)
    await s.reports(40, "Available")
    assert [line.until for line in s.session(number).fees] == [after(25), after(40)]


@pytest.mark.parametrize("start_is_told", ["first", "last"])
async def test_what_a_plug_repeats_is_remembered_where_a_fault_between_is_told_after_it(
    start_is_told: str,
) -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    late = 500.0
    if start_is_told == "first":
        await s.starts(0, 1000, received=late)
    for minute, state in ((21, "Finishing"), (21.6, "Finishing"), (21.3, "Faulted"), (40, "Available")):
        await s.reports(minute, state, received=late)
    number = (await s.starts(0, 1000, received=late)).transaction
    await s.stops(20, number, 3000, received=late)
    row = s.session(number)
    assert (row.freed_at, [line.until for line in row.fees]) == (after(40), [after(35.3)])


async def test_a_queue_of_states_that_comes_again_is_no_news() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    states = [(21 + each / 6, "Finishing" if each % 3 else "Faulted") for each in range(40)]
    for minute, state in states:
        await s.reports(minute, state, received=500)
    facts = len(s.store.facts)
    for minute, state in reversed(states):
        await s.reports(minute, state, received=501)
    assert len(s.store.facts) == facts
