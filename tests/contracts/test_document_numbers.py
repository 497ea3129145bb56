"""Numbers of documents: without gaps and never given twice, whoever issues them at the same time and dies."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from eosvolt.adapters.memory.clock import SteppedClock
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.event_store import PostgresEventStore
from eosvolt.domain.companies.commands import ChangeBilling, RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.documents.register import documents, register_key
from eosvolt.domain.invoices.decider import invoices
from eosvolt.domain.invoices.events import InvoiceIssued
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.decider import sessions
from eosvolt.domain.sessions.events import ReceiptIssued, RefundIssued, SessionInvoiced
from eosvolt.domain.vocabulary import EVENTS
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, MORNING, after
from tests.replay.company_settings_life import BILLING
from tests.scenario import WHY, Scenario

ROOT = Path(__file__).parents[2]
SESSIONS, PROCESSES = 10, 4
INVOICES = 50


async def paid_sessions(count: int = SESSIONS, apart: int = 200) -> tuple[Scenario, list[str]]:
    """Sessions that are over and cost 10.00 each; so many minutes are between their starts."""
    s = await Scenario().opened()
    numbers = []
    for index in range(count):
        at = apart * index
        await s.reports(at, "Preparing")
        number = (await s.starts(at, 1000)).transaction
        await s.reports(at, "Charging")
        await s.stops(at + 120, number, 21_000)
        await s.reports(at + 121, "Available")
        numbers.append(str(number))
    return s, numbers


def begun(dsn: str, kind: DocumentKind, numbers: list[str]) -> subprocess.Popen[str]:
    paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.issuing_process", dsn, kind, *numbers],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        cwd=ROOT,
    )


def issued_at_once(dsn: str, kind: DocumentKind, numbers: list[str]) -> list[str]:
    """What several processes tell that issue documents of the sessions; the first is killed meanwhile."""
    processes = [begun(dsn, kind, numbers) for _ in range(PROCESSES)]
    for each in processes:
        assert each.stdout
        assert each.stdout.readline() == "\n"
    for each in processes:
        assert each.stdin
        each.stdin.write("\n")
        each.stdin.flush()
    killed, *others = processes
    assert killed.stdout
    told = [killed.stdout.readline()]
    killed.kill()
    told += killed.communicate()[0].splitlines(keepends=True)
    for each in others:
        told += each.communicate()[0].splitlines(keepends=True)
        assert each.returncode == 0
    return [line.strip() for line in told if line.endswith("\n") and line.strip()]


async def facts(store: PostgresEventStore, streams: list[str]) -> list[Fact]:
    return [fact for stream in streams for fact in await store.read(stream)]


async def issued(store: PostgresEventStore, kind: DocumentKind) -> list[tuple[Fact, DocumentIssued]]:
    register = documents.stream(register_key(COMPANY, kind, MORNING.year, 0))
    found = await facts(store, [register])
    return [(fact, fact.event) for fact in found if isinstance(fact.event, DocumentIssued)]


async def test_many_refunds_at_once_leave_no_gap_and_give_nothing_twice(database: str) -> None:
    s, numbers = await paid_sessions()
    async with replayed_history(database, s.store.facts):
        told = issued_at_once(database, DocumentKind.CREDIT_NOTE, numbers)
    async with PostgresEventStore(database, EVENTS, SteppedClock(MORNING)) as store:
        refunds = [
            (fact, fact.event)
            for fact in await facts(store, [sessions.stream(number) for number in numbers])
            if isinstance(fact.event, RefundIssued)
        ]
        notes = await issued(store, DocumentKind.CREDIT_NOTE)
    # Each session was given back as a whole, in five parts, and not one part more.
    assert Counter(fact.key for fact, _ in refunds) == Counter(numbers * 5)
    assert [event.sequence for _, event in notes] == list(range(1, 5 * SESSIONS + 1))
    assert {event.number: (fact.recorded_at, event.session) for fact, event in notes} == {
        event.credit_note: (fact.recorded_at, fact.key) for fact, event in refunds
    }
    assert len(told) == len(set(told))
    assert set(told) <= {event.number for _, event in notes}


async def test_several_processes_issue_each_receipt_once_and_leave_no_gap(database: str) -> None:
    s, numbers = await paid_sessions()
    async with replayed_history(database, s.store.facts):
        told = issued_at_once(database, DocumentKind.RECEIPT, numbers)
    async with PostgresEventStore(database, EVENTS, SteppedClock(MORNING)) as store:
        receipts = [
            (fact, fact.event)
            for fact in await facts(store, [sessions.stream(number) for number in numbers])
            if isinstance(fact.event, ReceiptIssued)
        ]
        given = await issued(store, DocumentKind.RECEIPT)
    assert [fact.key for fact, _ in receipts] == numbers
    assert [event.sequence for _, event in given] == list(range(1, SESSIONS + 1))
    assert {event.number: (fact.recorded_at, event.session) for fact, event in given} == {
        event.number: (fact.recorded_at, fact.key) for fact, event in receipts
    }
    assert set(told) == set(numbers)


async def test_fifty_invoices_at_once_leave_no_gap_and_share_no_session(database: str) -> None:
    s, numbers = await paid_sessions(INVOICES, apart=130)
    register = RegisterCompany(company=COMPANY, name="Volt", owner="ana", at=after(0))
    bill = ChangeBilling(billing=BILLING, at=after(1))
    for command in (register, bill):
        await s.application.execute(companies, str(COMPANY), command, WHY)
    async with replayed_history(database, s.store.facts):
        told = issued_at_once(database, DocumentKind.INVOICE, numbers)
    async with PostgresEventStore(database, EVENTS, SteppedClock(MORNING)) as store:
        on = {
            number: [
                e.invoice
                for f in await store.read(sessions.stream(number))
                if isinstance(e := f.event, SessionInvoiced)
            ]
            for number in numbers
        }
        given = [event for _, event in await issued(store, DocumentKind.INVOICE)]
        written = {
            event.number: [fact.event for fact in await store.read(invoices.stream(event.invoice))]
            for event in given
        }
    # Each try asks for two sessions of which others want one: each session is on one invoice all the same.
    assert {number: len(its) for number, its in on.items()} == dict.fromkeys(numbers, 1)
    assert [event.sequence for event in given] == list(range(1, len(given) + 1))
    assert INVOICES // 2 <= len(given) <= INVOICES
    for number, (event,) in written.items():
        assert isinstance(event, InvoiceIssued)
        assert event.number == number
        lines = [line.session for line in event.sessions]
        assert sorted(lines) == sorted(each for each in numbers if on[each] == [number])
        # A try asks for a session and the next one; after the last comes the first.
        first = numbers.index(lines[0])
        assert lines == [*numbers[first:], *numbers[:first]][: len(lines)]
    async with await connect(database, "recipients") as connection:
        cursor = await connection.execute("SELECT count(*) FROM invoice_recipients")
        assert await cursor.fetchone() == (len(given),)
    assert len(told) == len(set(told))
    assert set(told) <= set(written)
