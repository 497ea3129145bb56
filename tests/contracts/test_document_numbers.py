"""Numbers of documents: without gaps and never given twice, whoever issues them at the same time and dies."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.documents.register import documents, register_key
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import RefundIssued
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, MORNING
from tests.scenario import Scenario

ROOT = Path(__file__).parents[2]
SESSIONS, PROCESSES = 10, 4


async def paid_sessions() -> tuple[Scenario, list[str]]:
    """Sessions that are over and cost 10.00 each."""
    s = await Scenario().opened()
    numbers = []
    for index in range(SESSIONS):
        at = 200 * index
        await s.reports(at, "Preparing")
        number = (await s.starts(at, 1000)).transaction
        await s.reports(at, "Charging")
        await s.stops(at + 120, number, 21_000)
        await s.reports(at + 121, "Available")
        numbers.append(str(number))
    return s, numbers


def begun(dsn: str, numbers: list[str]) -> subprocess.Popen[str]:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.refunding_process", dsn, *numbers],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        cwd=ROOT,
    )


async def facts(store: PostgresEventStore, streams: list[str]) -> list[Fact]:
    return [fact for stream in streams for fact in await store.read(stream)]


async def test_many_refunds_at_once_leave_no_gap_and_give_nothing_twice(database: str) -> None:
    s, numbers = await paid_sessions()
    async with replayed_history(database, s.store.facts):
        processes = [begun(database, numbers) for _ in range(PROCESSES)]
        for each in processes:
            assert each.stdout
            assert each.stdout.readline() == "\n"
        for each in processes:
            assert each.stdin
            each.stdin.write("\n")
            each.stdin.flush()
        # The first is killed in the middle of it.
        killed, *others = processes
        assert killed.stdout
        told = [killed.stdout.readline()]
        killed.kill()
        told += killed.communicate()[0].splitlines(keepends=True)
        for each in others:
            told += each.communicate()[0].splitlines(keepends=True)
            assert each.returncode == 0
    async with PostgresEventStore(database, EVENTS, SteppedClock(MORNING)) as store:
        refunds = [
            (fact, fact.event)
            for fact in await facts(store, [sessions.stream(number) for number in numbers])
            if isinstance(fact.event, RefundIssued)
        ]
        register = documents.stream(register_key(COMPANY, DocumentKind.CREDIT_NOTE, MORNING.year, 0))
        issued = [
            (fact, fact.event)
            for fact in await facts(store, [register])
            if isinstance(fact.event, DocumentIssued)
        ]
    # Each session was given back as a whole, in five parts, and not one part more.
    assert Counter(fact.key for fact, _ in refunds) == Counter(numbers * 5)
    assert [event.sequence for _, event in issued] == list(range(1, 5 * SESSIONS + 1))
    assert {event.number: (fact.recorded_at, event.session) for fact, event in issued} == {
        event.credit_note: (fact.recorded_at, fact.key) for fact, event in refunds
    }
    whole = [line.strip() for line in told if line.endswith("\n") and line.strip()]
    assert len(whole) == len(set(whole))
    assert set(whole) <= {event.number for _, event in issued}
