"""What does not mean that a car charges: a charger that starts anew and goes on, what was drawn before."""

import msgspec
import pytest

from eosvolt.domain.tariffs.tariff import Strategy
from tests.examples import FLAT_TARIFF, TARIFF_BY_TIME_OF_DAY, after
from tests.scenario import Scenario


@pytest.mark.parametrize("first_reading", [20, 24, 27])
async def test_a_car_that_takes_nothing_idles_through_a_boot(first_reading: float) -> None:
    """Whether the end was presumed meanwhile (after five minutes of silence) or not."""
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 3000, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.meters(12, 3100, transaction=number)
    await s.boots(20)
    for minutes in (first_reading, 28, 30):
        await s.passes(minutes)
        await s.meters(minutes, 3100, transaction=number)
    await s.passes(31)
    row = s.session(number)
    assert (row.ended_at, row.status, row.energy_wh) == (after(25), "blocking", 3100)


async def test_an_end_that_is_withdrawn_only_after_the_car_had_idled_is_the_idling() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 3000, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.boots(12)
    await s.passes(18)
    assert s.session(number).ended_at == after(9)
    await s.meters(40, 3000, transaction=number)
    assert s.session(number).ended_at == after(25)


async def test_time_in_which_the_operator_gives_nothing_is_not_billed_after_a_boot_either() -> None:
    s = await Scenario().opened(msgspec.structs.replace(FLAT_TARIFF, strategy=Strategy.PER_MINUTE))
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.reports(10, "SuspendedEVSE")
    await s.boots(20)
    await s.meters(22, 3000, transaction=number)
    await s.meters(30, 3000, transaction=number)
    await s.stops(40, number, 3000)
    assert [line.quantity for line in s.session(number).lines] == [10]


async def test_a_queue_after_a_boot_is_read_by_the_states_of_its_own_time() -> None:
    """The present state, which the charger tells first, says nothing of the readings before it."""
    s = await Scenario().opened(msgspec.structs.replace(FLAT_TARIFF, strategy=Strategy.PER_MINUTE))
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 3000, transaction=number)
    await s.reports(10, "SuspendedEVSE")
    await s.disconnects(12)
    await s.connects(50)
    await s.boots(50)
    await s.reports(45, "Finishing", received=50)
    await s.meters(20, 3100, transaction=number, received=50)
    await s.stops(40, number, 3100, received=50)
    assert [line.quantity for line in s.session(number).lines] == [10]


async def test_what_was_drawn_before_an_odd_value_ends_no_idling_after_it() -> None:
    """The oracle, seed 21: the last Wh before SuspendedEV are first seen after a value of 2^32 - 1."""
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 3000, transaction=number)
    await s.reports(10, "SuspendedEV")
    for minutes, register in ((13, 2**32 - 1), (17, 3200), (21, 3200)):
        await s.meters(minutes, register, transaction=number)
    await s.passes(26)
    assert s.session(number).ended_at == after(25)


async def test_a_car_that_charges_after_a_boot_does_not_idle() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(9, 3000, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.meters(12, 3000, transaction=number)
    await s.boots(14)
    for minutes in (16, 18, 20, 26, 40):
        await s.passes(minutes)
        await s.meters(minutes, 3000 + 100 * (int(minutes) - 14), transaction=number)
    assert s.session(number).ended_at is None
