"""The auditor's search finds what a look at every event finds, in both directions, and in bounded parts."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import msgspec
import pytest

from eosvolt.adapters.postgres.queries import PostgresQueries, event_search, event_streams
from eosvolt.application.event_search import EventSearch, visible_tags
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tag
from tests.contracts.replayed_history import replayed_history
from tests.contracts.test_narrowed_queries import a_day_with_commands
from tests.examples import CHARGE_BOX_ID, CHARGE_POINT, COMPANY, LOCATION, after
from tests.scenario import WHY

Matches = Callable[[Fact], bool]
OTHER_COMPANY = 7
ELSEWHERE = frozenset({"elsewhere"})
OF_THE_COMPANY = (
    "company",
    "operator",
    "token",
    "notification-rule",
    "notification",
    "exclusion",
    "documents",
)
BEHIND_ALL = 2**63 - 1


def category(fact: Fact) -> str:
    return fact.stream.partition(":")[0]


def kind(fact: Fact) -> str:
    return tag(type(fact.event))


def all_of_them(_: Fact) -> bool:
    return True


def none_of_them(_: Fact) -> bool:
    return False


def of_charger(fact: Fact) -> bool:
    own = ("charge-point", "maintenance", "refusals", "session", "fault", "command", "smart-charging")
    return category(fact) in own


def of_session(fact: Fact) -> bool:
    return fact.stream == "session:170001" or (
        getattr(fact.event, "session", "") == "170001" and category(fact) == "fault"
    )


def by_hand(fact: Fact) -> bool:
    return fact.why.by.startswith(("admin:", "api-key:", "staff:"))


RARE = frozenset({"session-started", "charging-ended", "fault-opened"})
METERED = frozenset({"energy-metered", "charging-ended"})
SEARCHES: dict[str, tuple[EventSearch, Matches]] = {
    "everything": (EventSearch(), all_of_them),
    "one stream": (EventSearch(stream="session:170001"), lambda fact: fact.stream == "session:170001"),
    "a charger": (EventSearch(charger=CHARGE_BOX_ID), of_charger),
    "a charger that is none": (EventSearch(charger="CP-0"), none_of_them),
    "types of a charger": (
        EventSearch(charger=CHARGE_BOX_ID, types=METERED),
        lambda fact: of_charger(fact) and kind(fact) in METERED,
    ),
    "rare types": (EventSearch(types=RARE), lambda fact: kind(fact) in RARE),
    "frequent types": (EventSearch(types=METERED), lambda fact: kind(fact) in METERED),
    "a person": (EventSearch(by="admin:a1"), lambda fact: fact.why.by == "admin:a1"),
    "nobody": (EventSearch(by="admin:a"), none_of_them),
    "the author of the story": (EventSearch(by=WHY.by), lambda fact: fact.why.by == WHY.by),
    "an author and types": (
        EventSearch(by=WHY.by, types=METERED),
        lambda fact: fact.why.by == WHY.by and kind(fact) in METERED,
    ),
    "a time": (
        EventSearch(since=after(20), until=after(111)),
        lambda fact: after(20) <= fact.recorded_at < after(111),
    ),
    "a charger at a time": (
        EventSearch(charger=CHARGE_BOX_ID, since=after(20), until=after(111)),
        lambda fact: of_charger(fact) and after(20) <= fact.recorded_at < after(111),
    ),
    "a location": (EventSearch(location=LOCATION), lambda fact: category(fact) not in OF_THE_COMPANY),
    "types at a location": (
        EventSearch(location=LOCATION, types=RARE),
        lambda fact: kind(fact) in RARE,
    ),
    "what people did": (EventSearch(people=True), by_hand),
    "what people did of a kind": (
        EventSearch(people=True, types=RARE),
        lambda fact: by_hand(fact) and kind(fact) in RARE,
    ),
    "what somebody did": (
        EventSearch(people=True, by=WHY.by),
        lambda fact: fact.why.by == WHY.by,
    ),
    "what people did at a time": (
        EventSearch(people=True, since=after(20), until=after(111)),
        lambda fact: by_hand(fact) and after(20) <= fact.recorded_at < after(111),
    ),
    "another location": (EventSearch(location="elsewhere"), none_of_them),
}


async def all_parts(
    queries: PostgresQueries, wanted: EventSearch, *, ascending: bool, limit: int
) -> list[Fact]:
    found: list[Fact] = []
    behind, ended = None, False
    while not ended:
        page = await queries.events(COMPANY, wanted, behind=behind, ascending=ascending, limit=limit)
        assert len(page.items) <= limit
        assert page.ended or page.reached != behind
        found += page.items
        behind, ended = page.reached, page.ended
    return found


async def unlike(queries: PostgresQueries, facts: Sequence[Fact], limit: int) -> list[str]:
    wrong = []
    for name, (wanted, matches) in SEARCHES.items():
        right = [fact for fact in facts if matches(fact)]
        for ascending in (True, False):
            found = await all_parts(queries, wanted, ascending=ascending, limit=limit)
            if found != (right if ascending else right[::-1]):
                wrong.append(f"{name}, {'up' if ascending else 'down'}: {len(found)} not {len(right)}")
    return wrong


async def test_a_search_finds_what_a_look_at_every_event_finds(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        assert await unlike(queries, facts, 7) == []
        assert await unlike(queries, facts, 1_000) == []
        # Parts that are full after a few events are what a long history has.
        monkeypatch.setattr(event_search, "SCANNED", 5)
        monkeypatch.setattr(event_search, "PLACED", 4)
        monkeypatch.setattr(event_search, "ROUNDS", 2)
        monkeypatch.setattr(event_streams, "MOST_STREAMS", 3)
        assert await unlike(queries, facts, 3) == []
        session = await all_parts(queries, EventSearch(session="170001"), ascending=True, limit=1_000)
        assert session == [fact for fact in facts if of_session(fact)]


async def test_another_company_and_other_locations_find_nothing(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        for wanted, _ in SEARCHES.values():
            assert (await queries.events(OTHER_COMPANY, wanted)).items == []
            assert (await queries.narrowed(ELSEWHERE).events(COMPANY, wanted)).items == []
        here = queries.narrowed(frozenset({LOCATION}))
        seen = await all_parts(here, EventSearch(), ascending=True, limit=50)
        assert seen == [fact for fact in facts if category(fact) not in OF_THE_COMPANY]
        by_people = await all_parts(here, EventSearch(people=True), ascending=False, limit=50)
        assert by_people == [fact for fact in seen[::-1] if by_hand(fact)]
        assert by_people
        outside = EventSearch(stream=f"charge-point:{CHARGE_POINT}", location="elsewhere")
        assert (await here.events(COMPANY, outside)).items == []


async def test_only_events_of_areas_that_one_may_view_are_found(database: str) -> None:
    facts = await a_day_with_commands()
    grants = Grants(
        frozenset(Permission(Action.VIEW, area) for area in (ProductArea.SETTINGS, ProductArea.DIAGNOSTICS))
    )
    async with replayed_history(database, facts) as (queries, _):
        for wanted, matches in SEARCHES.values():
            visible = msgspec.structs.replace(wanted, visible=visible_tags(grants))
            found = await all_parts(queries, visible, ascending=True, limit=50)
            allowed = ("company", "fault", "exclusion", "notification", "notification-rule")
            assert found == [fact for fact in facts if matches(fact) and category(fact) in allowed]


async def test_the_feed_goes_on_behind_the_last_event_when_new_ones_come(database: str) -> None:
    facts = await a_day_with_commands()
    async with replayed_history(database, facts) as (queries, _):
        half = facts[len(facts) // 2].position
        page = await queries.events(COMPANY, EventSearch(), behind=half, ascending=True, limit=1_000)
        assert list(page.items) == [fact for fact in facts if fact.position > half]
        late = EventSearch(since=facts[-1].recorded_at + timedelta(seconds=1))
        assert await queries.events(COMPANY, late, ascending=True) == ([], BEHIND_ALL - 1, True)
