"""Authenticator apps and recovery codes in PostgreSQL: every code works once, also for requests at once.

For people of companies and for platform staff.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pyotp
import pytest
from argon2 import PasswordHasher

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.connections import connect
from eosvolt.adapters.postgres.second_factors import TRIES_PER_STEP, PostgresSecondFactors
from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.second_factors import RECOVERY_CODES, Factors
from eosvolt.domain.kernel import Rejected
from tests.contracts.account_kinds import AccountKind
from tests.examples import MORNING

KEY = b"k" * 32
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
STEP = timedelta(seconds=30)


@pytest.fixture
async def accounts(database: str) -> AsyncIterator[PostgresAccounts]:
    async with PostgresAccounts(database, KEY, CHEAP, mailing=True) as opened:
        yield opened


@pytest.fixture
def factors(accounts: PostgresAccounts, kind: AccountKind) -> PostgresSecondFactors:
    return kind.factors(accounts)


@pytest.fixture
async def olga(accounts: PostgresAccounts, kind: AccountKind) -> str:
    return await kind.created(accounts, "olga@volt.example")


def code_at(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


async def set_up(factors: PostgresSecondFactors, account: str) -> tuple[str, tuple[str, ...]]:
    """The shared secret of a confirmed app, and the recovery codes."""
    await factors.begin_app(account)
    secret = await factors.begun_app(account)
    assert secret is not None
    return secret, await factors.confirm_app(account, code_at(secret, MORNING - STEP), MORNING)


async def test_an_app_counts_once_a_code_of_it_was_typed(factors: PostgresSecondFactors, olga: str) -> None:
    await factors.begin_app(olga)
    secret = await factors.begun_app(olga)
    assert secret is not None
    assert not (await factors.factors(olga)).any
    wrong = str((int(code_at(secret, MORNING)) + 1) % 1_000_000).zfill(6)
    with pytest.raises(Rejected, match="not right"):
        await factors.confirm_app(olga, wrong, MORNING)
    codes = await factors.confirm_app(olga, code_at(secret, MORNING), MORNING)
    assert len(set(codes)) == RECOVERY_CODES
    assert await factors.factors(olga) == Factors(True, 0, RECOVERY_CODES)
    assert await factors.begun_app(olga) is None
    with pytest.raises(Rejected, match="set up already"):
        await factors.begin_app(olga)


async def test_the_code_that_confirmed_the_app_does_not_sign_in(
    factors: PostgresSecondFactors, olga: str
) -> None:
    secret, _ = await set_up(factors, olga)
    confirmed = code_at(secret, MORNING - STEP)
    assert not await factors.right_code(olga, confirmed, MORNING)


@pytest.mark.parametrize(
    ("steps", "right"), [(-2, False), (0, True), (1, True), (2, False)], ids=["old", "now", "next", "early"]
)
async def test_a_code_is_right_at_its_time_and_one_step_beside_it(
    factors: PostgresSecondFactors, olga: str, steps: int, *, right: bool
) -> None:
    secret, _ = await set_up(factors, olga)
    later = MORNING + 10 * STEP
    code = code_at(secret, later + steps * STEP)
    assert await factors.right_code(olga, code, later) is right


async def test_of_requests_at_once_with_one_code_one_gets_in(
    factors: PostgresSecondFactors, olga: str
) -> None:
    secret, codes = await set_up(factors, olga)
    for code in (code_at(secret, MORNING), codes[0].upper().replace("-", " ")):
        found = await asyncio.gather(*(factors.right_code(olga, code, MORNING) for _ in range(8)))
        assert found.count(True) == 1
        assert not await factors.right_code(olga, code, MORNING)
    assert (await factors.factors(olga)).recovery_codes == RECOVERY_CODES - 1


async def test_an_older_code_is_not_right_after_a_newer_one(
    factors: PostgresSecondFactors, olga: str
) -> None:
    secret, _ = await set_up(factors, olga)
    assert await factors.right_code(olga, code_at(secret, MORNING + STEP), MORNING)
    assert not await factors.right_code(olga, code_at(secret, MORNING), MORNING)


async def test_codes_of_one_account_are_worth_nothing_for_another(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    factors = kind.factors(accounts)
    secret, codes = await set_up(factors, olga)
    ben = await kind.created(accounts, "ben@volt.example")
    await set_up(factors, ben)
    for code in (code_at(secret, MORNING), codes[0], "", "\udcff", "\0"):
        assert not await factors.right_code(ben, code, MORNING)


async def test_new_recovery_codes_replace_the_earlier_ones(factors: PostgresSecondFactors, olga: str) -> None:
    with pytest.raises(Rejected):
        await factors.new_codes(olga)
    _, earlier = await set_up(factors, olga)
    codes = await factors.new_codes(olga)
    assert not await factors.right_code(olga, earlier[0], MORNING)
    assert await factors.right_code(olga, codes[0], MORNING)


async def test_with_the_last_factor_its_recovery_codes_end(factors: PostgresSecondFactors, olga: str) -> None:
    _, codes = await set_up(factors, olga)
    await factors.remove_app(olga)
    assert await factors.factors(olga) == Factors()
    assert not await factors.right_code(olga, codes[0], MORNING)


async def test_no_secret_and_no_code_can_be_read_from_the_tables_or_with_another_key(
    factors: PostgresSecondFactors, kind: AccountKind, olga: str, database: str
) -> None:
    secret, codes = await set_up(factors, olga)
    async with await connect(database, "test") as connection:
        for table in (kind.tables.query("{apps}"), kind.tables.query("{codes}"), "account_mails"):
            cursor = await connection.execute(f"SELECT string_agg({table}::text, '') FROM {table}".encode())
            ((text,),) = await cursor.fetchall()
            for hidden in (secret, secret.encode().hex(), codes[0], codes[0].encode().hex()):
                assert hidden not in text
    async with PostgresAccounts(database, b"other" * 8, CHEAP) as elsewhere:
        assert not await kind.factors(elsewhere).right_code(olga, code_at(secret, MORNING), MORNING)
        assert not await kind.factors(elsewhere).right_code(olga, codes[0], MORNING)


async def test_a_second_step_takes_five_codes_and_ends_once(
    factors: PostgresSecondFactors, kind: AccountKind, olga: str, database: str
) -> None:
    secret = await factors.begin_step(olga)
    assert await factors.step_of(secret) == olga
    tried = await asyncio.gather(*(factors.try_step(secret) for _ in range(9)))
    assert tried.count(olga) == TRIES_PER_STEP
    assert await factors.step_of(secret) is None
    other = await factors.begin_step(olga)
    ended = await asyncio.gather(*(factors.end_step(other) for _ in range(4)))
    assert ended.count(True) == 1
    late = await factors.begin_step(olga)
    async with await connect(database, "test") as connection:
        await connection.execute(kind.tables.query("UPDATE {steps} SET expires_at = now()").encode())
    assert await factors.step_of(late) is None
    assert await factors.try_step(late) is None
    assert await factors.step_of("invented") is None


async def test_another_password_ends_begun_second_steps(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    factors = kind.factors(accounts)
    secret = await factors.begin_step(olga)
    await kind.security(accounts).change_password(olga, "another horse battery", "")
    assert await factors.step_of(secret) is None


async def test_the_owner_is_told_what_happened_to_the_factors(
    accounts: PostgresAccounts, kind: AccountKind, olga: str
) -> None:
    factors = kind.factors(accounts)
    _, codes = await set_up(factors, olga)
    await factors.right_code(olga, codes[0], MORNING)
    await factors.new_codes(olga)
    await factors.remove_app(olga)
    told = [each.mail for each in await accounts.mails.take_due(MORNING)]
    assert [each.kind for each in told] == [
        AccountMailKind.FACTOR_ADDED,
        AccountMailKind.RECOVERY_CODE_USED,
        AccountMailKind.RECOVERY_CODES_MADE,
        AccountMailKind.FACTOR_REMOVED,
    ]
    assert told[1].values == {"left": "9", **kind.tables.mailed}


async def test_with_all_factors_removed_no_code_is_left(factors: PostgresSecondFactors, olga: str) -> None:
    secret, codes = await set_up(factors, olga)
    await factors.remove_all(olga)
    assert await factors.factors(olga) == Factors()
    for code in (code_at(secret, MORNING), codes[0]):
        assert not await factors.right_code(olga, code, MORNING)
