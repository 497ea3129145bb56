"""The demo's home chargers: statements in each state, whatever day it is."""

from datetime import UTC, datetime

import pytest

from eosvolt.adapters.memory.numbers import MemoryNumbers
from eosvolt.adapters.memory.read_models import MemoryReadModels
from eosvolt.adapters.simulator.demo_homes import HOMES, NEIGHBOURS
from eosvolt.demo.homes import founded, live_at_home, months_before, offer_home, state_months
from eosvolt.demo.past import PastSystem, in_order_of_time
from eosvolt.domain.home_statements.statement import ApprovedStatements, drafts
from eosvolt.projections import READ_MODELS
from eosvolt.projections.home_chargers import home_chargers
from eosvolt.projections.home_statements import home_statements
from eosvolt.projections.price_profiles import price_profiles
from eosvolt.projections.session_history import session_history
from eosvolt.projections.session_row import home_session
from tests.books import assert_books_are_right

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 30, 7, tzinfo=UTC),
        datetime(2027, 1, 2, 0, 30, tzinfo=UTC),
    ],
)
async def test_there_are_statements_in_each_state(now: datetime) -> None:
    system = PastSystem(founded(now), MemoryNumbers())
    await live_at_home(system, founded(now), now)
    system.clock.set(now)
    await offer_home(system.application, now)
    await state_months(system.application, in_order_of_time(system.store.facts), now, "admin:demo")
    models = MemoryReadModels(system.store, READ_MODELS)
    rows = models.rows(home_statements)
    first, second, third = months_before(now)
    one, two, three, _ = (home.key for home in HOMES)
    assert {(row.location, row.month): bool(row.paid_at) for row in rows} == {
        (one, first): True,
        (one, second): True,
        (one, third): True,
        (two, first): True,
        (two, second): True,
        (two, third): False,
        (three, first): True,
        (three, second): True,
    }
    assert all(row.amount > 0 for row in rows)
    assert_books_are_right(models)
    # What was stated is of the sessions as they are known, and the third home has a month to approve.
    profiles = {each.profile: each.terms for each in models.rows(price_profiles)}
    terms = {
        name: (each.reimbursement, "EUR") for name, each in profiles.items() if each.reimbursement is not None
    }
    for home in (one, two, three):
        known = ApprovedStatements()
        for row in rows:
            if row.location == home:
                known = known.with_statement(row.profile, row.month, row.lines)
        sessions = [each for row in models.rows(session_history) if (each := home_session(row)) is not None]
        left = drafts([each for each in sessions if each.home == home], known, terms)
        assert (third in {each.month for each in left}) is (home == three)
        assert all(not each.corrects for draft in left for each in draft.lines)
    facts = in_order_of_time(system.store.facts)
    assert all(fact.recorded_at.date() <= now.date() for fact in facts)
    assert [row.owner for row in models.rows(home_chargers)].count("") == 1


async def test_neighbours_pay_at_a_home_whose_owner_sells() -> None:
    now = datetime(2026, 11, 30, 7, tzinfo=UTC)
    system = PastSystem(founded(now), MemoryNumbers())
    await live_at_home(system, founded(now), now)
    (home,) = [each for each in HOMES if each.profile == NEIGHBOURS]
    models = MemoryReadModels(system.store, READ_MODELS)
    sold = [row for row in models.rows(session_history) if row.location == home.key and row.total_gross]
    assert {row.token for row in sold} == {token.uid for token in home.tokens}
