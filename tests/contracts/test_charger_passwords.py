"""A charger's password while it is being replaced: the answer may be lost, the charger must not be."""

from collections.abc import AsyncIterator

import pytest

from eosvolt.adapters.postgres.accounts import PostgresAccounts
from eosvolt.adapters.postgres.charger_passwords import PostgresChargerPasswords
from eosvolt.adapters.postgres.connections import connect
from eosvolt.application.ports import PasswordVerdict
from eosvolt.domain.kernel import Rejected

CP = "242/CP-1"
OLD = b"the old password"
WRONG, RIGHT, CONFIRMED = PasswordVerdict.WRONG, PasswordVerdict.RIGHT, PasswordVerdict.CONFIRMED


@pytest.fixture
async def passwords(database: str) -> AsyncIterator[PostgresChargerPasswords]:
    async with PostgresAccounts(database, b"k" * 32) as accounts:
        await accounts.charger_passwords.set(CP, OLD)
        yield accounts.charger_passwords


async def a_week_passes(database: str) -> None:
    async with await connect(database, "test") as connection:
        await connection.execute(
            "UPDATE charger_password_proposals SET old_used_at = old_used_at - interval '8 days',"
            " proposed_at = proposed_at - interval '8 days'"
        )


async def test_a_new_password_is_twenty_random_bytes_in_hex(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose(CP)
    assert len(bytes.fromhex(key)) == 20
    assert key == key.lower()


async def test_after_acceptance_only_the_new_one_is_right(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose(CP)
    await passwords.settle(CP, "accepted")
    assert await passwords.judged(CP, OLD) is WRONG
    for form in (bytes.fromhex(key), key.encode(), key.upper().encode()):
        assert await passwords.judged(CP, form) is RIGHT


async def test_after_rejection_only_the_old_one_is_right(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose(CP)
    await passwords.settle(CP, "rejected")
    assert await passwords.judged(CP, key.encode()) is WRONG
    assert await passwords.judged(CP, OLD) is RIGHT


async def test_while_the_outcome_is_unknown_both_passwords_are_accepted(
    passwords: PostgresChargerPasswords,
) -> None:
    key = await passwords.propose(CP)
    assert await passwords.judged(CP, OLD) is RIGHT
    await passwords.settle(CP, "unanswered")
    assert await passwords.judged(CP, OLD) is RIGHT
    assert await passwords.judged(CP, bytes.fromhex(key)) is CONFIRMED
    assert await passwords.judged(CP, bytes.fromhex(key)) is RIGHT
    assert await passwords.judged(CP, OLD) is WRONG


async def test_an_answer_after_the_first_login_with_the_new_one_changes_nothing(
    passwords: PostgresChargerPasswords,
) -> None:
    key = await passwords.propose(CP)
    assert await passwords.judged(CP, key.encode()) is CONFIRMED
    await passwords.settle(CP, "rejected")
    assert await passwords.judged(CP, key.encode()) is RIGHT


async def test_a_charger_that_goes_on_with_the_old_one_for_a_week_has_not_taken_the_new_one(
    passwords: PostgresChargerPasswords, database: str
) -> None:
    key = await passwords.propose(CP)
    await passwords.settle(CP, "unanswered")
    await a_week_passes(database)
    # It was away all the time: that proves nothing.
    assert await passwords.judged(CP, OLD) is RIGHT
    await a_week_passes(database)
    assert await passwords.judged(CP, key.encode()) is WRONG
    assert await passwords.judged(CP, OLD) is RIGHT


async def test_several_lost_answers_leave_every_possible_password_right(
    passwords: PostgresChargerPasswords,
) -> None:
    keys = []
    for _ in range(3):
        keys.append(await passwords.propose(CP))
        await passwords.settle(CP, "unanswered")
    assert await passwords.judged(CP, OLD) is RIGHT
    assert await passwords.judged(CP, keys[1].encode()) is CONFIRMED
    assert await passwords.judged(CP, keys[0].encode()) is WRONG
    assert await passwords.judged(CP, OLD) is WRONG
    assert await passwords.judged(CP, keys[2].encode()) is CONFIRMED


async def test_one_new_password_at_a_time_is_on_its_way(passwords: PostgresChargerPasswords) -> None:
    await passwords.propose(CP)
    with pytest.raises(Rejected, match="still on its way"):
        await passwords.propose(CP)
    await passwords.settle(CP, "unanswered")
    await passwords.propose(CP)


async def test_a_charger_s_first_password_opens_beside_none(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose("242/OPEN")
    assert await passwords.judged("242/OPEN", b"anything at all") is WRONG
    assert await passwords.judged("242/OPEN", key.encode()) is CONFIRMED


async def test_another_charger_s_new_password_opens_nothing(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose(CP)
    assert await passwords.judged("7/CP-1", key.encode()) is WRONG
    assert await passwords.judged("242/CP-10", key.encode()) is WRONG


async def test_a_password_set_by_hand_ends_what_was_on_its_way(passwords: PostgresChargerPasswords) -> None:
    key = await passwords.propose(CP)
    await passwords.set(CP, "set by hand")
    assert await passwords.judged(CP, key.encode()) is WRONG
    assert await passwords.judged(CP, b"set by hand") is RIGHT


async def test_no_new_password_can_be_read_from_the_table(
    passwords: PostgresChargerPasswords, database: str
) -> None:
    key = await passwords.propose(CP)
    async with await connect(database, "test") as connection:
        cursor = await connection.execute("SELECT p::text FROM charger_password_proposals p")
        ((text,),) = await cursor.fetchall()
    assert key not in text
