"""What the screens ask of PostgreSQL is what the folds say in memory, now and as of every earlier instant."""

from datetime import timedelta

import pytest

from eosvolt.application.event_search import EventSearch
from eosvolt.application.payment_methods import PaymentMethod
from eosvolt.application.questions import (
    FaultFilter,
    SessionFilter,
)
from eosvolt.domain.charge_points.commands import ChangeChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.locations.commands import RemoveLocation
from eosvolt.domain.locations.decider import locations
from eosvolt.projections.connector_status import connector_status, in_states
from eosvolt.projections.session_history import session_history
from tests.contracts.busy_day import OTHER_TOKEN, a_busy_day, until_each, with_customer
from tests.contracts.replayed_history import folded, replayed_history
from tests.examples import (
    CHARGE_BOX_ID,
    CHARGE_POINT,
    COMPANY,
    LOCATION,
    MORNING,
    TARIFF_WITH_CAPPED_FEE,
    TOKEN,
)
from tests.scenario import WHY, Scenario

OTHER_COMPANY = 7


async def test_the_screens_show_what_the_history_says(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        rows = sorted(folded(session_history, scenario.store.facts).values(), key=lambda row: row.number)
        assert len(rows) == 4
        for row in rows:
            assert await queries.session(COMPANY, row.id) == row
        page = await queries.sessions(COMPANY, SessionFilter())
        assert list(page.items) == sorted(rows, key=lambda row: (row.started_at, row.number), reverse=True)
        assert page.cursor is None
        plugs = await queries.connectors(COMPANY)
        assert list(await queries.plug_states(COMPANY)) == in_states(plugs)
        assert await queries.charger_counts(COMPANY) == {LOCATION: 1}
        assert await queries.charger_counts(OTHER_COMPANY) == {}
        assert list(await queries.connectors(COMPANY, locations=[LOCATION])) == list(plugs)
        assert list(await queries.connectors(COMPANY, locations=["elsewhere"])) == []
        assert list(plugs) == sorted(
            folded(connector_status, scenario.store.facts).values(), key=lambda row: row.connector
        )
        assert [row.charge_box_id for row in await queries.charge_points(COMPANY)] == [CHARGE_BOX_ID]
        assert [row.uid for row in (await queries.tokens(COMPANY)).items] == [TOKEN, OTHER_TOKEN]
        location = await queries.location(COMPANY, LOCATION)
        assert location is not None
        assert location.tariff == TARIFF_WITH_CAPPED_FEE


async def test_a_removed_location_is_only_among_those_of_the_past(database: str) -> None:
    scenario = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    gone = RemoveLocation(at=scenario.clock.now(), charge_points=0, open_sessions=0)
    await scenario.application.execute(locations, LOCATION, gone, WHY)
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        assert await queries.locations(COMPANY) == []
        assert [row.location for row in await queries.locations(COMPANY, removed=True)] == [LOCATION]
        assert await queries.locations(OTHER_COMPANY, removed=True) == []


async def test_groups_are_found_among_the_tokens_of_the_company(database: str) -> None:
    scenario = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    for uid, group in (("A1", "FLEET-NORTH"), ("A2", "FLEET-NORTH"), ("A3", "fleet-south"), ("A4", "")):
        await scenario.token(uid, group=group)
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        assert await queries.token_groups(COMPANY, search="fleet-") == ["FLEET-NORTH", "fleet-south"]
        assert await queries.token_groups(COMPANY, limit=1) == ["FLEET-NORTH"]
        assert await queries.token_groups(COMPANY, search="east") == []
        assert await queries.token_groups(OTHER_COMPANY) == []


async def test_another_company_sees_nothing_of_it(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        row = scenario.sessions()[0]
        assert await queries.session(OTHER_COMPANY, row.id) is None
        assert await queries.session_facts(OTHER_COMPANY, row.id) == []
        assert await queries.location(OTHER_COMPANY, LOCATION) is None
        assert await queries.charge_point(OTHER_COMPANY, CHARGE_BOX_ID) is None
        assert await queries.token(OTHER_COMPANY, TOKEN) is None
        assert (await queries.sessions(OTHER_COMPANY, SessionFilter())).items == []
        assert list(await queries.connectors(OTHER_COMPANY)) == []
        assert (await queries.events(OTHER_COMPANY, EventSearch())).items == []
        assert (await queries.faults(OTHER_COMPANY, FaultFilter())).items == []
        assert (
            await queries.summary(
                OTHER_COMPANY, "year", MORNING.date(), now=MORNING, time_zone="Europe/Berlin"
            )
        ).figures == ()


async def test_a_session_at_any_instant_is_what_its_events_until_then_say(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for known in until_each(scenario.store.facts):
            rows = folded(session_history, known)
            instant = known[-1].recorded_at
            for session in ("170001", "170002", "170003", "170004"):
                assert await queries.session(COMPANY, session, as_of=instant) == rows.get(session)
            page = await queries.sessions(COMPANY, SessionFilter(), as_of=instant, limit=2)
            expected = sorted(rows.values(), key=lambda row: (row.started_at, row.number), reverse=True)
            assert list(page.items) == expected[:2]
            assert (page.cursor is not None) == (len(expected) > 2)
            for status in {row.status for row in rows.values()}:
                page = await queries.sessions(COMPANY, SessionFilter(status=(status,)), as_of=instant)
                assert list(page.items) == [row for row in expected if row.status == status]


async def test_the_plugs_at_any_instant_are_what_all_events_until_then_say(database: str) -> None:
    scenario = await a_busy_day()
    await scenario.stops(175, 170_004, 23_000)
    await scenario.reports(176, "Available")
    described = ChangeChargePoint(
        location=LOCATION,
        connectors=tuple(ConnectorSpec(n, "chademo", 50_000) for n in (1, 2, 3)),
        at=MORNING,
    )
    await scenario.application.execute(charge_points, CHARGE_POINT, described, WHY)
    await scenario.passes(180)
    await scenario.application.execute(charge_points, CHARGE_POINT, RemoveChargePoint(at=MORNING), WHY)
    assert folded(connector_status, scenario.store.facts) == {}
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        for known in until_each(scenario.store.facts):
            plugs = await queries.connectors(COMPANY, as_of=known[-1].recorded_at)
            states = await queries.plug_states(COMPANY, as_of=known[-1].recorded_at)
            assert list(states) == in_states(plugs)
            expected = sorted(folded(connector_status, known).values(), key=lambda row: row.connector)
            assert list(plugs) == expected, known[-1]


async def test_sessions_by_payment_method_are_those_with_and_without_a_customer(database: str) -> None:
    facts = [with_customer(fact) for fact in (await a_busy_day()).store.facts]
    async with replayed_history(database, facts) as (queries, _):
        for as_of in (None, facts[len(facts) // 2].recorded_at):
            rows = (await queries.sessions(COMPANY, SessionFilter(), as_of=as_of)).items
            assert {row.customer for row in rows} == {"", "ana"}
            for method, theirs in ((PaymentMethod.INVOICE, "ana"), (PaymentMethod.NONE, "")):
                wanted = SessionFilter(payment_method=method)
                found = (await queries.sessions(COMPANY, wanted, as_of=as_of)).items
                assert list(found) == [row for row in rows if row.customer == theirs]


async def test_the_sums_of_a_filter_are_those_of_its_sessions(database: str) -> None:
    facts = [with_customer(fact) for fact in (await a_busy_day()).store.facts]
    async with replayed_history(database, facts) as (queries, _):
        for wanted in (
            SessionFilter(),
            SessionFilter(status=("completed", "failed")),
            SessionFilter(search=CHARGE_BOX_ID),
            SessionFilter(search=f"{CHARGE_BOX_ID} · 1"),
            SessionFilter(token="nobody"),
            SessionFilter(payment_method=PaymentMethod.NONE),
        ):
            rows = (await queries.sessions(COMPANY, wanted, limit=200)).items
            sums = await queries.session_sums(COMPANY, wanted)
            assert (sums.number, sums.more) == (len(rows), False)
            assert sums.energy_wh == sum(row.energy_wh for row in rows)
            assert sum(gross for _, gross in sums.totals) == sum(row.total_gross for row in rows)
        assert (await queries.session_sums(OTHER_COMPANY, SessionFilter())).number == 0


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (SessionFilter(status=("charging",)), [170_004]),
        (SessionFilter(status=("charging", "failed")), [170_004, 170_003]),
        (SessionFilter(token=OTHER_TOKEN.lower()), [170_002]),
        (SessionFilter(charge_point=CHARGE_BOX_ID, connector=2), [170_002]),
        (SessionFilter(location=LOCATION, since=MORNING + timedelta(minutes=100)), [170_004, 170_003]),
        (SessionFilter(until=MORNING + timedelta(minutes=12)), [170_001]),
        (SessionFilter(type="booking"), []),
        (SessionFilter(search="170003"), [170_003]),
        (SessionFilter(search="cp-"), [170_004, 170_003, 170_002, 170_001]),
        (SessionFilter(search="CP-1/2"), [170_002]),
        (SessionFilter(search="04ffee"), [170_002]),
        (SessionFilter(search="04f"), [170_002]),
        (SessionFilter(search="cp-", status=("charging",)), [170_004]),
        (SessionFilter(search="%"), []),
    ],
)
async def test_filters_and_the_search_bar_find_what_they_say(
    database: str, wanted: SessionFilter, numbers: list[int]
) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        page = await queries.sessions(COMPANY, wanted)
        assert [row.number for row in page.items] == numbers
        later = scenario.clock.now() + timedelta(days=1)
        page = await queries.sessions(COMPANY, wanted, as_of=later)
        assert [row.number for row in page.items] == numbers


async def test_faults_are_listed_page_by_page_the_one_seen_last_first(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        everything_wrong = (await queries.faults(COMPANY, FaultFilter())).items
        assert len(everything_wrong) >= 2
        seen = [row.last_seen_at for row in everything_wrong]
        assert seen == sorted(seen, reverse=True)
        first = await queries.faults(COMPANY, FaultFilter(), limit=1)
        rest = await queries.faults(COMPANY, FaultFilter(), limit=200, cursor=first.cursor)
        assert [*first.items, *rest.items] == list(everything_wrong)
        found = await queries.faults(COMPANY, FaultFilter(search="groundfail"))
        assert [row.code for row in found.items] == ["GroundFailure"]
        assert (await queries.faults(COMPANY, FaultFilter(state="solved"))).items == []
