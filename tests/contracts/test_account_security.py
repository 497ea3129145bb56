"""Passwords and web sessions of both kinds of accounts, in PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.domain.kernel import Rejected
from tests.contracts.account_kinds import KINDS, AccountKind
from tests.contracts.owners import PASSWORD
from tests.examples import MORNING

OTHER, EMAIL = "another horse battery", "olga@volt.example"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP, timedelta(hours=24), mailing=True) as opened:
        yield opened


@pytest.fixture
async def olga(accounts: PostgresAccounts, kind: AccountKind) -> str:
    return await kind.created(accounts, EMAIL)


async def signed_in(accounts: PostgresAccounts, kind: AccountKind, account: str, agent: str = "test") -> str:
    return await kind.security(accounts).open_session(
        account, address="198.51.100.7", agent=agent, language="de"
    )


async def test_another_password_ends_all_other_web_sessions(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    here, there = await signed_in(accounts, kind, olga), await signed_in(accounts, kind, olga)
    bystander = await kind.created(accounts, "ben@volt.example")
    theirs = await signed_in(accounts, kind, bystander)
    security = kind.security(accounts)
    assert await security.right_password(olga, PASSWORD)
    await security.change_password(olga, OTHER, here)
    assert await kind.by_session(accounts, here) == olga
    assert await kind.by_session(accounts, there) is None
    assert await kind.by_session(accounts, theirs) == bystander
    assert await kind.by_password(accounts, EMAIL, PASSWORD) is None
    assert await kind.by_password(accounts, EMAIL, OTHER) == olga
    with pytest.raises(Rejected, match="at least 12"):
        await security.change_password(olga, "short", here)


async def test_web_sessions_are_listed_and_ended_by_their_own_person_alone(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    here = await signed_in(accounts, kind, olga, "Chrome")
    there = await signed_in(accounts, kind, olga, "Firefox")
    bystander = await kind.created(accounts, "ben@volt.example")
    security = kind.security(accounts)
    listed = await security.sessions(olga, here)
    assert {(each.agent, each.current) for each in listed} == {("Chrome", True), ("Firefox", False)}
    assert {each.address for each in listed} == {"198.51.100.7"}
    other = next(each.id for each in listed if not each.current)
    assert not await security.end_session(bystander, other)
    assert await kind.by_session(accounts, there) == olga
    assert await security.end_session(olga, other)
    assert not await security.end_session(olga, other)
    assert await kind.by_session(accounts, there) is None
    third = await signed_in(accounts, kind, olga)
    await security.end_other_sessions(olga, here)
    assert await kind.by_session(accounts, third) is None
    assert await kind.by_session(accounts, here) == olga


async def test_a_session_of_one_kind_is_no_session_of_the_other(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    secret = await signed_in(accounts, kind, olga)
    step = await kind.factors(accounts).begin_step(olga)
    for other in KINDS:
        if other is not kind:
            assert await other.by_session(accounts, secret) is None
            assert await other.factors(accounts).step_of(step) is None
            assert await other.security(accounts).sessions(olga, secret) == []


async def test_a_changed_password_is_told_to_its_owner_in_their_language(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    here = await signed_in(accounts, kind, olga)
    await kind.security(accounts).change_password(olga, OTHER, here)
    (due,) = await accounts.mails.take_due(MORNING)
    values, company = ({}, 242) if kind.name == "person" else ({"of": "staff"}, 0)
    assert due.mail == AccountMail(AccountMailKind.PASSWORD_CHANGED, EMAIL, "de", values, company)


async def test_with_an_account_goes_all_that_opens_it(
    accounts: PostgresAccounts, kind: AccountKind, olga: str, database: str
) -> None:
    secret = await signed_in(accounts, kind, olga)
    step = await kind.factors(accounts).begin_step(olga)
    await kind.factors(accounts).begin_app(olga)
    async with await connect(database, "test") as connection:
        await connection.execute(kind.tables.query("DELETE FROM {accounts}").encode())
    assert await kind.by_session(accounts, secret) is None
    assert await kind.factors(accounts).step_of(step) is None
    assert await kind.factors(accounts).begun_app(olga) is None
