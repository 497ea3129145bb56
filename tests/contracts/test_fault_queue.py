"""The queue of faults, their numbers by state, and what they affected, as PostgreSQL answers."""

from datetime import datetime, timedelta

from eosvolt.adapters.postgres.queries import PostgresQueries
from eosvolt.application.questions import Affected, FaultCounts, FaultFilter
from eosvolt.domain.faults.commands import (
    AcknowledgeFault,
    AssignFault,
    FaultCommand,
    SnoozeFault,
    SolveFault,
)
from eosvolt.domain.faults.decider import faults, subject
from eosvolt.domain.money import Money
from eosvolt.projections.faults import FaultRow
from tests.contracts.replayed_history import replayed_history
from tests.examples import CHARGE_POINT, COMPANY, after
from tests.scenario import WHY, Scenario

OTHER_COMPANY = 7
ANNA = "admin:anna"
A_DAY = 24 * 60
# The scenario's charger is added just before minute 0.
FOUR_WEEKS = 28 * A_DAY


async def does(s: Scenario, plug: int, code: str, command: FaultCommand) -> None:
    await s.application.execute(faults, subject(CHARGE_POINT, plug, code), command, WHY)


async def a_queue() -> Scenario:
    """A warning, two errors of plug 1, a ground failure of plug 2, and one that is solved."""
    s = await Scenario().opened()
    await s.reports(1, "Available", error="HighTemperature")
    await s.reports(2, "Faulted", error="OverVoltage")
    await s.reports(3, "Faulted", error="ReaderFailure")
    await s.reports(4, "Faulted", error="GroundFailure", plug=2)
    await s.disconnects(5)
    await s.passes(11)
    await s.connects(12)
    await s.reports(13, "Faulted", error="ConnectorLockFailure")
    solve = SolveFault(number=1, at=after(14), by=ANNA)
    await does(s, 1, "OverVoltage", solve)
    return s


async def codes(queries: PostgresQueries, sort: str = "attention", **wanted: object) -> list[str]:
    filtered = FaultFilter(**({"at": after(20)} | wanted))  # type: ignore[arg-type]  # a test names what matters
    return [row.code for row in (await queries.faults(COMPANY, filtered, sort=sort)).items]


async def test_what_is_open_and_not_snoozed_needs_attention_the_worst_and_longest_first(
    database: str,
) -> None:
    s = await a_queue()
    async with replayed_history(database, s.store.facts) as (queries, _):
        assert await codes(queries, state="attention") == ["GroundFailure", "ConnectorLockFailure"]
        assert await codes(queries, state="recovered") == ["NoContact", "ReaderFailure", "HighTemperature"]
        assert await codes(queries, state="recovered", level="minor") == ["HighTemperature"]
        worst = await codes(queries, sort="-level", state="unsolved")
        assert worst == [
            "GroundFailure",
            "ConnectorLockFailure",
            "NoContact",
            "ReaderFailure",
            "HighTemperature",
        ]
        assert await queries.fault_counts(COMPANY, after(20)) == FaultCounts(2, 0, 0, 3)
        assert await queries.fault_counts(OTHER_COMPANY, after(20)) == FaultCounts(0, 0, 0, 0)


async def test_what_somebody_acknowledged_comes_behind_and_what_is_snoozed_comes_back(database: str) -> None:
    s = await a_queue()
    await does(s, 2, "GroundFailure", AcknowledgeFault(number=1, at=after(15), by=ANNA))
    snooze = SnoozeFault(number=1, at=after(16), by=ANNA, until=after(30))
    await does(s, 1, "ConnectorLockFailure", snooze)
    async with replayed_history(database, s.store.facts) as (queries, _):
        assert await codes(queries, state="attention") == ["GroundFailure"]
        assert await codes(queries, state="acknowledged") == ["GroundFailure"]
        assert await codes(queries, state="snoozed") == ["ConnectorLockFailure"]
        assert await queries.fault_counts(COMPANY, after(20)) == FaultCounts(1, 1, 1, 3)
        both = ["ConnectorLockFailure", "GroundFailure"]
        assert await codes(queries, state="attention", at=after(30)) == both
        assert await codes(queries, state="snoozed", at=after(30)) == []
        assert await queries.fault_counts(COMPANY, after(30)) == FaultCounts(2, 1, 0, 3)


