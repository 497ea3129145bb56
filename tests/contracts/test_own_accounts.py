"""What people of companies do to their own accounts, in PostgreSQL: links, idle web sessions, mails."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.access import Account
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import PASSWORD, created
from tests.examples import MORNING

OTHER = "another horse battery"
EMAIL = "olga@volt.example"
KEY = b"k" * 32
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
IDLE = timedelta(hours=24)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, KEY, CHEAP, IDLE, mailing=True) as opened:
        yield opened


@pytest.fixture
async def olga(accounts: PostgresAccounts) -> Account:
    return await created(accounts, EMAIL)


async def signed_in(accounts: PostgresAccounts, account: Account, agent: str = "test") -> str:
    return await accounts.open_session(account.account, address="198.51.100.7", agent=agent, language="de")


async def sql(database: str, query: str) -> list[tuple[object, ...]]:
    async with await connect(database, "test") as connection:
        cursor = await connection.execute(query.encode())
        return await cursor.fetchall() if cursor.description else []


async def test_a_link_sets_another_password_once_and_ends_all_web_sessions(
    accounts: PostgresAccounts, olga: Account
) -> None:
    here = await signed_in(accounts, olga)
    link, forgotten = (
        await accounts.mails.reset_link(olga.account),
        await accounts.mails.reset_link(olga.account),
    )
    await accounts.own.check_reset(link)
    await accounts.own.reset_password(link, OTHER)
    assert await accounts.by_session(here) is None
    assert await accounts.by_password(EMAIL, OTHER) == olga
    for used in (link, forgotten):
        with pytest.raises(Rejected, match="used already"):
            await accounts.own.check_reset(used)
        with pytest.raises(Rejected, match="used already"):
            await accounts.own.reset_password(used, PASSWORD)
    assert await accounts.by_password(EMAIL, OTHER) == olga


async def test_of_parallel_uses_of_a_link_one_sets_the_password(
    accounts: PostgresAccounts, olga: Account
) -> None:
    link = await accounts.mails.reset_link(olga.account)
    wanted = [f"{OTHER} {number}" for number in range(6)]
    outcomes = await asyncio.gather(
        *(accounts.own.reset_password(link, each) for each in wanted), return_exceptions=True
    )
    (winner,) = [each for each, outcome in zip(wanted, outcomes, strict=True) if outcome is None]
    assert {str(each) for each in outcomes if each is not None} == {"This link was used already."}
    assert await accounts.by_password(EMAIL, winner) == olga


async def test_a_link_expires_after_an_hour_and_an_invented_one_is_not_valid(
    accounts: PostgresAccounts, olga: Account, database: str
) -> None:
    link = await accounts.mails.reset_link(olga.account)
    ((left,),) = await sql(database, "SELECT expires_at - now() FROM password_resets")
    assert isinstance(left, timedelta)
    assert timedelta(minutes=55) < left <= timedelta(hours=1)
    await sql(database, "UPDATE password_resets SET expires_at = now()")
    with pytest.raises(Rejected, match="expired"):
        await accounts.own.reset_password(link, OTHER)
    with pytest.raises(Rejected, match="not valid"):
        await accounts.own.reset_password("invented", OTHER)
    assert await accounts.by_password(EMAIL, PASSWORD) == olga


async def test_a_password_that_is_too_short_uses_no_link_up(
    accounts: PostgresAccounts, olga: Account
) -> None:
    link = await accounts.mails.reset_link(olga.account)
    with pytest.raises(Rejected, match="at least 12"):
        await accounts.own.reset_password(link, "short")
    await accounts.own.check_reset(link)


async def test_a_web_session_ends_when_nobody_uses_it(
    accounts: PostgresAccounts, olga: Account, database: str
) -> None:
    used, watched, idle = [await signed_in(accounts, olga) for _ in range(3)]
    await sql(database, "UPDATE web_sessions SET last_seen_at = now() - interval '23 hours 59 minutes'")
    assert await accounts.by_session(used) == olga
    assert await accounts.by_session(watched, used=False) == olga
    await sql(database, "UPDATE web_sessions SET last_seen_at = last_seen_at - interval '2 minutes'")
    assert await accounts.by_session(used) == olga
    assert await accounts.by_session(watched) is None
    assert await accounts.by_session(idle) is None
    assert len(await accounts.own.sessions(olga.account, used)) == 1
    await accounts.tidy()
    assert await sql(database, "SELECT count(*) FROM web_sessions") == [(1,)]


async def test_the_last_use_is_recorded_at_most_once_a_minute(
    accounts: PostgresAccounts, olga: Account, database: str
) -> None:
    here = await signed_in(accounts, olga)
    await sql(database, "UPDATE web_sessions SET last_seen_at = now() - interval '50 seconds'")
    before = await sql(database, "SELECT last_seen_at FROM web_sessions")
    assert await accounts.by_session(here) == olga
    assert await sql(database, "SELECT last_seen_at FROM web_sessions") == before
    await sql(database, "UPDATE web_sessions SET last_seen_at = now() - interval '61 seconds'")
    before = await sql(database, "SELECT last_seen_at FROM web_sessions")
    assert await accounts.by_session(here) == olga
    assert await sql(database, "SELECT last_seen_at FROM web_sessions") > before


async def test_a_mail_is_taken_by_one_process_and_its_values_cannot_be_read_from_the_table(
    accounts: PostgresAccounts, database: str
) -> None:
    mail = AccountMail(AccountMailKind.COMPANY_INVITATION, EMAIL, "en", {"link": "a secret link"})
    await accounts.mails.put(mail)
    ((row,),) = await sql(database, "SELECT account_mails::text FROM account_mails")
    assert b"a secret link".hex() not in str(row)
    assert "secret" not in str(row)
    taken = await asyncio.gather(*(accounts.mails.take_due(MORNING) for _ in range(4)))
    (due,) = [each for some in taken for each in some]
    assert due.mail == mail
    await accounts.mails.leave(due.id)
    (again,) = await accounts.mails.take_due(MORNING)
    assert again.id == due.id
    await accounts.mails.done(again.id)
    assert await sql(database, "SELECT * FROM account_mails") == []


async def test_without_a_mail_server_no_mail_is_stored(database: str) -> None:
    async with PostgresAccounts(database, KEY, CHEAP) as silent:
        await silent.mails.put(AccountMail(AccountMailKind.RESET, EMAIL, "en"))
    assert await sql(database, "SELECT * FROM account_mails") == []
