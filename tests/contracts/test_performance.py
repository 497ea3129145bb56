"""The dashboard's performance figures are those of the history, now and as of any instant."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.presentation.performance import performance
from eosvolt.adapters.http.presentation.ranges import range_of
from eosvolt.application.performance_questions import Attempts, PlugFilter, StartedAt, Stretch
from eosvolt.domain.kernel import Fact
from eosvolt.domain.ledger.movements import movements
from eosvolt.domain.vocabulary import tag
from eosvolt.projections.fold import Fold
from eosvolt.projections.plug_time import plug_time
from eosvolt.projections.time_sums import NOTHING, TimeSum, plus, total
from eosvolt.projections.time_under_way import lasting, under_way
from tests.contracts.busy_day import a_busy_day, until_each
from tests.contracts.replayed_history import replayed_history
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, after

ZONE = "Europe/Berlin"
DAY = MORNING.date()
TOMORROW = DAY + timedelta(days=1)
ALL = PlugFilter()
TODAY = [Stretch(DAY, TOMORROW)]
HOUR = 3_600_000_000


def folded(facts: Sequence[Fact], now: datetime, by: str = "day") -> Mapping[date, TimeSum]:
    """The sums by local day or month that follow from the facts alone."""
    fold: Fold[Any] = Fold(plug_time, lambda _row, _key: None)
    for fact in facts:
        if tag(type(fact.event)) in plug_time.reads:
            keys = fold.keys(fact)
            for key in keys:
                fold.rows.setdefault(key, None)
            fold.apply(fact, keys)
    found: dict[date, TimeSum] = defaultdict(lambda: NOTHING)
    for row in filter(None, fold.rows.values()):
        if row.by == by:
            found[row.day] = plus(found[row.day], total(plug.time for plug in row.plugs))
        if row.clock is not None:
            for (_, day), time in under_way([("", lasting(row.clock), ZONE)], now).items():
                step = day if by == "day" else day.replace(day=1)
                found[step] = plus(found[step], time)
    return found


def some(found: Mapping[date, TimeSum]) -> dict[date, TimeSum]:
    return {day: time for day, time in found.items() if time != NOTHING}


async def test_plug_time_at_any_instant_is_that_of_the_facts_until_then(database: str) -> None:
    scenario = await a_busy_day()
    facts = scenario.store.facts
    async with replayed_history(database, facts) as (queries, _):
        for known in until_each(facts):
            at = known[-1].recorded_at
            for by in ("day", "month"):
                stretch = Stretch(DAY.replace(day=1), TOMORROW, by)
                (rows,) = await queries.plug_times(COMPANY, ALL, [stretch], now=at, as_of=at)
                assert some({row.day: row.time for row in rows}) == some(folded(known, at, by))
        (rows,) = await queries.plug_times(COMPANY, ALL, TODAY, now=after(600))
        assert total(row.time for row in rows) == folded(facts, after(600))[DAY]
        assert rows[0].time.in_use > 0


async def test_plugs_add_up_to_their_charger_and_location(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):

        async def asked(**wanted: Any) -> TimeSum:
            (rows,) = await queries.plug_times(COMPANY, PlugFilter(**wanted), TODAY, now=after(600))
            return total(row.time for row in rows)

        everything = await asked()
        assert await asked(locations=(LOCATION,)) == await asked(charger=CHARGE_BOX_ID) == everything
        plugs = [await asked(charger=CHARGE_BOX_ID, plug=number) for number in (1, 2)]
        assert total(plugs) == everything
        assert plugs[0] != plugs[1]
        assert await asked(locations=("elsewhere",)) == await asked(charger="CP-9") == NOTHING
        (apart,) = await queries.plug_times(COMPANY, ALL, TODAY, now=after(600), apart=True)
        assert [row.location for row in apart] == [LOCATION]


async def test_what_sessions_brought_adds_up_their_movements(database: str) -> None:
    scenario = await a_busy_day()
    facts = scenario.store.facts
    async with replayed_history(database, facts) as (queries, _):
        for known in until_each(facts):
            moved = [each for fact in known for each in movements(fact.event)]
            for wanted in (ALL, PlugFilter(charger=CHARGE_BOX_ID), PlugFilter(plug=1)):
                plug = wanted.plug
                those = [each for each in moved if plug in (None, each.place.connector)]
                sold = await queries.traded(COMPANY, wanted, DAY, TOMORROW, as_of=known[-1].recorded_at)
                assert sum(each.gross for each in sold) == sum(each.gross for each in those)
                assert sum(each.energy_wh for each in sold) == sum(each.energy_wh for each in those)
                assert sum(each.sessions for each in sold) == sum(each.sessions for each in those)
        by_month = await queries.traded(COMPANY, ALL, DAY.replace(day=1), TOMORROW, by="month")
        assert [each.day for each in by_month] == [date(2026, 11, 1)]


async def test_attempts_and_starts_are_those_of_the_sessions(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        found = await queries.attempts(COMPANY, ALL, DAY, TOMORROW)
        assert found == Attempts(attempts=3, successful=2)
        starts = await queries.session_starts(COMPANY, ALL, DAY, TOMORROW)
        # A Saturday; 10:00 UTC is 11:00 in Berlin.
        assert sum(each.sessions for each in starts) == 3
        assert set(starts) == {
            StartedAt(weekday=5, hour=11, sessions=2),
            StartedAt(weekday=5, hour=13, sessions=1),
        }
        assert await queries.session_starts(COMPANY, ALL, TOMORROW, TOMORROW + timedelta(days=1)) == []
        # The rows of the days say what the sessions say.
        here, now = queries.narrowed(frozenset({LOCATION})), after(10_000)
        for ask in (queries, here):
            assert await ask.attempts(COMPANY, ALL, DAY, TOMORROW, as_of=now) == found
            assert set(await ask.session_starts(COMPANY, ALL, DAY, TOMORROW, as_of=now)) == set(starts)
            for wanted in (PlugFilter(locations=(LOCATION,)), PlugFilter(charger=CHARGE_BOX_ID)):
                assert await ask.attempts(COMPANY, wanted, DAY, TOMORROW) == found
                assert set(await ask.session_starts(COMPANY, wanted, DAY, TOMORROW)) == set(starts)


@pytest.mark.parametrize("definition", ["raw", "nevi", "uk2023", "cec"])
async def test_uptime_by_definition_of_the_days_is_that_of_the_range(database: str, definition: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        shown = range_of("month", DAY, DAY)
        found = await performance(
            queries, COMPANY, "uptime", ALL, shown, now=after(600), definition=definition
        )
        (series,) = found.series
        told = [step.value for step in series.steps if step.value is not None]
        assert found.formula.id == f"uptime.{definition}"
        # The plugs of the example have 22 kW: no rapid ones. There is one day, so it is the whole range.
        assert told == ([] if definition == "uk2023" else [series.value])
        if definition == "raw":
            assert series.value == folded(scenario.store.facts, after(600))[DAY].uptime
