"""Energy that no plug of its power delivers waits for an operator; late readings correct the bill."""

import msgspec
import pytest

from eosvolt.adapters.http.presentation.pricing import priced
from eosvolt.application.actor import person
from eosvolt.application.operations.sessions import HeldEnergyConsentInput, bill_held_energy
from eosvolt.application.permissions import NotThere
from eosvolt.domain.charge_points.reports import Reading
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.sessions.events import BillCorrected, EnergyMetered
from eosvolt.domain.tariffs.tariff import Strategy
from eosvolt.projections.ledger import ledger
from eosvolt.projections.what_if import what_if
from tests.examples import COMPANY, FLAT_TARIFF, TARIFF_BY_TIME_OF_DAY, TOKEN, after
from tests.scenario import Scenario


async def holding() -> tuple[Scenario, int]:
    """An hour at 22 kW, and 60 kWh on the meter."""
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    await s.stops(60, number, 61_000)
    return s, number


async def consents(s: Scenario, number: int, company: int = COMPANY, wh: int | None = None) -> None:
    s.clock.set(after(90))
    consent = HeldEnergyConsentInput(session=str(number), note="The plug has 60 kW.", wh=wh)
    await s.operations.run(bill_held_energy, person("a1", company), consent)


async def test_with_an_operators_consent_the_rest_is_billed_on_the_day_of_the_session() -> None:
    s, number = await holding()
    assert s.session(number).charging_gross == 1100
    assert "heldBack" in s.session(number).flags
    await consents(s, number)
    row = s.session(number)
    assert (row.energy_wh, row.held_wh, row.charging_gross, row.total_gross) == (60_000, 0, 3000, 3000)
    assert "heldBack" not in row.flags
    moved = [each for each in s.models.rows(ledger) if each.session == row.id]
    assert sum(each.gross for each in moved) == 3000
    assert sum(each.energy_wh for each in moved) == 60_000
    assert sum(each.sessions for each in moved) == 1
    (corrected,) = s.events(BillCorrected)
    assert isinstance(corrected.event, BillCorrected)
    assert corrected.event.note == "The plug has 60 kW."


async def test_nothing_is_billed_twice_and_nobody_elses_energy() -> None:
    s, number = await holding()
    with pytest.raises(NotThere):
        await consents(s, number, company=7)
    await consents(s, number)
    with pytest.raises(Rejected, match="holds no energy back"):
        await consents(s, number)


async def test_a_part_can_be_billed_and_the_rest_stays_held_back() -> None:
    s, number = await holding()
    await consents(s, number, wh=8_000)
    row = s.session(number)
    assert (row.energy_wh, row.held_wh, row.charging_gross) == (30_000, 30_000, 1500)
    assert "heldBack" in row.flags
    for wrong in (30_001, 0, -1):
        with pytest.raises(Rejected, match="holds 30000 Wh back"):
            await consents(s, number, wh=wrong)
    await consents(s, number, wh=30_000)
    row = s.session(number)
    assert (row.energy_wh, row.held_wh, row.charging_gross) == (60_000, 0, 3000)
    found = what_if(await s.store.read(f"session:{number}"), FLAT_TARIFF)
    assert found is not None
    assert (found.then, found.now.gross.minor) == (3000, 3000)


async def test_while_charging_goes_on_it_is_shown_what_would_be_held_back() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 1000)).transaction
    for minutes in range(10, 61, 10):
        await s.meters(minutes, 1000 + 1000 * minutes, transaction=number)
    price = priced(s.session(number), after(60))
    assert (price.held_wh, price.total.gross.minor) == (38_000, 1100)
    await s.meters(61, 2**32 - 1, transaction=number)
    assert priced(s.session(number), after(61)).held_wh == 0
    await s.meters(62, 63_000, transaction=number)
    assert priced(s.session(number), after(180)).held_wh == 0
    with pytest.raises(Rejected, match="holds no energy back"):
        await consents(s, number)


