"""Questions about zones: the same answers from memory and from PostgreSQL, also as of an earlier instant."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.http.presentation.zones import zone_state
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.projections import READ_MODELS
from eosvolt.projections.zone_power import MINUTE, QUARTER
from tests.contracts.replayed_history import replayed_history
from tests.contracts.zone_story import ZONE, limit_a_session, make_a_zone
from tests.examples import COMPANY, LOCATION, MORNING, after
from tests.queries_in_memory import MemoryQueries
from tests.scenario import Scenario

Question = Callable[[Any], Awaitable[Any]]
LATER = MORNING + timedelta(days=1)
QUESTIONS: dict[str, Question] = {
    "zones": lambda ask: ask.zones(COMPANY),
    "zone": lambda ask: ask.zone(COMPANY, ZONE),
    "no zone": lambda ask: ask.zone(COMPANY, "other"),
    "of another company": lambda ask: ask.zone(COMPANY + 1, ZONE),
    "limits": lambda ask: ask.charger_limits(COMPANY, ZONE),
    "limits of all": lambda ask: ask.charger_limits(COMPANY),
    "limits of another zone": lambda ask: ask.charger_limits(COMPANY, "other"),
    "settings": lambda ask: ask.all_settings(COMPANY),
    "decisions": lambda ask: ask.zone_decisions(COMPANY, ZONE),
    "decisions of another zone": lambda ask: ask.zone_decisions(COMPANY, "other"),
    "minutes": lambda ask: ask.zone_power(COMPANY, ZONE, MORNING, LATER, MINUTE),
    "quarters": lambda ask: ask.zone_power(COMPANY, ZONE, MORNING, LATER, QUARTER),
    "from later on": lambda ask: ask.zone_power(COMPANY, ZONE, after(30), LATER, MINUTE),
}
EMPTY = {"no zone", "of another company", "limits of another zone", "settings", "decisions of another zone"}


async def a_zone_with_a_session() -> Scenario:
    scenario = await Scenario().opened()
    await scenario.reports(0, "Available")
    await make_a_zone(scenario)
    await scenario.reports(1, "Preparing")
    started = await scenario.starts(2)
    await scenario.reports(2, "Charging")
    await limit_a_session(scenario, "170001", started.transaction)
    await scenario.meters(10, 1_000, power_w=11_000)
    await scenario.meters(20, 2_500, power_w=9_000)
    await scenario.stops(40, started.transaction, 6_000)
    return scenario


async def test_memory_and_postgres_give_the_same_answers(database: str) -> None:
    scenario = await a_zone_with_a_session()
    memory = MemoryQueries(MemoryReadModels(scenario.store, READ_MODELS))
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for name, ask in QUESTIONS.items():
            answer = await ask(queries)
            assert answer == await ask(memory), name
            assert bool(answer) is (name not in EMPTY), name
            assert await ask(queries.narrowed(frozenset({LOCATION}))) == answer, name
            elsewhere = frozenset({"elsewhere"})
            assert not await ask(queries.narrowed(elsewhere)), name
            assert not await ask(memory.narrowed(elsewhere)), name


async def test_a_zone_is_as_it_was_at_an_earlier_instant(database: str) -> None:
    scenario = await a_zone_with_a_session()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        now = await zone_state(queries, COMPANY, ZONE, after(60))
        then = await zone_state(queries.as_of(after(15)), COMPANY, ZONE, after(15))
        before = await zone_state(queries.as_of(MORNING - timedelta(days=1)), COMPANY, ZONE, MORNING)
        assert before is None
        assert now is not None
        assert then is not None
        assert [(each.plug, each.state, each.limit_ma, each.power_w) for each in then.plugs] == [
            (1, "limited", 16_000, 11_000),
            (2, "idle", 6_000, 0),
        ]
        assert [each.state for each in now.plugs] == ["idle", "idle"]
        assert [each.may_draw_ma for each in then.plugs] == [16_000, 6_000]
        assert (then.usable_w, then.may_draw_w, then.measured_w) == (69_000, 12_420, 11_000)
        points = await queries.as_of(after(15)).zone_power(COMPANY, ZONE, MORNING, LATER, MINUTE)
        assert max(each.since for each in points if each.since) <= after(15)


@pytest.mark.parametrize("limit", [1, 2])
async def test_decisions_come_page_by_page(database: str, limit: int) -> None:
    scenario = await a_zone_with_a_session()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        asked: Queries = queries
        (newest, *_rest) = await asked.zone_decisions(COMPANY, ZONE, limit=limit)
        assert (newest.number, len(newest.changed), len(newest.waiting)) == (1, 1, 1)
        assert await asked.zone_decisions(COMPANY, ZONE, before=newest.position, limit=limit) == []
