"""The refunds of the demo's past: of sessions before them, over the days, numbered in the order of time."""

from collections import defaultdict
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from eosvolt.application.actor import system
from eosvolt.demo.company import say_who_issues
from eosvolt.demo.past import eve, in_order_of_time
from eosvolt.demo.refunds import refund_some
from eosvolt.domain.companies.commands import RegisterCompany
from eosvolt.domain.companies.decider import companies
from eosvolt.domain.documents.events import DocumentIssued, DocumentKind
from eosvolt.domain.sessions.events import ChargingEnded, RefundIssued
from tests.unit.simulator.demo_system import OPERATOR, WHY, lived

UNTIL = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)

pytestmark = pytest.mark.slow


async def test_refunds_are_spread_over_the_days_in_which_they_were_asked_for() -> None:
    past, told = await lived(UNTIL, weeks=2)
    begins = eve(UNTIL, 2)
    company = str(WHY.company)
    register = RegisterCompany(company=WHY.company, name="Demo", owner=OPERATOR, at=begins)
    await past.application.execute(companies, company, register, WHY)
    await say_who_issues(past.application, begins, WHY)
    await refund_some(past.application, told.facts, UNTIL, system("demo", WHY.company))
    facts = in_order_of_time(past.store.facts)
    refunds = [fact for fact in facts if isinstance(fact.event, RefundIssued)]
    assert len({fact.recorded_at.date() for fact in refunds}) >= 4
    assert len({fact.stream for fact in refunds}) == len(refunds)
    issued = [
        fact.event.number
        for fact in facts
        if isinstance(fact.event, DocumentIssued) and fact.event.kind is DocumentKind.CREDIT_NOTE
    ]
    assert issued == [f"VS-CN-2026-{number:05d}" for number in range(1, len(refunds) + 1)]
    for refund in refunds:
        (ended, *_) = [f for f in facts if f.stream == refund.stream and isinstance(f.event, ChargingEnded)]
        assert ended.recorded_at < refund.recorded_at
    by_stream = defaultdict(list)
    for fact in facts:
        by_stream[fact.stream].append(fact.version)
    refunded = {fact.stream for fact in refunds}
    for stream in refunded:
        assert all(before < after for before, after in pairwise(by_stream[stream]))
