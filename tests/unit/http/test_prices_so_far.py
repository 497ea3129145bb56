"""A running session is priced as if it ended now; an ended one is what was billed."""

from datetime import timedelta
from decimal import Decimal

from eosvolt.adapters.http.presentation.pricing import average_price, average_rate, priced
from tests.examples import FLAT_TARIFF, TARIFF_PER_MINUTE, TARIFF_WITH_CAPPED_FEE, after
from tests.scenario import Scenario


async def test_energy_so_far_is_priced_before_anything_is_billed() -> None:
    scenario = await Scenario().opened(FLAT_TARIFF)
    await scenario.starts(0, 0)
    await scenario.meters(30, 10_000)
    row = scenario.sessions()[0]
    assert row.charging_gross == 0
    price = priced(row, after(31))
    assert price.running
    assert price.charging.gross.minor == 500
    assert price.total.gross == price.total.net + price.total.vat
    assert average_price(price, row.energy_wh) is not None


async def test_a_session_at_one_price_has_that_price_on_average_however_little_it_drew() -> None:
    scenario = await Scenario().opened(FLAT_TARIFF)
    await scenario.starts(0, 0)
    await scenario.meters(1, 3)
    row = scenario.sessions()[0]
    assert average_rate(priced(row, after(1)), row.energy_wh) == Decimal("0.5000")


async def test_time_so_far_counts_to_now_less_what_the_operator_holds_back() -> None:
    scenario = await Scenario().opened(TARIFF_PER_MINUTE)
    await scenario.starts(0, 0)
    await scenario.reports(0, "Charging")
    assert priced(scenario.sessions()[0], after(10)).charging.gross.minor == 0
    await scenario.meters(5, 100)
    row = scenario.sessions()[0]
    assert priced(row, after(20)).charging.gross.minor == 2 * priced(row, after(10)).charging.gross.minor > 0
    await scenario.reports(20, "SuspendedEVSE")
    held = scenario.sessions()[0]
    assert priced(held, after(60)).charging == priced(held, after(20)).charging


async def test_a_clock_behind_the_start_costs_nothing() -> None:
    scenario = await Scenario().opened(TARIFF_PER_MINUTE)
    await scenario.starts(0, 0)
    row = scenario.sessions()[0]
    assert priced(row, row.started_at - timedelta(hours=1)).total.gross.minor == 0


async def test_an_ended_session_is_its_bill_and_its_fees() -> None:
    scenario = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    started = await scenario.starts(0, 0)
    await scenario.reports(0, "Charging")
    await scenario.stops(10, started.transaction, 8_000)
    await scenario.reports(10, "Finishing")
    await scenario.passes(60)
    row = scenario.sessions()[0]
    price = priced(row, after(10_000))
    assert not price.running
    assert price.charging.gross.minor == row.charging_gross > 0
    assert price.blocking.gross.minor == row.blocking_gross > 0
    assert price.total.gross.minor == row.total_gross
    assert [line.kind for line in price.all_lines] == ["energy", *["blockingFee"] * len(row.fees)]
