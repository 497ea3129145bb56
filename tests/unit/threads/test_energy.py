"""MeterRegisterTracker that other systems billed wrongly. The comments name where chargers did this."""

import pytest

from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.sessions.events import EnergyMetered
from eosvolt.projections.connector_status import connector_status
from tests.examples import CHARGE_POINT, after
from tests.scenario import Scenario


async def test_samples_that_count_from_the_start_do_not_make_a_negative_session() -> None:
    # lbbrhzn #2093 and PR 2115 (Grizzl-E), evcc #29654: -4076 kWh.
    s = await Scenario().opened()
    number = (await s.starts(0, 4_076_000)).transaction
    for minute in (5, 10, 15):
        await s.meters(minute, 100 * minute, transaction=number)
        assert s.session(number).energy_wh == 100 * minute
    await s.stops(20, number, 4_078_000)
    assert s.session(number).energy_wh == 2000


async def test_a_register_that_begins_at_zero_with_each_session_is_understood() -> None:
    # lbbrhzn #374 and #919 (ABB Terra), Java-OCA-OCPP #331.
    s = await Scenario().opened()
    for begun in (0, 60):
        number = (await s.starts(begun, 0)).transaction
        await s.meters(begun + 10, 1500, transaction=number)
        await s.stops(begun + 20, number, 3000)
        assert s.session(number).energy_wh == 3000


async def test_a_begin_of_zero_in_the_queue_is_no_register() -> None:
    # CitrineOS PR 1060: an offline "Transaction.Begin" of 0 billed 910 kWh instead of 0.083.
    s = await Scenario().opened()
    number = (await s.starts(0, 910_000)).transaction
    readings = (Reading(at=after(0), register_wh=0), Reading(at=after(5), register_wh=910_083))
    await s.stops(6, number, 910_083, readings=readings, received=120)
    assert s.session(number).energy_wh == 83


async def test_a_start_of_zero_does_not_bill_the_lifetime_register() -> None:
    # SteVe #2058 and #249.
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.meters(5, 910_000, transaction=number)
    await s.meters(10, 910_500, transaction=number)
    await s.stops(15, number, 911_000)
    assert s.session(number).energy_wh == 1000


async def test_a_start_and_a_stop_with_the_same_register_is_a_session_without_energy() -> None:
    # SteVe #1264.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number, 1000)
    assert s.session(number).energy_wh == 0


async def test_a_sample_that_comes_after_its_stop_adds_nothing() -> None:
    # lbbrhzn #1069: a Wallbox whose last sample is higher than its stop.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.stops(10, number, 3000)
    await s.meters(10.1, 3040, transaction=number)
    assert s.session(number).energy_wh == 2000


@pytest.mark.parametrize("fall", [1, 20, 50])
async def test_a_register_that_steps_back_a_little_at_the_end_bills_what_it_says_at_the_end(
    fall: int,
) -> None:
    # lbbrhzn #1069 and #1567.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.stops(11, number, 3000 - fall)
    assert s.session(number).energy_wh == 2000 - fall


async def test_a_sample_of_two_contexts_is_one_reading() -> None:
    # Sample.Clock and Sample.Periodic of one instant, in one message or in two.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(15, 3000, transaction=number)
    await s.meters(15, 3000)
    assert len(s.events(EnergyMetered)) == 1
    assert s.session(number).energy_wh == 2000


async def test_the_power_shown_of_a_session_that_ended_is_none() -> None:
    # evcc assumes as much: chargers do not send a last zero.
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.meters(10, 3000, transaction=number, power_w=11_000)
    plug = f"{CHARGE_POINT}/1"
    before = s.models.row(connector_status, plug)
    await s.stops(11, number, 3100)
    after_stop = s.models.row(connector_status, plug)
    assert before is not None
    assert after_stop is not None
    assert (before.power_w, after_stop.power_w) == (11_000, None)
    assert s.session(number).power_w is None
