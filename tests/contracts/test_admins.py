"""The admins of companies in PostgreSQL: who there is, what is enforced, and what a deactivation leaves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.admins import enforced, stored
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.access import CANNOT_INVITE, INVITED_ALREADY, AdminPerson
from eosvolt.application.grants import access_of, completed
from eosvolt.application.permissions import EVERYTHING, NOTHING, OWNER, Grants, Right
from eosvolt.domain.granted_access import NO_ACCESS, GrantedAccess
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import carry_out, created
from tests.examples import MORNING

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
COMPANY, OTHER_COMPANY = 242, 77
REFUNDS = GrantedAccess(rights=("refund",), locations=("harbour",))
NEEDS = st.frozensets(st.sampled_from(sorted(EVERYTHING, key=str)))
LOCATIONS = st.none() | st.frozensets(st.text("abc", min_size=1), max_size=3)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP) as opened:
        yield opened


async def colleague(
    accounts: PostgresAccounts, name: str, *, company: int = COMPANY, owner: bool = False
) -> str:
    email = f"{name.lower()}@cpo.example"
    return (await created(accounts, email, name=(name, "Berg"), company=company, owner=owner)).account


def invitation(email: str, *, company: int = COMPANY) -> AdminPerson:
    return AdminPerson(
        account=str(uuid4()), company=company, first_name="Ina", last_name="Holm", email=email, invited=True
    )


async def test_people_are_those_of_the_company_with_open_invitations(accounts: PostgresAccounts) -> None:
    ana, ben = await colleague(accounts, "Ana", owner=True), await colleague(accounts, "Ben")
    await colleague(accounts, "Cleo", company=OTHER_COMPANY)
    ina = invitation("Ina@cpo.example")
    await carry_out(accounts, accounts.admins.invited(ina, ana))
    people = {each.account: each for each in await accounts.admins.people(COMPANY)}
    assert set(people) == {ana, ben, ina.account}
    assert (people[ana].owner, people[ben].owner) == (True, False)
    assert people[ina.account] == ina
    assert await accounts.admins.people(COMPANY, ben) == [people[ben]]
    assert await accounts.admins.people(OTHER_COMPANY, ben) == []
    assert await accounts.admins.is_taken(" BEN@cpo.example ")
    assert not await accounts.admins.is_taken("ina@cpo.example")


async def test_access_holds_from_the_commit_on_and_for_the_own_company_alone(
    accounts: PostgresAccounts,
) -> None:
    ben = await colleague(accounts, "Ben")
    assert await accounts.grants(ben, COMPANY) == Grants(frozenset(), frozenset())
    await carry_out(accounts, accounts.admins.access_changed(ben, REFUNDS))
    assert await accounts.grants(ben, COMPANY) == Grants(frozenset({Right.REFUND}), frozenset({"harbour"}))
    assert await accounts.grants(ben, OTHER_COMPANY) == NOTHING
    assert await accounts.grants("nobody", COMPANY) == NOTHING


async def test_the_owner_has_everything_and_keeps_what_is_left_afterwards(accounts: PostgresAccounts) -> None:
    ana, ben = await colleague(accounts, "Ana", owner=True), await colleague(accounts, "Ben")
    assert await accounts.grants(ana, COMPANY) == OWNER
    await carry_out(
        accounts,
        accounts.admins.ownership(ana, REFUNDS, owner=False),
        accounts.admins.ownership(ben, NO_ACCESS, owner=True),
    )
    assert (await accounts.grants(ana, COMPANY)).needs == {Right.REFUND}
    assert await accounts.grants(ben, COMPANY) == OWNER


async def test_an_address_is_invited_once_in_a_company(accounts: PostgresAccounts) -> None:
    ana = await colleague(accounts, "Ana", owner=True)
    first, again = invitation("ina@cpo.example"), invitation("INA@cpo.example")
    outcomes = await asyncio.gather(
        *(carry_out(accounts, accounts.admins.invited(each, ana)) for each in (first, again)),
        return_exceptions=True,
    )
    assert [str(each) for each in outcomes if each is not None] == [INVITED_ALREADY]
    await carry_out(accounts, accounts.admins.invited(invitation("ina@cpo.example", company=77), ""))
    (one,) = await accounts.admins.invited_by(ana)
    await carry_out(accounts, accounts.admins.forgotten(one))
    assert await accounts.admins.invited_by(ana) == []
    await carry_out(accounts, accounts.admins.invited(invitation("ina@cpo.example"), ana))


async def test_whoever_is_deactivated_invites_nobody_and_their_invitations_are_gone(
    accounts: PostgresAccounts,
) -> None:
    ana, ben = await colleague(accounts, "Ana", owner=True), await colleague(accounts, "Ben")
    theirs, others = invitation("ina@cpo.example"), invitation("ida@cpo.example")
    await carry_out(accounts, accounts.admins.invited(theirs, ben), accounts.admins.invited(others, ana))
    await carry_out(accounts, accounts.admins.deactivated(ben, MORNING))
    people = {each.account: each for each in await accounts.admins.people(COMPANY)}
    assert set(people) == {ana, ben, others.account}
    assert (people[ana].active, people[ben].active) == (True, False)
    with pytest.raises(Rejected, match=CANNOT_INVITE):
        await carry_out(accounts, accounts.admins.invited(invitation("eva@cpo.example"), ben))
    await carry_out(accounts, accounts.admins.reactivated(ben))
    await carry_out(accounts, accounts.admins.invited(invitation("eva@cpo.example"), ben))


async def test_another_name_is_that_of_the_account_or_of_the_invitation(accounts: PostgresAccounts) -> None:
    ben, ina = await colleague(accounts, "Ben"), invitation("ina@cpo.example")
    await carry_out(accounts, accounts.admins.invited(ina, ""))
    for account in (ben, ina.account):
        (person,) = await accounts.admins.people(COMPANY, account)
        renamed = AdminPerson(
            account=account, company=COMPANY, first_name="Bo", last_name="Ek", email=person.email
        )
        await carry_out(accounts, accounts.admins.renamed(renamed))
        (after,) = await accounts.admins.people(COMPANY, account)
        assert (after.first_name, after.last_name, after.invited) == ("Bo", "Ek", person.invited)
    assert (await accounts.names(COMPANY))[ben] == "Bo Ek"


async def test_the_last_activity_is_recorded_to_the_minute_and_never_goes_back(
    accounts: PostgresAccounts,
) -> None:
    ben = await colleague(accounts, "Ben")
    for seconds, recorded in ((0, 0), (59, 0), (61, 61), (-600, 61)):
        await accounts.admins.seen(ben, MORNING + timedelta(seconds=seconds))
        (person,) = await accounts.admins.people(COMPANY, ben)
        assert person.last_seen_at == MORNING + timedelta(seconds=recorded)


@given(NEEDS, LOCATIONS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_stored_is_enforced_as_it_was_given(
    needs: frozenset[Right], locations: frozenset[str] | None
) -> None:
    grants = Grants(completed(needs), locations)
    text = stored(access_of(grants))
    assert enforced(owner=False, access=text, before=False) == grants
    assert enforced(owner=False, access=text, before=True) == grants
    assert enforced(owner=True, access=text, before=False) == OWNER
    assert enforced(owner=False, access=None, before=True) == OWNER
    assert enforced(owner=False, access=None, before=False) == NOTHING


async def test_access_that_cannot_be_read_grants_nothing(accounts: PostgresAccounts, database: str) -> None:
    ben = await colleague(accounts, "Ben")
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE accounts SET access = 'nonsense' WHERE account = %s", (ben,))
    with pytest.raises(Rejected, match="cannot be read"):
        await accounts.grants(ben, COMPANY)
