"""Past sessions are rated again from their events; under their own tariff nothing changes."""

from decimal import Decimal

from msgspec.structs import replace

from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.adapters.postgres.queries.rating import Draft, Rated
from eosvolt.domain.tariffs.tariff import Tariff
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, LOCATION, after

OTHER_COMPANY = 7
SPAN = (after(-60), after(24 * 60))


def unchanged(tariff: Tariff) -> Tariff:
    return tariff


async def all_rated(
    queries: PostgresQueries, draft: Draft, company: int | None = COMPANY, locations: tuple[str, ...] = ()
) -> list[Rated]:
    found: list[Rated] = []
    async for some in queries.rated_sessions(company, *SPAN, draft, locations):
        found += some
    return found


async def test_a_session_rated_again_costs_what_it_did(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        rated = await all_rated(queries, unchanged)
        ended = [row for row in scenario.sessions() if row.ended_at is not None]
        assert {row.id for row, _ in rated} == {row.id for row in ended}
        assert await queries.ended_sessions(COMPANY, *SPAN) == len(ended)
        assert [found.then for _, found in rated] == [found.now.gross.minor for _, found in rated]
        assert [found.then for _, found in rated] == [row.total_gross for row, _ in rated]
        assert len(scenario.store.facts) == await queries._store.head()


async def test_a_draft_is_rated_by_the_same_rules(database: str) -> None:
    scenario = await a_busy_day()

    def dearer(tariff: Tariff) -> Tariff:
        return replace(tariff, price=tariff.price * 2, windows=(), blocking_fee=None)

    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for row, found in await all_rated(queries, dearer):
            assert row.tariff is not None
            exact = Decimal(row.energy_wh) / 1000 * row.tariff.price * 2 * 100
            assert abs(found.now.gross.minor - exact) <= 1
        assert await all_rated(queries, lambda _: None) == []


async def test_only_sessions_of_the_company_and_of_visible_locations_are_rated(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        assert await all_rated(queries, unchanged, OTHER_COMPANY) == []
        assert await all_rated(queries, unchanged, locations=("elsewhere",)) == []
        here = await all_rated(queries, unchanged, locations=(LOCATION,))
        assert here == await all_rated(queries, unchanged, None)
        elsewhere = queries.narrowed(frozenset({"elsewhere"}))
        assert await all_rated(elsewhere, unchanged) == []
        assert await elsewhere.ended_sessions(COMPANY, *SPAN) == 0