async def test_faults_are_found_by_their_owner(database: str) -> None:
    s = await a_queue()
    await does(s, 2, "GroundFailure", AssignFault(number=1, at=after(15), by=ANNA, owner=ANNA))
    async with replayed_history(database, s.store.facts) as (queries, _):
        assert await codes(queries, state="attention", owner=ANNA) == ["GroundFailure"]
        assert await codes(queries, state="attention", owner="nobody") == ["ConnectorLockFailure"]


async def test_the_queue_is_read_page_by_page_in_both_directions(database: str) -> None:
    s = await a_queue()
    wanted = FaultFilter(state="unsolved", at=after(20))
    async with replayed_history(database, s.store.facts) as (queries, _):
        for sort in ("attention", "-attention", "level", "-level"):
            whole = (await queries.faults(COMPANY, wanted, sort=sort)).items
            found: list[FaultRow] = []
            cursor = None
            while True:
                page = await queries.faults(COMPANY, wanted, sort=sort, limit=2, cursor=cursor)
                found += page.items
                cursor = page.cursor
                if cursor is None:
                    break
            assert found == list(whole)
            assert len(found) == 5


async def test_a_search_finds_an_entry_by_the_words_of_its_explanation(database: str) -> None:
    s = await a_queue()
    async with replayed_history(database, s.store.facts) as (queries, _):
        assert await codes(queries, search="DISCONNECTED for more than 5 minutes") == ["NoContact"]
        assert await codes(queries, search="nothing of the kind") == []


async def affected_by(queries: PostgresQueries, code: str, at: datetime, company: int = COMPANY) -> Affected:
    rows = (await queries.faults(COMPANY, FaultFilter(search=code))).items
    (row,) = (row for row in rows if row.code == code)
    return (await queries.affected(company, [row], at))[row.id]


async def test_a_fault_affects_the_cars_that_were_there_and_what_the_plug_would_have_earned(
    database: str,
) -> None:
    s = await Scenario().opened()
    number = (await s.starts(60, 0)).transaction
    await s.stops(120, number, 20_000)
    await s.reports(121, "Available")
    fault = FOUR_WEEKS + 50
    running = (await s.starts(FOUR_WEEKS, 20_000)).transaction
    await s.meters(fault - 1, 21_000, transaction=running)
    await s.reports(fault, "Faulted", error="OverVoltage")
    await s.stops(fault + 1, running, 21_000)
    earned = s.session(170001).total_gross
    assert earned > 0
    async with replayed_history(database, s.store.facts) as (queries, _):
        at = after(fault) + timedelta(hours=84)
        # Half a week of what was earned in the four weeks before.
        expected = Money("EUR", (2 * earned + 8) // 16)
        assert await affected_by(queries, "OverVoltage", at) == Affected(1, (expected,))
        assert await affected_by(queries, "OverVoltage", at, OTHER_COMPANY) == Affected(0)


async def test_where_charging_goes_on_or_little_is_known_no_revenue_is_estimated(database: str) -> None:
    s = await Scenario().opened()
    number = (await s.starts(60, 0)).transaction
    await s.stops(120, number, 20_000)
    await s.reports(121, "Available")
    await s.reports(200, "Faulted", error="OverVoltage")
    await s.reports(210, "Available")
    await s.reports(FOUR_WEEKS, "Available", error="HighTemperature")
    at = after(FOUR_WEEKS + A_DAY)
    async with replayed_history(database, s.store.facts) as (queries, _):
        assert await affected_by(queries, "OverVoltage", at) == Affected(0)
        assert await affected_by(queries, "HighTemperature", at) == Affected(0)
