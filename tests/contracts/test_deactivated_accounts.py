"""A deactivated account: no way in is left, neither one that was begun before nor a new one."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.passkeys import NewPasskey
from eosvolt.application.permissions import NOTHING
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import PASSWORD, carry_out, created
from tests.examples import MORNING

EMAIL = "olga@volt.example"
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


class Way(NamedTuple):
    """A way in: what is prepared for the account, and whether that opens something.

    ``stays``: after reactivation what was prepared before opens it again.
    """

    prepare: Callable[[PostgresAccounts, str], Awaitable[Any]]
    opens: Callable[[PostgresAccounts, Any], Awaitable[bool]]
    stays: bool = False


async def nothing(_: PostgresAccounts, account: str) -> str:
    return account


async def by_password(accounts: PostgresAccounts, _: str) -> bool:
    return await accounts.by_password(EMAIL, PASSWORD) is not None


async def session(accounts: PostgresAccounts, account: str) -> str:
    return await accounts.open_session(account, address="198.51.100.7", agent="test")


async def by_session(accounts: PostgresAccounts, secret: str) -> bool:
    return await accounts.by_session(secret) is not None


async def link(accounts: PostgresAccounts, account: str) -> str:
    return await accounts.mails.reset_link(account)


async def link_is_shown(accounts: PostgresAccounts, secret: str) -> bool:
    try:
        await accounts.own.check_reset(secret)
    except Rejected as refusal:
        assert "not valid" in str(refusal)  # noqa: PT017 - the refusal does not reveal the deactivation
        return False
    return True


async def link_sets_a_password(accounts: PostgresAccounts, secret: str) -> bool:
    try:
        await accounts.own.reset_password(secret, PASSWORD)
    except Rejected:
        return False
    return True


async def by_mail(accounts: PostgresAccounts, _: str) -> bool:
    return await accounts.mails.addressee(EMAIL) is not None


async def step(accounts: PostgresAccounts, account: str) -> str:
    return await accounts.second_factors.begin_step(account)


async def step_is_shown(accounts: PostgresAccounts, secret: str) -> bool:
    return await accounts.second_factors.step_of(secret) is not None


async def step_takes_a_code(accounts: PostgresAccounts, secret: str) -> bool:
    return await accounts.second_factors.try_step(secret) is not None


async def passkey(accounts: PostgresAccounts, account: str) -> bytes:
    credential = uuid4().bytes
    await accounts.passkeys.add(account, NewPasskey(credential, "Laptop", b"public key", 0))
    return credential


async def by_passkey(accounts: PostgresAccounts, credential: bytes) -> bool:
    return await accounts.passkeys.by_credential(credential) is not None


async def grants(accounts: PostgresAccounts, account: str) -> bool:
    return await accounts.grants(account, 242) != NOTHING


WAYS = {
    "the password": Way(nothing, by_password, stays=True),
    "a web session": Way(session, by_session),
    "the page of a link to set a password": Way(link, link_is_shown),
    "a link to set a password": Way(link, link_sets_a_password),
    "a mail with such a link": Way(nothing, by_mail, stays=True),
    "the page of a second step": Way(step, step_is_shown),
    "a code for a second step": Way(step, step_takes_a_code),
    "a passkey": Way(passkey, by_passkey, stays=True),
    "an API key for which it answers": Way(nothing, grants, stays=True),
}


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, b"k" * 32, CHEAP, mailing=True) as opened:
        yield opened


@pytest.fixture
async def olga(accounts: PostgresAccounts) -> str:
    return (await created(accounts, EMAIL)).account


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_no_way_in_is_left(accounts: PostgresAccounts, olga: str, way: Way) -> None:
    assert await way.opens(accounts, await way.prepare(accounts, olga))
    before = await way.prepare(accounts, olga)
    await carry_out(accounts, accounts.admins.deactivated(olga, MORNING))
    assert not await way.opens(accounts, before)
    meanwhile = await way.prepare(accounts, olga)
    assert not await way.opens(accounts, meanwhile)
    await carry_out(accounts, accounts.admins.reactivated(olga))
    for prepared in (before, meanwhile):
        assert await way.opens(accounts, prepared) is way.stays
    assert await way.opens(accounts, await way.prepare(accounts, olga))


# What an account has again when it is reactivated: they open nothing by themselves.
KEPT = {"authenticator_apps", "recovery_codes", "passkeys"}
_TABLES = """
SELECT c.conrelid::regclass::text, a.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = 'f' AND c.confrelid = 'accounts'::regclass
"""


async def test_what_is_under_way_for_it_is_deleted_from_every_table(
    accounts: PostgresAccounts, olga: str, database: str
) -> None:
    for prepare in (session, link, step, passkey):
        await prepare(accounts, olga)
    await accounts.second_factors.begin_app(olga)
    await accounts.passkeys.challenge(b"challenge", olga, "browser")
    assert await tables_with_rows(database) >= KEPT | {"web_sessions", "password_resets", "second_steps"}
    await carry_out(accounts, accounts.admins.deactivated(olga, MORNING))
    assert await tables_with_rows(database) == KEPT


async def tables_with_rows(database: str) -> set[str]:
    """The tables that refer to an account."""
    async with await connect(database, "test") as connection:
        tables = await (await connection.execute(_TABLES)).fetchall()
        found = set()
        for table, column in tables:
            query = f"SELECT 1 FROM {table} WHERE {column} IS NOT NULL LIMIT 1"
            if await (await connection.execute(query.encode())).fetchone():
                found.add(table)
    return found
