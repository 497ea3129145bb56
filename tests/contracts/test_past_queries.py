"""As of an earlier instant every question is answered as it was then, or it is refused."""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.http.ports.queries import Queries
from eosvolt.adapters.postgres.queries import past_queries
from eosvolt.adapters.postgres.queries.past_queries import QueriesAsOf
from eosvolt.application.event_search import EventSearch
from eosvolt.application.questions import FaultFilter, OnlyPresent
from eosvolt.domain.kernel import Fact
from eosvolt.projections.charge_points import charge_points
from eosvolt.projections.companies import companies
from eosvolt.projections.faults import faults
from eosvolt.projections.locations import locations
from eosvolt.projections.read_model import ReadModel
from eosvolt.projections.revenue import summary
from eosvolt.projections.tokens import tokens
from tests.contracts.busy_day import until_each
from tests.contracts.replayed_history import folded, replayed_history
from tests.contracts.test_narrowed_queries import QUESTIONS, a_day_with_commands, empty
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, MORNING, TOKEN, after

Asked = Callable[[Queries], Awaitable[Any]]
NOT_ASKED = {"narrowed", "as_of"}
ELSEWHERE = frozenset({"elsewhere"})


def rows(model: ReadModel[Any], facts: Sequence[Fact]) -> list[Any]:
    return [row for row in folded(model, facts).values() if not getattr(row, "removed", False)]


# A question, and its answer by a look at every fact until then.
ANSWERS: dict[str, tuple[Asked, Callable[[Sequence[Fact]], Any]]] = {
    "company": (
        lambda ask: ask.company(COMPANY),
        lambda facts: next(iter(rows(companies, facts)), None),
    ),
    "locations": (lambda ask: ask.locations(COMPANY), lambda facts: rows(locations, facts)),
    "location": (
        lambda ask: ask.location(COMPANY, LOCATION),
        lambda facts: folded(locations, facts).get(LOCATION),
    ),
    "charge_points": (lambda ask: ask.charge_points(COMPANY), lambda facts: rows(charge_points, facts)),
    "charge_point": (
        lambda ask: ask.charge_point(COMPANY, CHARGE_BOX_ID),
        lambda facts: next(iter(rows(charge_points, facts)), None),
    ),
    "token": (
        lambda ask: ask.token(COMPANY, TOKEN),
        lambda facts: next((row for row in rows(tokens, facts) if row.uid == TOKEN), None),
    ),
    "days": (
        lambda ask: ask.days(COMPANY, MORNING.date(), MORNING.date() + timedelta(days=1)),
        lambda facts: rows(summary, facts),
    ),
    "fault_facts": (
        lambda ask: ask.fault_facts(COMPANY, "242/CP-1/2/GroundFailure#1"),
        lambda facts: [fact for fact in facts if fact.stream == "fault:242/CP-1/2/GroundFailure"],
    ),
    "payment_facts": (
        lambda ask: ask.payment_facts(COMPANY, "start-1"),
        lambda facts: [fact for fact in facts if fact.stream == "payment:start-1"],
    ),
    "session_facts": (
        lambda ask: ask.session_facts(COMPANY, "170001"),
        lambda facts: [fact for fact in facts if fact.stream == "session:170001"],
    ),
}


async def listed(ask: Queries, sort: str) -> list[Any]:
    found: list[Any] = []
    cursor = None
    while True:
        page = await ask.faults(COMPANY, FaultFilter(), sort=sort, cursor=cursor, limit=2)
        found += page.items
        if page.cursor is None:
            return found
        cursor = page.cursor


async def test_rows_are_those_of_the_facts_until_then(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        for then in until_each(facts):
            ask = queries.as_of(then[-1].recorded_at)
            for name, (question, answer) in ANSWERS.items():
                assert await question(ask) == answer(then), f"{name} at position {then[-1].position}"
            entries = sorted(rows(faults, then), key=lambda row: (row.last_seen_at, row.id), reverse=True)
            assert await listed(ask, "-lastSeenAt") == entries
            open_ones = [row for row in entries if row.state == "open"]
            found = await ask.faults(COMPANY, FaultFilter(state="open"))
            assert list(found.items) == open_ones
            assert (await ask.tokens(COMPANY)).items == sorted(rows(tokens, then), key=lambda row: row.uid)
            everything = await ask.events(COMPANY, EventSearch(), ascending=True, limit=1_000)
            assert list(everything.items) == list(then)


async def test_every_question_honours_the_instant_or_refuses_it(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        ask = queries.as_of(after(90))
        assert isinstance(ask, QueriesAsOf)
        honoured = {
            *(name for name in dir(Queries) if past_queries.knows_the_instant(Queries, name)),
            *past_queries.OF_PAST_ROWS,
            *past_queries.OF_NO_INSTANT,
            *(name for name, _ in inspect.getmembers(QueriesAsOf, inspect.isroutine) if name[0] != "_"),
        }
        for name in (each for each in dir(Queries) if each[0] != "_"):
            if name in honoured:
                assert callable(getattr(ask, name))
            else:
                with pytest.raises(OnlyPresent):
                    getattr(ask, name)
        # Their SQL is about nothing else than rows of the past.
        for name in past_queries.OF_PAST_ROWS & {each.partition(" ")[0] for each in QUESTIONS}:
            await QUESTIONS[name](ask)  # type: ignore[arg-type]  # the same questions


async def test_the_past_is_narrowed_as_the_present_is(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        for name in past_queries.OF_PAST_ROWS & {each.partition(" ")[0] for each in QUESTIONS}:
            question: Any = QUESTIONS[name]
            assert empty(await question(queries.narrowed(ELSEWHERE).as_of(after(90)))), name
            assert empty(await question(queries.as_of(after(90)).narrowed(ELSEWHERE))), name
