"""Platform staff in PostgreSQL, and the companies that they see."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.staff import StaffMember
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import PASSWORD, created

OTHER = "another horse battery"
EMAIL = "sam@eosvolt.example"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP, timedelta(hours=24)) as opened:
        yield opened


async def sam(accounts: PostgresAccounts) -> StaffMember:
    return await accounts.staff.create(f" {EMAIL}", "Sam", PASSWORD)


async def test_staff_and_people_of_companies_are_apart(accounts: PostgresAccounts) -> None:
    member = await sam(accounts)
    assert await accounts.staff.by_password(EMAIL.upper(), PASSWORD) == member
    assert await accounts.by_password(EMAIL, PASSWORD) is None
    await created(accounts, EMAIL, name="Sam", password=OTHER)
    assert await accounts.staff.by_password(EMAIL, OTHER) is None
    secret = await accounts.staff.open_session(member.id, address="", agent="")
    assert await accounts.by_session(secret) is None
    assert await accounts.staff.by_session(secret) == member


async def test_an_address_is_taken_once_and_a_bad_one_never(accounts: PostgresAccounts) -> None:
    await sam(accounts)
    for email, password in (
        (EMAIL.upper(), PASSWORD),
        ("nobody", PASSWORD),
        ("new@eosvolt.example", "short"),
    ):
        with pytest.raises(Rejected):
            await accounts.staff.create(email, "Sam", password)


async def test_another_password_ends_the_web_sessions(accounts: PostgresAccounts) -> None:
    member = await sam(accounts)
    secret = await accounts.staff.open_session(member.id, address="", agent="")
    assert await accounts.staff.set_password(EMAIL, OTHER) == member
    assert await accounts.staff.by_session(secret) is None
    assert await accounts.staff.by_password(EMAIL, PASSWORD) is None
    assert await accounts.staff.by_password(EMAIL, OTHER) == member
    with pytest.raises(Rejected):
        await accounts.staff.set_password("nobody@eosvolt.example", OTHER)


async def test_a_session_ends_when_it_is_closed_not_used_or_over(
    accounts: PostgresAccounts, database: str
) -> None:
    member = await sam(accounts)
    closed, idle, over = [
        await accounts.staff.open_session(member.id, address="", agent="") for _ in range(3)
    ]
    await accounts.staff.close_session(closed)
    assert await accounts.staff.by_session(closed) is None
    assert await accounts.staff.by_session(over) == member
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE staff_sessions SET last_seen_at = now() - interval '24 hours'")
        assert await accounts.staff.by_session(idle) is None
        await connection.execute("UPDATE staff_sessions SET last_seen_at = now(), expires_at = now()")
        assert await accounts.staff.by_session(over) is None
        await accounts.tidy()
        cursor = await connection.execute("SELECT count(*) FROM staff_sessions")
        assert await cursor.fetchone() == (0,)


async def test_a_key_acts_as_its_member_and_is_stored_as_a_digest(
    accounts: PostgresAccounts, database: str
) -> None:
    member = await sam(accounts)
    await accounts.staff.add_key(EMAIL, "billing", "a secret key")
    assert await accounts.staff.by_key("a secret key") == member
    assert await accounts.staff.by_key("another key") is None
    with pytest.raises(Rejected):
        await accounts.staff.add_key("nobody@eosvolt.example", "billing", "b")
    async with await connect(database, "test") as connection:
        cursor = await connection.execute("SELECT staff_api_keys::text FROM staff_api_keys")
        ((text,),) = await cursor.fetchall()
    assert "secret" not in text
    assert b"a secret key".hex() not in text
