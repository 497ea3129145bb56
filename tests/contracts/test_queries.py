"""What the screens ask of PostgreSQL is what the folds say in memory, now and as of every earlier instant."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

import pytest

from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.questions import FaultFilter, Page, SessionFilter, Unanswerable
from eosvolt.domain.charge_points.commands import ChangeChargePoint, RemoveChargePoint
from eosvolt.domain.charge_points.decider import charge_points
from eosvolt.domain.charge_points.events import ConnectorSpec
from eosvolt.domain.kernel import Fact
from eosvolt.projections.connector_status import connector_status
from eosvolt.projections.revenue import movements
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import SessionRow
from tests.contracts.retold import folded, retold
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

OTHER_TOKEN = "04FFEE"
STRANGER = 7


async def a_busy_day() -> Scenario:
    """Sessions on two plugs, blocking fees, a lost connection, faults, a reboot and a stop far too late."""
    told = await Scenario().opened(TARIFF_WITH_CAPPED_FEE)
    await told.token(OTHER_TOKEN)
    await told.reports(0, "Available")
    await told.reports(0, "Available", 2)
    await told.reports(1, "Preparing")
    first = await told.starts(2)
    await told.reports(2, "Charging")
    await told.meters(10, 3000, power_w=11_000)
    second = await told.starts(12, 500, token=OTHER_TOKEN, plug=2)
    await told.reports(12, "Charging", 2)
    await told.meters(13, 900, plug=2, power_w=7_000)
    await told.reports(14, "Charging", 2, error="HighTemperature")
    await told.stops(20, first.transaction, 6000)
    await told.reports(20, "Finishing")
    await told.disconnects(30)
    await told.connects(33)
    await told.passes(60)
    await told.reports(61, "Available")
    await told.boots(70)
    await told.passes(100)
    await told.reports(101, "Faulted", 2, error="GroundFailure")
    third = await told.starts(110, 9000)
    await told.meters(111, 9000, power_w=0)
    await told.stops(112, third.transaction, 9000)
    await told.reports(113, "Available")
    await told.stops(30, second.transaction, 4000, received=150)
    await told.reports(151, "Available", 2)
    fourth = await told.starts(160, 20_000)
    await told.meters(170, 22_000, transaction=fourth.transaction, power_w=12_000)
    return told


def until_each(facts: Sequence[Fact]) -> list[Sequence[Fact]]:
    """The history as it was at each instant at which something was recorded."""
    ends = [
        max(fact.position for fact in group) for _, group in groupby(facts, lambda fact: fact.recorded_at)
    ]
    return [facts[:end] for end in ends]


async def everything(
    queries: PostgresQueries, wanted: SessionFilter, sort: str, limit: int
) -> list[SessionRow]:
    found: list[SessionRow] = []
    cursor = None
    while True:
        page: Page[SessionRow] = await queries.sessions(
            COMPANY, wanted, sort=sort, cursor=cursor, limit=limit
        )
        found += page.items
        assert len(page.items) <= limit
        if page.cursor is None:
            return found
        assert len(page.items) == limit
        cursor = page.cursor


async def test_the_screens_show_what_the_history_says(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        rows = sorted(folded(session_history, told.store.facts).values(), key=lambda row: row.number)
        assert len(rows) == 4
        for row in rows:
            assert await queries.session(COMPANY, row.id) == row
        page = await queries.sessions(COMPANY, SessionFilter())
        assert list(page.items) == sorted(rows, key=lambda row: (row.started_at, row.number), reverse=True)
        assert page.cursor is None
        plugs = await queries.connectors(COMPANY)
        assert list(plugs) == sorted(
            folded(connector_status, told.store.facts).values(), key=lambda row: row.connector
        )
        assert [row.charge_box_id for row in await queries.charge_points(COMPANY)] == [CHARGE_BOX_ID]
        assert [row.uid for row in (await queries.tokens(COMPANY)).items] == [TOKEN, OTHER_TOKEN]
        location = await queries.location(COMPANY, LOCATION)
        assert location is not None
        assert location.tariff == TARIFF_WITH_CAPPED_FEE


async def test_another_company_sees_nothing_of_it(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        row = told.sessions()[0]
        assert await queries.session(STRANGER, row.id) is None
        assert await queries.session_facts(STRANGER, row.id) == []
        assert await queries.location(STRANGER, LOCATION) is None
        assert await queries.charge_point(STRANGER, CHARGE_BOX_ID) is None
        assert await queries.token(STRANGER, TOKEN) is None
        assert (await queries.sessions(STRANGER, SessionFilter())).items == []
        assert list(await queries.connectors(STRANGER)) == []
        assert list(await queries.facts(STRANGER)) == []
        assert (await queries.faults(STRANGER, FaultFilter())).items == []
        assert (await queries.summary(STRANGER, "year", MORNING.date())).figures == ()


async def test_a_session_at_any_instant_is_what_its_events_until_then_say(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        for known in until_each(told.store.facts):
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
    told = await a_busy_day()
    await told.stops(175, 170_004, 23_000)
    await told.reports(176, "Available")
    described = ChangeChargePoint(
        location=LOCATION,
        connectors=tuple(ConnectorSpec(n, "chademo", 50_000) for n in (1, 2, 3)),
        at=MORNING,
    )
    await told.application.execute(charge_points, CHARGE_POINT, described, WHY)
    await told.passes(180)
    await told.application.execute(charge_points, CHARGE_POINT, RemoveChargePoint(at=MORNING), WHY)
    assert folded(connector_status, told.store.facts) == {}
    async with retold(database, told.store.facts) as (queries, _):
        for known in until_each(told.store.facts):
            plugs = await queries.connectors(COMPANY, as_of=known[-1].recorded_at)
            expected = sorted(folded(connector_status, known).values(), key=lambda row: row.connector)
            assert list(plugs) == expected, known[-1]


async def test_the_summary_at_any_instant_adds_up_the_movements_until_then(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        for known in until_each(told.store.facts):
            moved = [each for fact in known for each in movements(fact)]
            found = await queries.summary(COMPANY, "day", MORNING.date(), as_of=known[-1].recorded_at)
            assert sum(each.gross for each in found.figures) == sum(each.gross for each in moved)
            assert sum(each.energy_wh for each in found.figures) == sum(each.energy_wh for each in moved)
            assert sum(each.sessions for each in found.figures) == sum(each.sessions for each in moved)
            assert found.series[-1].figures == found.figures
            assert len(found.series) == 7


async def test_a_summary_tells_the_period_the_one_before_and_its_steps(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        day = MORNING.date()
        this = await queries.summary(COMPANY, "month", day)
        assert (this.since, this.until) == (date(2026, 11, 1), date(2026, 12, 1))
        assert len(this.series) == 30
        assert this.previous == ()
        (figures,) = this.figures
        assert figures.currency == "EUR"
        assert figures.gross == figures.net + figures.vat > 0
        assert figures.sessions == 2
        after = await queries.summary(COMPANY, "month", date(2026, 12, 24))
        assert after.figures == ()
        assert after.previous == this.figures
        year = await queries.summary(COMPANY, "year", day)
        assert [bucket.label for bucket in year.series][-2:] == ["2026-11", "2026-12"]
        assert year.series[10].figures == year.figures == this.figures
        assert (await queries.summary(COMPANY, "day", day, location="elsewhere")).figures == ()
        with pytest.raises(Unanswerable):
            await queries.summary(COMPANY, "week", day)


@pytest.mark.parametrize("sort", ["startedAt", "endedAt", "number", "total"])
@pytest.mark.parametrize("sign", ["", "-"])
async def test_pages_of_any_size_follow_each_other_without_gap_or_repetition(
    database: str, sort: str, sign: str
) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        whole = await everything(queries, SessionFilter(), sign + sort, 200)
        assert {row.number for row in whole} == {170_001, 170_002, 170_003, 170_004}
        for limit in (1, 2, 3):
            assert await everything(queries, SessionFilter(), sign + sort, limit) == whole
        with pytest.raises(Unanswerable):
            await queries.sessions(COMPANY, SessionFilter(), cursor="nonsense")
        first = await queries.sessions(COMPANY, SessionFilter(), sort=sign + sort, limit=1)
        with pytest.raises(Unanswerable):
            await queries.sessions(
                COMPANY, SessionFilter(), sort="-" * (not sign) + sort, cursor=first.cursor
            )


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
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        page = await queries.sessions(COMPANY, wanted)
        assert [row.number for row in page.items] == numbers
        later = told.clock.now() + timedelta(days=1)
        page = await queries.sessions(COMPANY, wanted, as_of=later)
        assert [row.number for row in page.items] == numbers


async def test_faults_are_listed_page_by_page_the_one_seen_last_first(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
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


async def test_the_audit_feed_goes_on_from_any_position(database: str) -> None:
    told = await a_busy_day()
    async with retold(database, told.store.facts) as (queries, _):
        found: list[Fact] = []
        while page := await queries.facts(COMPANY, after=found[-1].position if found else 0, limit=7):
            found += page
        assert found == list(told.store.facts)
        one = await queries.facts(COMPANY, stream="session:170001")
        assert one == await queries.session_facts(COMPANY, "170001")
        kinds = await queries.facts(COMPANY, tags=["session-started"])
        assert [fact.stream for fact in kinds] == [f"session:17000{n}" for n in (1, 2, 3, 4)]
