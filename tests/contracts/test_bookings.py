"""Bookings as pages, the API, drivers and calendar programs ask for them: on memory and on PostgreSQL."""

from datetime import timedelta
from typing import Any

import pytest

from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.booking_questions import BookingFilter
from eosvolt.application.questions import Unanswerable
from eosvolt.domain.booking_feeds.commands import IssueBookingFeed, WithdrawBookingFeed
from eosvolt.domain.booking_feeds.decider import booking_feeds
from eosvolt.projections import READ_MODELS
from tests.contracts.replayed_history import replayed_history
from tests.examples import CHARGE_BOX_ID, COMPANY, LOCATION, after
from tests.queries_in_memory import MemoryQueries
from tests.replay.booking_life import booking_life
from tests.scenario import WHY, Scenario
from tests.unit.bookings.booking_site import OTHER, BookingSite

TODAY = after(0).date()
EVERYTHING = BookingFilter()
FILTERS: dict[str, BookingFilter] = {
    "everything": EVERYTHING,
    "of another location": BookingFilter(location="elsewhere"),
    "of the location": BookingFilter(location=LOCATION),
    "of a plug": BookingFilter(charge_point=CHARGE_BOX_ID, connector=2),
    "of a token": BookingFilter(token=OTHER),
    "cancelled or missed": BookingFilter(states=("cancelled", "noShow")),
    "held": BookingFilter(states=("held",)),
    "in an hour": BookingFilter(since=after(180), until=after(240)),
    "up to its first minute": BookingFilter(until=after(60)),
    "after its last minute": BookingFilter(since=after(120)),
}


async def a_life() -> BookingSite:
    """Bookings that ended in every way, one that is only held, and a secret address."""
    life = await booking_life()
    await life.holds(600, "held")
    issue = IssueBookingFeed(company=COMPANY, location=LOCATION, digest="a1" * 32, at=life.clock.now())
    await life.application.execute(booking_feeds, LOCATION, issue, WHY)
    return life


async def answers(ask: Any) -> dict[str, Any]:
    """What the questions are answered with, by name."""
    found: dict[str, Any] = {
        name: list((await ask.bookings(COMPANY, wanted)).items) for name, wanted in FILTERS.items()
    }
    for sort in ("-start", "madeAt", "-madeAt"):
        found[sort] = list((await ask.bookings(COMPANY, EVERYTHING, sort=sort)).items)
    found["one"] = await ask.booking(COMPANY, "b5")
    found["one of nobody"] = await ask.booking(COMPANY, "b99")
    found["one of another company"] = await ask.booking(7, "b5")
    found["facts"] = list(await ask.booking_facts(COMPANY, "b5"))
    found["days"] = list(await ask.booking_days(COMPANY, TODAY, TODAY + timedelta(days=2)))
    found["days of before"] = list(await ask.booking_days(COMPANY, TODAY - timedelta(days=2), TODAY))
    found["feed"] = await ask.booking_feed(COMPANY, LOCATION)
    return found


async def test_memory_and_postgres_answer_alike(database: str) -> None:
    life = await a_life()
    memory = MemoryQueries(MemoryReadModels(life.store, READ_MODELS))
    async with replayed_history(database, life.store.facts) as (queries, _):
        asked, expected = await answers(queries), await answers(memory)
        assert asked == expected
        for within in (frozenset({"elsewhere"}), frozenset({LOCATION})):
            assert await answers(queries.narrowed(within)) == await answers(memory.narrowed(within))
    states = {row.id: row.state for row in expected["everything"]}
    assert set(states.values()) >= {"cancelled", "noShow", "completed"}
    assert "held" not in states
    assert [row.id for row in expected["held"]] == ["held"]
    assert 0 < len(expected["in an hour"]) < len(expected["everything"])
    assert (expected["one of nobody"], expected["one of another company"]) == (None, None)
    (day,) = expected["days"]
    kept = [row for row in expected["everything"] if row.state != "cancelled"]
    assert (day.kept, day.no_shows) == (len(kept), sum(row.state == "noShow" for row in kept))
    assert day.booked_seconds == sum((row.until - row.since).total_seconds() for row in kept)
    assert expected["feed"].digest == "a1" * 32


async def test_a_list_is_read_page_by_page_in_each_order(database: str) -> None:
    life = await a_life()
    async with replayed_history(database, life.store.facts) as (queries, _):
        for sort in ("start", "-start", "madeAt", "-madeAt"):
            whole = [row.id for row in (await queries.bookings(COMPANY, EVERYTHING, sort=sort)).items]
            found: list[str] = []
            cursor: str | None = None
            while True:
                page = await queries.bookings(COMPANY, EVERYTHING, sort=sort, cursor=cursor, limit=2)
                found += [row.id for row in page.items]
                cursor = page.cursor
                if cursor is None:
                    break
            assert found == whole, sort
        first = await queries.bookings(COMPANY, EVERYTHING, limit=1)
        with pytest.raises(Unanswerable):
            await queries.bookings(COMPANY, EVERYTHING, sort="madeAt", cursor=first.cursor)
        with pytest.raises(Unanswerable):
            await queries.bookings(COMPANY, EVERYTHING, sort="fee")


@pytest.mark.parametrize("open_bookings", [0, 1])
async def test_a_location_has_bookings_until_the_last_is_over(database: str, open_bookings: int) -> None:
    life = await a_life()
    if open_bookings:
        await life.books(660, "last")
    memory = MemoryQueries(MemoryReadModels(life.store, READ_MODELS))
    async with replayed_history(database, life.store.facts) as (queries, _):
        for ask in (queries, memory, life):
            assert await ask.bookings_at(COMPANY, LOCATION) == open_bookings
            assert await ask.bookings_at(COMPANY, "elsewhere") == 0
            assert await ask.bookings_at(7, LOCATION) == 0


async def test_elsewhere_there_is_nothing(database: str) -> None:
    life = await a_life()
    async with replayed_history(database, life.store.facts) as (queries, _):
        elsewhere = queries.narrowed(frozenset({"elsewhere"}))
        assert not (await elsewhere.bookings(COMPANY, EVERYTHING)).items
        assert await elsewhere.booking(COMPANY, "b5") is None
        assert not await elsewhere.booking_days(COMPANY, TODAY, TODAY + timedelta(days=2))
        assert await elsewhere.booking_feed(COMPANY, LOCATION) is None


async def test_bookings_are_as_they_were_known_at_an_earlier_instant(database: str) -> None:
    life = await a_life()
    withdraw = WithdrawBookingFeed(at=life.clock.now())
    await life.application.execute(booking_feeds, LOCATION, withdraw, WHY)
    facts = life.store.facts
    async with replayed_history(database, facts) as (queries, _):
        assert await queries.booking_feed(COMPANY, LOCATION) is None
        for fact in facts:
            known = [each for each in facts if each.position <= fact.position]
            if fact.position % 5 or known[-1].recorded_at == _recorded_next(facts, fact.position):
                continue
            await _compare(queries, known)


def _recorded_next(facts: Any, position: int) -> object:
    return next((each.recorded_at for each in facts if each.position == position + 1), None)


async def _compare(queries: PostgresQueries, known: Any) -> None:
    then = queries.as_of(known[-1].recorded_at)
    life = Scenario()
    life.store.facts.extend(known)
    memory = MemoryQueries(MemoryReadModels(life.store, READ_MODELS))
    asked, expected = await answers(then), await answers(memory)
    expected["facts"] = [each for each in known if each.stream == "booking:b5"]
    assert asked == expected
