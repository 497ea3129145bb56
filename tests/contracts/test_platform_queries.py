"""What platform staff are told of the companies, by PostgreSQL."""

from datetime import timedelta

from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.registration import HIGHEST_COMPANY
from eosvolt.domain.companies.commands import InviteCompany
from eosvolt.domain.companies.decider import companies
from tests.contracts.replayed_history import replayed_history
from tests.examples import COMPANY, MORNING
from tests.scenario import WHY, Scenario

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


async def test_numbers_follow_the_latest_that_has_a_free_one_after_it(database: str) -> None:
    scenario = Scenario()
    for number in (COMPANY, HIGHEST_COMPANY):
        wanted = InviteCompany(
            company=number, at=MORNING, secret_digest="ab" * 32, expires_at=MORNING + timedelta(days=7)
        )
        await scenario.application.execute(companies, str(number), wanted, WHY)
    async with (
        replayed_history(database, scenario.store.facts),
        PostgresAccounts(database, b"k" * 32, CHEAP, timedelta(hours=24)) as accounts,
    ):
        assert await accounts.platform.next_number() == COMPANY + 1
        # Noted in the transaction of the invitation, which the read models show a moment later.
        async with await connect(database, "test") as connection:
            await accounts.staff.noted(COMPANY + 1, "eve@pier.example").carry_out(connection)
        assert await accounts.platform.next_number() == COMPANY + 2


async def test_without_companies_numbers_begin_with_one(database: str) -> None:
    scenario = await Scenario().opened()
    async with (
        replayed_history(database, scenario.store.facts),
        PostgresAccounts(database, b"k" * 32, CHEAP, timedelta(hours=24)) as accounts,
    ):
        assert await accounts.platform.next_number() == 1
