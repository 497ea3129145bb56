"""A draft tariff over past sessions: under their own tariff they cost what they did cost."""

import msgspec

from eosvolt.projections.what_if import what_if
from tests.examples import FLAT_TARIFF, TARIFF_BY_TIME_OF_DAY
from tests.replay.whole_life import whole_life
from tests.scenario import Scenario


async def test_under_its_own_tariff_every_session_costs_what_it_cost() -> None:
    s = await whole_life()
    for row in s.sessions():
        facts = await s.store.read(f"session:{row.id}")
        assert row.tariff is not None
        found = what_if(facts, row.tariff)
        assert found is not None
        assert (found.then, found.now.gross.minor) == (row.total_gross, row.total_gross)


async def test_a_draft_prices_energy_and_the_taken_plug_anew() -> None:
    s = await Scenario().opened(TARIFF_BY_TIME_OF_DAY)
    number = (await s.starts(0, 0)).transaction
    await s.stops(30, number, 10_000)
    await s.reports(30, "Finishing")
    await s.reports(62, "Available")
    assert s.session(number).total_gross == 1200 + 200
    draft = msgspec.structs.replace(FLAT_TARIFF, blocking_fee=TARIFF_BY_TIME_OF_DAY.blocking_fee)
    found = what_if(await s.store.read(f"session:{number}"), draft)
    assert found is not None
    assert (found.then, found.now.gross.minor) == (1400, 500 + 200)


async def test_a_session_that_runs_is_not_past() -> None:
    s = await Scenario().opened()
    number = (await s.starts(0)).transaction
    assert what_if(await s.store.read(f"session:{number}"), FLAT_TARIFF) is None
