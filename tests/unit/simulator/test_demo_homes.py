"""The demo's home chargers: statements in each state, whatever day it is."""

from datetime import UTC, datetime

import pytest

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.demo.homes import HOMES, charge_at_home, founded, months_before
from eosvolt.demo.past import PastSystem, in_order_of_time
from eosvolt.domain.home_statements.statement import ApprovedStatements, drafts
from eosvolt.projections import READ_MODELS
from eosvolt.projections.home_statements import home_statements
from eosvolt.projections.price_profiles import price_profiles
from eosvolt.projections.session_history import session_history
from tests.books import assert_books_are_right
from tests.homes_in_memory import home_session


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 7, tzinfo=UTC),
        datetime(2027, 3, 1, 12, tzinfo=UTC),
        datetime(2027, 1, 2, 0, 30, tzinfo=UTC),
    ],
)
async def test_there_are_statements_in_each_state(now: datetime) -> None:
    system = PastSystem(founded(now), MemoryNumbers())
    people = await charge_at_home(system.application, system.charging, system.clock, now, "admin:demo")
    models = MemoryReadModels(system.store, READ_MODELS)
    rows = models.rows(home_statements)
    first, second = months_before(now)
    told = {(row.location, row.month): bool(row.paid_at) for row in rows}
    homes = [home.key for home in HOMES]
    assert {row.owner for row in rows} == {person.customer for person in people}
    assert told == {
        (homes[0], first): True,
        (homes[0], second): True,
        (homes[1], first): True,
        (homes[1], second): False,
        (homes[2], first): True,
    }
    assert all(row.amount > 0 for row in rows)
    assert_books_are_right(models)
    # The sessions that were stated are those of the history, and the third home has a month to approve.
    (profile,) = models.rows(price_profiles)
    assert profile.terms.reimbursement is not None
    terms = {profile.profile: (profile.terms.reimbursement, "EUR")}
    for home in homes:
        known = ApprovedStatements()
        for row in rows:
            if row.location == home:
                known = known.with_statement(row.profile, row.month, row.lines)
        sessions = [each for row in models.rows(session_history) if (each := home_session(row)) is not None]
        left = drafts([each for each in sessions if each.home == home], known, terms)
        assert (second in {each.month for each in left}) is (home == homes[2])
        assert all(not each.corrects for draft in left for each in draft.lines)
    facts = in_order_of_time(system.store.facts)
    assert all(fact.recorded_at <= now for fact in facts)
