"""Each line of a bill is proved by its events, and each event by the seal that covers it."""

from datetime import timedelta

from eosvolt.adapters.http.presentation.pricing import priced
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.sealer import Sealer
from eosvolt.adapters.postgres.verification_runs import record_run
from eosvolt.application.history_proof import ModelResult, VerificationRun, evidence
from eosvolt.domain.vocabulary import tag
from tests.contracts.busy_day import a_busy_day
from tests.contracts.replayed_history import replayed_history
from tests.contracts.sealed_history import SECRET, forge
from tests.examples import COMPANY, MORNING, after

OTHER_COMPANY = 7


async def seal_everything(dsn: str) -> None:
    async with await connect(dsn, "test") as connection:
        sealer = Sealer(dsn, SECRET)
        while await sealer.seal(connection, after(300)):
            pass


async def test_every_line_follows_from_events_that_bill_and_measure_it(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        proved = 0
        for row in scenario.sessions():
            facts = await queries.session_facts(COMPANY, row.id)
            price = priced(row, after(300))
            if price.running:
                continue
            for line in price.all_lines:
                kinds = {tag(type(fact.event)) for fact in evidence(line, facts)}
                assert "session-started" in kinds
                billed = {"charging-ended", "end-reconciled", "bill-corrected", "blocking-fee-charged"}
                assert billed & kinds, line
                proved += 1
        assert proved > 1


async def test_a_changed_event_is_not_the_one_that_was_sealed(database: str) -> None:
    scenario = await a_busy_day()
    facts = scenario.store.facts
    async with replayed_history(database, facts) as (queries, _):
        positions = [fact.position for fact in facts]
        assert await queries.seals_of(COMPANY, positions) == {}
        assert await queries.history_head() is None
        await seal_everything(database)
        seals = await queries.seals_of(COMPANY, positions)
        assert set(seals) == set(positions)
        assert all(each.unchanged for each in seals.values())
        assert await queries.seals_of(OTHER_COMPANY, positions) == {}

        head = await queries.history_head()
        assert head is not None
        assert head.position == positions[-1]
        assert await queries.expected_seal(head.digest[:16]) == head
        assert await queries.expected_seal(head.digest, head.position) == head
        assert await queries.expected_seal("0" * 16) is None
        assert await queries.expected_seal(head.digest, head.position - 1) is None

        forge(
            database,
            "UPDATE stored_events SET state = state || ' '::bytea WHERE notification_id = POSITION",
            position=positions[3],
        )
        seals = await queries.seals_of(COMPANY, positions)
        assert [position for position, each in seals.items() if not each.unchanged] == [positions[3]]


async def test_runs_of_verify_are_listed_the_newest_first(database: str) -> None:
    scenario = await a_busy_day()
    async with replayed_history(database, scenario.store.facts) as (queries, _):
        assert await queries.verification_runs() == []
        model = ModelResult(name="sessions", events=3, rows=2, live="ab", replayed="cd")
        runs = [
            VerificationRun(
                started_at=MORNING,
                ended_at=MORNING + timedelta(minutes=number),
                by="auditor",
                position=number,
                digest="ab" * 32,
                intact=number == 1,
                same=False,
                models=(model,),
                findings=("changed: position 3",),
            )
            for number in (1, 2)
        ]
        for run in runs:
            await record_run(database, run)
        assert await queries.verification_runs() == runs[::-1]
