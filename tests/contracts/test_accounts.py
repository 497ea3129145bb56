"""Accounts, sessions, chargers' passwords and repeated requests in PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.access import Account, RememberedAnswer
from eosvolt.application.ports import PasswordVerdict
from eosvolt.domain.kernel import Rejected
from tests.contracts.owners import PASSWORD, created
from tests.examples import MORNING, after

KEY = b"k" * 32
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, KEY, CHEAP) as opened:
        yield opened


async def owner(accounts: PostgresAccounts) -> Account:
    return await created(accounts, "Olga@Volt.example")


async def test_somebody_is_known_by_e_mail_in_any_case_and_the_right_password(
    accounts: PostgresAccounts,
) -> None:
    olga = await owner(accounts)
    assert await accounts.by_password(" oLGA@volt.EXAMPLE ", PASSWORD) == olga
    assert await accounts.by_password("olga@volt.example", PASSWORD.upper()) is None
    assert await accounts.by_password("nobody@volt.example", PASSWORD) is None


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("OLGA@volt.example", PASSWORD),
        ("new@volt.example", "short one"),
        ("new@volt.example", "x" * 257),
        ("not an address", PASSWORD),
        ("@volt.example", PASSWORD),
    ],
)
async def test_a_taken_e_mail_and_a_bad_password_are_refused(
    accounts: PostgresAccounts, email: str, password: str
) -> None:
    await owner(accounts)
    with pytest.raises(Rejected):
        await created(accounts, email, company=7, password=password)


async def test_no_password_and_no_cookie_can_be_read_from_the_tables(
    accounts: PostgresAccounts, database: str
) -> None:
    olga = await owner(accounts)
    secret = await accounts.open_session(olga.account, address="127.0.0.1", agent="test")
    await accounts.charger_passwords.set("242/CP-1", "charger secret")
    async with await connect(database, "test") as connection:
        for table in ("accounts", "web_sessions", "charger_passwords"):
            cursor = await connection.execute(f"SELECT {table}::text FROM {table}".encode())
            ((text,),) = await cursor.fetchall()
            for hidden in (PASSWORD, secret, "charger secret", b"charger secret".hex()):
                assert hidden not in text
        cursor = await connection.execute("SELECT password_hash FROM accounts")
        ((hashed,),) = await cursor.fetchall()
        assert hashed.startswith("$argon2id$")


async def test_a_session_lasts_until_it_is_closed(accounts: PostgresAccounts) -> None:
    olga = await owner(accounts)
    first = await accounts.open_session(olga.account, address="", agent="")
    second = await accounts.open_session(olga.account, address="", agent="")
    assert first != second
    assert await accounts.by_session(first) == olga
    await accounts.close_session(first)
    assert await accounts.by_session(first) is None
    assert await accounts.by_session(second) == olga
    assert await accounts.by_session("invented") is None


async def test_an_expired_session_is_none_and_is_tidied_away(
    accounts: PostgresAccounts, database: str
) -> None:
    olga = await owner(accounts)
    secret = await accounts.open_session(olga.account, address="", agent="")
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE web_sessions SET expires_at = now()")
        assert await accounts.by_session(secret) is None
        await accounts.tidy()
        cursor = await connection.execute("SELECT count(*) FROM web_sessions")
        assert await cursor.fetchone() == (0,)


async def test_an_older_hash_is_renewed_when_its_password_is_used(database: str) -> None:
    async with PostgresAccounts(database, KEY, CHEAP) as before:
        await owner(before)
    dearer = PasswordHasher(time_cost=2, memory_cost=64, parallelism=1)
    async with PostgresAccounts(database, KEY, dearer) as after:
        assert await after.by_password("olga@volt.example", PASSWORD) is not None
        assert await after.by_password("olga@volt.example", PASSWORD) is not None
    async with await connect(database, "test") as connection:
        cursor = await connection.execute("SELECT password_hash FROM accounts")
        ((hashed,),) = await cursor.fetchall()
    assert not dearer.check_needs_rehash(hashed)


@pytest.mark.parametrize(
    ("password", "given", "right"),
    [
        ("plain password", b"plain password", True),
        ("plain password", b"plain passwore", False),
        ("plain password", b"plain password".hex().encode(), True),
        ("00112233445566778899aabbccddeeff", bytes.fromhex("00112233445566778899aabbccddeeff"), True),
        ("00112233445566778899AABBCCDDEEFF", bytes.fromhex("00112233445566778899aabbccddeeff"), True),
        ("00112233445566778899AABBCCDDEEFF", b"00112233445566778899AABBCCDDEEFF", True),
        ("00112233445566778899AABBCCDDEEFF", b"", False),
        ("plain password", b"\xff\xfe\x00", False),
    ],
)
async def test_a_charger_may_send_its_password_as_bytes_or_as_hex(
    accounts: PostgresAccounts, password: str, given: bytes, right: bool
) -> None:
    await accounts.charger_passwords.set("242/CP-1", password)
    passwords = accounts.charger_passwords
    verdict = PasswordVerdict.RIGHT if right else PasswordVerdict.WRONG
    assert await passwords.judged("242/CP-1", given) is verdict
    assert await passwords.judged("242/CP-2", given) is PasswordVerdict.WRONG


async def test_a_password_that_was_taken_away_opens_nothing(accounts: PostgresAccounts) -> None:
    await accounts.charger_passwords.set("242/CP-1", "plain password")
    await accounts.charger_passwords.set("242/CP-1", None)
    verdict = await accounts.charger_passwords.judged("242/CP-1", b"plain password")
    assert verdict is PasswordVerdict.WRONG
    with pytest.raises(Rejected):
        await accounts.charger_passwords.set("242/CP-1", "short")


async def test_another_server_key_makes_the_stored_digests_worthless(
    accounts: PostgresAccounts, database: str
) -> None:
    await accounts.charger_passwords.set("242/CP-1", "plain password")
    async with PostgresAccounts(database, b"other" * 8, CHEAP) as elsewhere:
        verdict = await elsewhere.charger_passwords.judged("242/CP-1", b"plain password")
        assert verdict is PasswordVerdict.WRONG


async def test_of_requests_with_one_key_exactly_one_is_answered_again(accounts: PostgresAccounts) -> None:
    claims = await asyncio.gather(*(accounts.repeated(242, "key", "digest") for _ in range(8)))
    assert claims.count(None) == 1
    assert [claim.status for claim in claims if claim is not None] == [0] * 7
    answer = RememberedAnswer("digest", 201, {"etag": '"1"'}, b"{}")
    await accounts.remember(242, "key", "digest", answer)
    assert await accounts.repeated(242, "key", "digest") == answer
    assert await accounts.repeated(242, "key", "another") == answer._replace(digest="")
    assert await accounts.repeated(7, "key", "digest") is None


async def test_a_key_is_free_again_when_its_request_failed_or_its_day_is_over(
    accounts: PostgresAccounts, database: str
) -> None:
    assert await accounts.repeated(242, "key", "digest") is None
    await accounts.forget(242, "key")
    assert await accounts.repeated(242, "key", "digest") is None
    async with await connect(database, "test") as connection:
        await connection.execute("UPDATE idempotency_keys SET claimed_at = now() - interval '61 seconds'")
        assert await accounts.repeated(242, "key", "digest") is None
        await accounts.remember(242, "key", "digest", RememberedAnswer("digest", 200, {}, b""))
        await connection.execute("UPDATE idempotency_keys SET claimed_at = now() - interval '25 hours'")
        assert await accounts.repeated(242, "key", "other") is None
        await connection.execute("UPDATE idempotency_keys SET claimed_at = now() - interval '25 hours'")
        await accounts.tidy()
        cursor = await connection.execute("SELECT count(*) FROM idempotency_keys")
        assert await cursor.fetchone() == (0,)


async def test_the_newest_use_of_an_api_key_is_known_to_its_company(accounts: PostgresAccounts) -> None:
    await accounts.key_used("key-1", 242, after(2))
    await accounts.key_used("key-1", 242, after(1))
    await accounts.key_used("key-2", 7, MORNING)
    assert await accounts.key_uses(242) == {"key-1": after(2)}
    assert await accounts.key_uses(7) == {"key-2": MORNING}
    assert await accounts.key_uses(8) == {}
