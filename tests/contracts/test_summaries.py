"""The dashboard's sums are those of the movements in the history, now, then and up to any time of day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from eosvolt.application.questions import Unanswerable
from eosvolt.domain.ledger.movements import movements
from tests.contracts.busy_day import a_busy_day, until_each
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, MORNING

ZONE = "Europe/Berlin"
AT: Any = {"now": MORNING + timedelta(days=400), "time_zone": ZONE}


async def test_the_summary_at_any_instant_adds_up_the_movements_until_then(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for known in until_each(scenario.store.facts):
            moved = [each for fact in known for each in movements(fact.event)]
            found = await queries.summary(COMPANY, "day", MORNING.date(), as_of=known[-1].recorded_at, **AT)
            assert sum(each.gross for each in found.figures) == sum(each.gross for each in moved)
            assert sum(each.energy_wh for each in found.figures) == sum(each.energy_wh for each in moved)
            assert sum(each.sessions for each in found.figures) == sum(each.sessions for each in moved)
            assert found.series[-1].figures == found.figures
            assert len(found.series) == 7


async def test_a_summary_reports_the_period_the_one_before_and_its_steps(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        day = MORNING.date()
        this = await queries.summary(COMPANY, "month", day, **AT)
        assert (this.since, this.until) == (date(2026, 11, 1), date(2026, 12, 1))
        assert len(this.series) == 30
        assert this.previous == ()
        (figures,) = this.figures
        assert figures.currency == "EUR"
        assert figures.gross == figures.net + figures.vat > 0
        assert figures.sessions == 2
        after = await queries.summary(COMPANY, "month", date(2026, 12, 24), **AT)
        assert after.figures == ()
        assert after.previous == this.figures
        year = await queries.summary(COMPANY, "year", day, **AT)
        assert [bucket.label for bucket in year.series][-2:] == ["2026-11", "2026-12"]
        assert year.series[10].figures == year.figures == this.figures
        assert (await queries.summary(COMPANY, "day", day, location="elsewhere", **AT)).figures == ()
        with pytest.raises(Unanswerable):
            await queries.summary(COMPANY, "week", day, **AT)


@pytest.mark.parametrize("period", ["day", "month", "year"])
async def test_a_running_period_is_compared_with_what_had_moved_in_the_same_stretch_before(
    database: str, period: str
) -> None:
    scenario = await a_busy_day()
    facts = scenario.store.facts
    moved = [each for fact in facts for each in movements(fact.event)]
    later = {
        "day": MORNING.date() + timedelta(days=1),
        "month": date(2026, 12, 21),
        "year": date(2027, 11, 21),
    }
    async with replayed_history(database, facts) as (queries, _):
        for minutes in (0, 21, 25, 59, 180):
            now = datetime.combine(later[period], MORNING.time(), UTC) + timedelta(minutes=minutes)
            found = await queries.summary(COMPANY, period, later[period], now=now, time_zone=ZONE)
            compared = found.compared
            assert compared.cut == MORNING + timedelta(minutes=minutes)
            then = [each for each in moved if each.at < compared.cut]
            assert sum(each.gross for each in compared.figures) == sum(each.gross for each in then)
            assert sum(each.energy_wh for each in compared.figures) == sum(each.energy_wh for each in then)
            assert sum(each.gross for each in found.previous) == sum(each.gross for each in moved)
            assert compared.until == MORNING.date() + timedelta(days=1)
