"""Passkeys of accounts, and the challenges that browsers have to answer once."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, LiteralString

from psycopg.errors import UniqueViolation

from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.second_factors import PostgresSecondFactors
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMailKind
from eosvolt.application.passkeys import MOST_PASSKEYS, NewPasskey, Passkey, known_already, too_many

CHALLENGE_LASTS = timedelta(minutes=5)

_PASSKEYS: LiteralString = (
    "SELECT p.id, account, credential, p.name, public_key, sign_count, transports, made_at, last_used_at"
    " FROM passkeys p JOIN accounts a USING (account)"
)
_ADD: LiteralString = (
    "INSERT INTO passkeys (credential, account, name, public_key, sign_count, transports)"
    " VALUES (%s, %s, %s, %s, %s, %s)"
)
# Of answers at the same time one moves the count on.
_USE: LiteralString = (
    "UPDATE passkeys SET sign_count = %s, last_used_at = now()"
    " WHERE credential = %s AND sign_count = %s RETURNING 1"
)
_ANSWER: LiteralString = (
    "DELETE FROM passkey_challenges WHERE challenge = %s AND expires_at > now()"
    " AND account IS NOT DISTINCT FROM %s RETURNING 1"
)


class PostgresPasskeys:
    """The passkeys; only public keys are stored."""

    def __init__(self, database: ReadPool, factors: PostgresSecondFactors) -> None:
        """``factors`` makes recovery codes and mails."""
        self._database = database
        self._factors = factors

    async def challenge(self, challenge: bytes, account: str | None, browser: str) -> None:
        """Store a challenge for an account, or for whoever signs in, and the browser with this secret."""
        await self._database.run(
            "INSERT INTO passkey_challenges (challenge, account, expires_at)"
            " VALUES (%s, %s, now() + %s::interval)",
            _bound(challenge, browser), account, CHALLENGE_LASTS,
        )  # fmt: skip

    async def answer(self, challenge: bytes, account: str | None, browser: str) -> bool:
        """Whether the challenge was made for this and is answered for the first time, in time."""
        return bool(await self._database.run(_ANSWER, _bound(challenge, browser), account))

    async def of(self, account: str) -> Sequence[Passkey]:
        """The account's passkeys, the oldest first."""
        rows = await self._database.run(f"{_PASSKEYS} WHERE account = %s ORDER BY made_at, p.id", account)
        return [_passkey(row) for row in rows]

    async def by_credential(self, credential: bytes) -> Passkey | None:
        """The passkey with this id of its authenticator; ``None`` as well if its account is deactivated."""
        rows = await self._database.run(
            f"{_PASSKEYS} WHERE credential = %s AND a.deactivated_at IS NULL", credential
        )
        return _passkey(rows[0]) if rows else None

    async def add(self, account: str, new: NewPasskey) -> tuple[str, ...]:
        """Add a passkey. Returns new recovery codes if there were none. Raises ``Rejected``."""
        async with self._database.connection() as connection, connection.transaction():
            # Of requests at the same time one after the other counts.
            await connection.execute("SELECT FROM accounts WHERE account = %s FOR UPDATE", (account,))
            cursor = await connection.execute("SELECT count(*) FROM passkeys WHERE account = %s", (account,))
            row = await cursor.fetchone()
            if row is not None and row[0] >= MOST_PASSKEYS:
                raise too_many()
            try:
                await connection.execute(
                    _ADD,
                    (new.credential, account, new.name, new.public_key, new.sign_count, list(new.transports)),
                )
            except UniqueViolation:
                raise known_already() from None
            await self._factors.tell(
                connection, account, AccountMailKind.FACTOR_ADDED, what="passkey", name=new.name
            )
            return await self._factors.first_codes(connection, account)

    async def remove(self, account: str, passkey: str) -> bool:
        """Remove one of the account's passkeys by its id; ``False`` if it has no such passkey."""
        query: LiteralString = "DELETE FROM passkeys WHERE account = %s AND id = %s RETURNING name"
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(query, (account, passkey))
            row = await cursor.fetchone()
            if row is None:
                return False
            await self._factors.tell(
                connection, account, AccountMailKind.FACTOR_REMOVED, what="passkey", name=row[0]
            )
            await self._factors.forget_codes(connection, account)
            return True

    async def used(self, passkey: Passkey, sign_count: int) -> bool:
        """Record a use; ``False`` if another one came first."""
        return bool(await self._database.run(_USE, sign_count, passkey.credential, passkey.sign_count))


def _bound(challenge: bytes, browser: str) -> bytes:
    """What is stored of a challenge: only the browser that holds the secret can answer it."""
    return hashlib.sha256(digest_of_secret(browser) + challenge).digest()


def _passkey(row: tuple[Any, ...]) -> Passkey:
    key, account, credential, name, public_key, count, transports, made_at, used_at = row
    return Passkey(key, account, credential, name, public_key, count, tuple(transports), made_at, used_at)
