"""Passkeys in PostgreSQL: challenges are answered once, counts rise, and each belongs to one account."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.passkeys import MOST_PASSKEYS, NewPasskey
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import created

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
LAPTOP = NewPasskey(b"credential-1", "Laptop", b"public key", 3, ("internal",))


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP) as opened:
        yield opened


async def test_a_challenge_is_answered_once_in_time_and_for_what_it_was_made(
    accounts: PostgresAccounts, database: str
) -> None:
    passkeys, olga = accounts.passkeys, (await created(accounts, "olga@volt.example")).account
    await passkeys.challenge(b"of olga", olga, "browser")
    await passkeys.challenge(b"of anybody", None, "browser")
    assert not await passkeys.answer(b"of olga", None, "browser")
    assert not await passkeys.answer(b"of olga", olga, "other browser")
    assert not await passkeys.answer(b"of anybody", olga, "browser")
    assert not await passkeys.answer(b"of anybody", None, "")
    for challenge, account in ((b"of olga", olga), (b"of anybody", None)):
        answered = await asyncio.gather(*(passkeys.answer(challenge, account, "browser") for _ in range(4)))
        assert answered.count(True) == 1
    await passkeys.challenge(b"late", None, "browser")
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE passkey_challenges SET expires_at = now()")
    assert not await passkeys.answer(b"late", None, "browser")
    assert not await passkeys.answer(b"invented", None, "browser")


async def test_a_passkey_belongs_to_one_account_and_is_removed_by_its_own_person(
    accounts: PostgresAccounts,
) -> None:
    passkeys = accounts.passkeys
    olga, ben = (
        (await created(accounts, "olga@volt.example")).account,
        (await created(accounts, "ben@volt.example")).account,
    )
    assert len(await passkeys.add(olga, LAPTOP)) == 10
    with pytest.raises(Rejected, match="registered already"):
        await passkeys.add(ben, LAPTOP)
    assert await passkeys.add(olga, LAPTOP._replace(credential=b"credential-2")) == ()
    first, second = await passkeys.of(olga)
    assert (first.name, first.sign_count, first.account) == ("Laptop", 3, olga)
    assert not await passkeys.remove(ben, first.id)
    assert await passkeys.remove(olga, first.id)
    assert await passkeys.by_credential(b"credential-1") is None
    assert (await accounts.second_factors.factors(olga)).recovery_codes == 10
    assert await passkeys.remove(olga, second.id)
    assert not (await accounts.second_factors.factors(olga)).recovery_codes


async def test_of_uses_at_once_with_one_count_one_is_recorded(accounts: PostgresAccounts) -> None:
    olga = (await created(accounts, "olga@volt.example")).account
    await accounts.passkeys.add(olga, LAPTOP)
    (passkey,) = await accounts.passkeys.of(olga)
    used = await asyncio.gather(*(accounts.passkeys.used(passkey, 4) for _ in range(4)))
    assert used.count(True) == 1
    (after,) = await accounts.passkeys.of(olga)
    assert after.sign_count == 4
    assert after.last_used_at is not None


async def test_an_account_has_so_many_passkeys_at_most(accounts: PostgresAccounts) -> None:
    olga = (await created(accounts, "olga@volt.example")).account
    for number in range(MOST_PASSKEYS):
        await accounts.passkeys.add(olga, LAPTOP._replace(credential=f"c{number}".encode()))
    with pytest.raises(Rejected, match="at most 20"):
        await accounts.passkeys.add(olga, LAPTOP)


async def test_a_deactivated_account_has_no_passkey(accounts: PostgresAccounts, database: str) -> None:
    olga = (await created(accounts, "olga@volt.example")).account
    await accounts.passkeys.add(olga, LAPTOP)
    assert await accounts.passkeys.by_credential(LAPTOP.credential) is not None
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE accounts SET deactivated_at = now()")
    assert await accounts.passkeys.by_credential(LAPTOP.credential) is None
