"""Refunds and invoices of the demo's past: of sessions before them, numbered in the order of time."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import pytest
import pytest_asyncio

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.application.actor import system
from eosvolt.demo.company import say_who_issues
from eosvolt.demo.contents import furnish
from eosvolt.demo.customers import add_customers, add_groups
from eosvolt.demo.invoices import STORIES, PastInvoices
from eosvolt.demo.past import PastSystem, eve, in_order_of_time
from eosvolt.demo.planned_work import carried_out
from eosvolt.demo.refunds import refunds
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.invoices.events import InvoiceIssued
from eosvolt.domain.kernel import Fact
from eosvolt.domain.sessions.events import ChargingEnded, RefundIssued, SessionInvoiced, SessionStarted
from tests.unit.simulator.demo_system import OPERATOR, WHY

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

pytestmark = pytest.mark.slow


class Told(NamedTuple):
    """The facts in the order of time, and how many recipients of invoices are to be stored."""

    facts: Sequence[Fact]
    recipients: int


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told() -> Told:
    """Three weeks of the demo's company, with what its owner did in them."""
    begins = eve(UNTIL, 3)
    past = PastSystem(begins, MemoryNumbers())
    register = RegisterCompany(company=WHY.company, name="Demo", owner=OPERATOR, at=begins)
    await past.application.execute(companies, str(WHY.company), register, WHY)
    await say_who_issues(past.application, begins, WHY)
    await furnish(past.application, begins)
    await add_groups(past.application, begins)
    people = await add_customers(past.application, begins)
    lived = await past.live(UNTIL, OPERATOR, weeks=3)
    owner = system("demo", WHY.company)
    paperwork = PastInvoices(past.application, lived.facts, people)
    await carried_out(
        [*refunds(past.application, lived.facts, UNTIL, owner), *paperwork.planned(UNTIL, owner)]
    )
    return Told(in_order_of_time(past.store.facts), len(paperwork.recipients))


def assert_each_stream_is_in_order(facts: Sequence[Fact], streams: set[str]) -> None:
    by_stream = defaultdict(list)
    for fact in facts:
        by_stream[fact.stream].append(fact.version)
    for stream in streams:
        assert all(before < after for before, after in pairwise(by_stream[stream]))


def numbers(facts: Sequence[Fact], kind: DocumentKind) -> list[str]:
    return [
        fact.event.number
        for fact in facts
        if isinstance(fact.event, DocumentIssued) and fact.event.kind is kind
    ]


def test_refunds_are_spread_over_the_days_in_which_they_were_asked_for(told: Told) -> None:
    facts = told.facts
    given = [fact for fact in facts if isinstance(fact.event, RefundIssued)]
    assert len({fact.recorded_at.date() for fact in given}) >= 4
    issued = numbers(facts, DocumentKind.CREDIT_NOTE)
    assert issued == [f"VS-CN-2026-{number:05d}" for number in range(1, len(given) + 1)]
    for refund in given:
        (ended, *_) = [f for f in facts if f.stream == refund.stream and isinstance(f.event, ChargingEnded)]
        assert ended.recorded_at < refund.recorded_at
    assert_each_stream_is_in_order(facts, {fact.stream for fact in given})


def test_invoices_are_of_whole_weeks_and_of_sessions_before_them(told: Told) -> None:
    facts = told.facts
    issued = [fact.event for fact in facts if isinstance(fact.event, InvoiceIssued)]
    assert len(issued) == told.recipients == len(STORIES)
    assert numbers(facts, DocumentKind.INVOICE) == [each.number for each in issued]
    assert all(each.first.weekday() == 0 and each.last.weekday() == 6 for each in issued)
    assert all(line.ended_at < each.at for each in issued for line in each.sessions)
    (members,) = [each for each in issued if each.group]
    customers = {fact.key: fact.event.customer for fact in facts if isinstance(fact.event, SessionStarted)}
    assert len({customers[line.session] for line in members.sessions}) == 2
    invoiced = {fact.stream for fact in facts if isinstance(fact.event, SessionInvoiced)}
    assert invoiced == {f"session:{line.session}" for each in issued for line in each.sessions}
    assert invoiced & {fact.stream for fact in facts if isinstance(fact.event, RefundIssued)}
    assert_each_stream_is_in_order(facts, invoiced)
