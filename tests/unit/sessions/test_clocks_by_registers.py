"""What a register that only grows proves of the clock that dated it, and what an odd one does not."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.examples import TARIFF_BY_TIME_OF_DAY, TARIFF_PER_MINUTE, after
from tests.scenario import Scenario


@pytest.mark.parametrize("back", [-1, -2, -24, -0.3])
async def test_a_register_that_goes_on_proves_that_a_clock_was_set_back_before_anybody_knows_of_it(
    back: float,
) -> None:
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 2000, transaction=number)
    s.ahead = timedelta(hours=back)
    await s.meters(18, 3000, transaction=number)
    await s.reports(19, "Charging")
    await s.stops(30, number, 5000)
    row = s.session(number)
    assert row.energy_wh == 4000
    assert [(line.unit, line.quantity) for line in row.lines] == [("min", Decimal("30.00"))]


@pytest.mark.parametrize("more", [0, 500])
async def test_a_stop_is_later_than_the_readings_before_it_whatever_it_is_dated(more: int) -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 2000, transaction=number)
    s.ahead = timedelta(hours=-1)
    await s.stops(20, number, 2000 + more)
    await s.passes(34.5)
    assert s.session(number).blocking_gross == 0
    await s.passes(35.1)
    assert s.session(number).blocking_gross == 100


async def test_of_a_stop_that_waited_and_was_dated_by_a_clock_set_back_only_the_order_is_certain() -> None:
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    await s.meters(5, 2000, transaction=number)
    s.ahead = timedelta(hours=-1)
    await s.stops(20, number, 5000, received=300)
    row = s.session(number)
    assert row.energy_wh == 4000
    assert [(line.unit, line.quantity) for line in row.lines] == [("min", Decimal("5.00"))]


@pytest.mark.parametrize("odd", [2**32 - 1, 10_003_500, 7])
@pytest.mark.parametrize("order", [(10, 25, 20, 30), (10, 20, 30, 25), (10, 20, 30, 25, 25, 15)])
async def test_an_odd_value_among_readings_in_any_order_proves_nothing_of_the_clock(
    odd: int, order: tuple[int, ...]
) -> None:
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 1000)).transaction
    registers = {10: 2000, 15: 2500, 20: 3000, 25: odd, 30: 4000}
    for minutes in order:
        await s.meters(minutes, registers[minutes], transaction=number, received=300)
    await s.stops(35, number, 4500, received=300)
    assert (s.session(number).energy_wh, s.session(number).ended_at) == (3500, after(35))


@pytest.mark.parametrize("late", [15, 20])
async def test_a_reading_told_late_behind_an_odd_one_goes_in_where_it_is_dated(late: int) -> None:
    """It shows more than the last one, which began to count at the session's start."""
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 500_000)).transaction
    for minutes in (5, 10, 15, 20):
        if minutes != late:
            await s.meters(minutes, 500_000 + 200 * minutes, transaction=number, received=10_000)
    await s.meters(25, 200 * 25, transaction=number, received=10_000)
    await s.meters(late, 500_000 + 200 * late, transaction=number, received=10_000)
    await s.stops(35, number, 507_000, received=10_000)
    assert (s.session(number).energy_wh, s.session(number).ended_at) == (7000, after(35))


async def test_readings_of_two_counters_in_turn_prove_nothing_of_the_clock_in_any_order() -> None:
    """Every other one counts from the session's start."""
    s = await Scenario().opened(TARIFF_PER_MINUTE)
    number = (await s.starts(0, 500_000)).transaction
    for minutes, register in (
        (5, 1_000),
        (10, 502_000),
        (15, 3_000),
        (25, 5_000),
        (20, 504_000),
        (30, 506_000),
    ):
        await s.meters(minutes, register, transaction=number, received=10_000)
    await s.stops(35, number, 507_000, received=10_000)
    assert (s.session(number).energy_wh, s.session(number).ended_at) == (7000, after(35))