async def test_after_the_plug_is_free_consent_counts_too() -> None:
    s, number = await holding()
    await s.reports(61, "Available")
    await consents(s, number)
    row = s.session(number)
    assert (row.status, row.charging_gross) == ("completed", 3000)


async def test_samples_that_come_after_their_stop_cost_what_they_would_have_cost_before() -> None:
    live, late = (
        await Scenario().opened(TARIFF_BY_TIME_OF_DAY),
        await Scenario().opened(TARIFF_BY_TIME_OF_DAY),
    )
    for s, arrives in ((live, None), (late, 500.0)):
        number = (await s.starts(0, 0)).transaction
        if arrives is None:
            await s.meters(400, 1000, transaction=number)
        await s.stops(490, number, 9000, received=490)
        if arrives is not None:
            await s.meters(400, 1000, transaction=number, received=arrives)
    assert late.session(170001).lines == live.session(170001).lines
    assert late.session(170001).total_gross == live.session(170001).total_gross
    assert [
        fact.event.cause for fact in late.events(BillCorrected) if isinstance(fact.event, BillCorrected)
    ] == ["lateReadings"]


async def test_a_reading_after_the_stop_is_kept_and_changes_nothing() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0, 0)).transaction
    await s.stops(60, number, 9000)
    before = s.session(number)
    await s.meters(65, 9400, transaction=number)
    assert len(s.events(EnergyMetered)) == 1
    assert s.session(number) == msgspec.structs.replace(before, running=s.session(number).running)
    await s.meters(65, 9400, transaction=number, received=66)
    assert len(s.events(EnergyMetered)) == 1


async def test_under_its_own_tariff_a_session_costs_its_bill_whatever_happened_to_it() -> None:
    s, number = await holding()
    for _ in range(2):
        row = s.session(number)
        found = what_if(await s.store.read(f"session:{number}"), FLAT_TARIFF)
        assert found is not None
        assert (found.then, found.now.gross.minor) == (row.total_gross, row.total_gross)
        if row.held_wh:
            await consents(s, number)


async def test_nobody_pays_for_the_time_of_a_session_that_delivered_nothing() -> None:
    s = await Scenario().opened(msgspec.structs.replace(FLAT_TARIFF, strategy=Strategy.PER_MINUTE))
    number = (await s.starts(0, 5000)).transaction
    await s.stops(60, number, 5000)
    await s.reports(61, "Available")
    row = s.session(number)
    assert (row.status, row.total_gross) == ("failed", 0)


async def test_time_in_which_the_plug_was_out_of_order_is_not_billed() -> None:
    s = await Scenario().opened(msgspec.structs.replace(FLAT_TARIFF, strategy=Strategy.PER_MINUTE))
    number = (await s.starts(0, 5000)).transaction
    await s.reports(10, "Faulted")
    await s.reports(25, "Charging")
    await s.reports(30, "SuspendedEVSE")
    await s.reports(40, "Charging")
    await s.stops(60, number, 9000)
    assert [line.quantity for line in s.session(number).lines] == [35]


async def test_energy_that_trickles_in_after_an_idle_end_is_put_where_the_car_charged() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.meters(10, 3000, transaction=number)
    await s.reports(10, "SuspendedEV")
    await s.passes(41)
    ended_at = s.session(number).ended_at
    await s.stops(300, number, 3100)
    row = s.session(number)
    assert row.ended_at == ended_at
    assert row.energy_wh == 3100
    assert all(line.until <= ended_at for line in row.lines if ended_at is not None)


async def test_transaction_data_of_a_stop_without_its_start_is_kept_for_it() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    await s.stops(490, -1, 9000, token=TOKEN, readings=(Reading(at=after(400), register_wh=1000),))
    await s.starts(0, 0, received=491)
    live = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await live.starts(0, 0)).transaction
    await live.meters(400, 1000, transaction=number)
    await live.stops(490, number, 9000)
    assert s.sessions()[0].lines == live.session(number).lines
