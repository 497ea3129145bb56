"""Second factors: authenticator apps (TOTP), recovery codes, and sign-ins waiting for their second step.

The names in braces are those of ``AccountTables``.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import LiteralString

import pyotp

from eosvolt.adapters.postgres.account_mails import PostgresAccountMails
from eosvolt.adapters.postgres.account_tables import AccountTables
from eosvolt.adapters.postgres.connections import Db, ReadPool
from eosvolt.adapters.postgres.sealing import Sealing
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.second_factors import (
    RECOVERY_CODES,
    Factors,
    folded_code,
    no_factor,
    set_up_already,
    wrong_code,
)

STEP_LASTS = timedelta(minutes=5)
TRIES_PER_STEP = 5
# Clocks of phones differ: the code before and the one after are accepted as well (RFC 6238 §5.2).
_WINDOW = (0, -1, 1)
_CODE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"

_FACTORS: LiteralString = (
    "SELECT EXISTS (SELECT FROM {apps} a WHERE a.{key} = %(account)s AND confirmed_at IS NOT NULL),"
    " {passkeys}, (SELECT count(*) FROM {codes} r WHERE r.{key} = %(account)s)"
)
_BEGIN: LiteralString = (
    "INSERT INTO {apps} AS a ({key}, sealed) VALUES (%s, %s)"
    " ON CONFLICT ({key}) DO UPDATE SET sealed = excluded.sealed WHERE a.confirmed_at IS NULL RETURNING 1"
)
_CONFIRM: LiteralString = (
    "UPDATE {apps} SET confirmed_at = now(), last_step = %s"
    " WHERE {key} = %s AND confirmed_at IS NULL RETURNING 1"
)
_REMOVE_APP: LiteralString = "DELETE FROM {apps} WHERE {key} = %s RETURNING confirmed_at IS NOT NULL"
_SEALED: LiteralString = "SELECT sealed FROM {apps} WHERE {key} = %s AND (confirmed_at IS NOT NULL) = %s"
# A code works once: of requests at the same time one moves the step on.
_USE: LiteralString = (
    "UPDATE {apps} SET last_step = %s"
    " WHERE {key} = %s AND confirmed_at IS NOT NULL AND last_step < %s RETURNING 1"
)
_ADD_CODE: LiteralString = "INSERT INTO {codes} ({key}, digest) VALUES (%s, %s)"
_USE_CODE: LiteralString = "DELETE FROM {codes} WHERE {key} = %s AND digest = %s RETURNING 1"
_FORGET_CODES: LiteralString = "DELETE FROM {codes} WHERE {key} = %s"
_BEGIN_STEP: LiteralString = (
    "INSERT INTO {steps} (digest, {key}, expires_at) VALUES (%s, %s, now() + %s::interval)"
)
_TRY_STEP: LiteralString = (
    "UPDATE {steps} s SET tries = tries + 1 FROM {accounts} a"
    " WHERE s.digest = %s AND s.expires_at > now() AND s.tries < %s"
    " AND a.{key} = s.{key} AND {active} RETURNING s.{key}"
)
_STEP_OF: LiteralString = (
    "SELECT {key} FROM {steps} s JOIN {accounts} a USING ({key})"
    " WHERE s.digest = %s AND s.expires_at > now() AND s.tries < %s AND {active}"
)
_ADDRESSEE: LiteralString = "SELECT email, language, {company} FROM {accounts} WHERE {key} = %s"


class PostgresSecondFactors:
    """The second factors of one kind of account. Secrets are encrypted, codes are digests."""

    def __init__(
        self, database: ReadPool, secret_key: bytes, mails: PostgresAccountMails, tables: AccountTables
    ) -> None:
        """``secret_key`` is the server's, for secrets and for digests."""
        self._database = database
        self._secret_key = secret_key
        self._sealing = Sealing(secret_key, "authenticator apps")
        self._mails = mails
        self._tables = tables
        self._query = tables.query

    async def factors(self, account: str) -> Factors:
        """What protects the account beside its password."""
        async with self._database.connection() as connection:
            return await self.factors_of(connection, account)

    async def begin_app(self, account: str) -> None:
        """Make a shared secret, which counts once a code of it was typed. Raises ``Rejected``."""
        sealed = self._sealing.sealed(pyotp.random_base32().encode(), account)
        if not await self._database.run(self._query(_BEGIN), account, sealed):
            raise set_up_already()

    async def begun_app(self, account: str) -> str | None:
        """The shared secret (base32) that is not confirmed yet; ``None`` if there is none."""
        return await self._secret(account, confirmed=False)

    async def confirm_app(self, account: str, code: str, now: datetime) -> tuple[str, ...]:
        """Let the app count, by one of its codes.

        Returns new recovery codes if there were none. Raises ``Rejected`` for a wrong code.
        """
        secret = await self._secret(account, confirmed=False)
        step = None if secret is None else matching_step(secret, code, now)
        if step is None:
            raise wrong_code()
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(self._query(_CONFIRM), (step, account))
            if await cursor.fetchone() is None:
                raise set_up_already()
            await self.tell(connection, account, AccountMailKind.FACTOR_ADDED, what="app", name="")
            return await self.first_codes(connection, account)

    async def remove_app(self, account: str) -> None:
        """Remove the app; with the last factor recovery codes end as well."""
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(self._query(_REMOVE_APP), (account,))
            row = await cursor.fetchone()
            if row is not None and row[0]:
                await self.tell(connection, account, AccountMailKind.FACTOR_REMOVED, what="app", name="")
                await self.forget_codes(connection, account)

    async def remove_all(self, account: str) -> None:
        """Remove every factor and recovery code, for somebody who lost them all."""
        async with self._database.connection() as connection, connection.transaction():
            for query in (_REMOVE_APP, _FORGET_CODES, *self._tables.factors):
                await connection.execute(self._query(query), (account,))
            await self.tell(connection, account, AccountMailKind.FACTOR_REMOVED, what="all", name="")

    async def right_code(self, account: str, code: str, now: datetime) -> bool:
        """Whether it is a code of the app, or a recovery code; each works once."""
        secret = await self._secret(account, confirmed=True)
        step = None if secret is None else matching_step(secret, code, now)
        if step is not None:
            return bool(await self._database.run(self._query(_USE), step, account, step))
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(self._query(_USE_CODE), (account, self._digest(account, code)))
            used = await cursor.fetchone() is not None
            if used:
                left = str((await self.factors_of(connection, account)).recovery_codes)
                await self.tell(connection, account, AccountMailKind.RECOVERY_CODE_USED, left=left)
            return used

    async def new_codes(self, account: str) -> tuple[str, ...]:
        """Recovery codes in place of the earlier ones. Raises ``Rejected`` without a second factor."""
        async with self._database.connection() as connection, connection.transaction():
            if not (await self.factors_of(connection, account)).any:
                raise no_factor()
            codes = await self._replace_codes(connection, account)
            await self.tell(connection, account, AccountMailKind.RECOVERY_CODES_MADE)
            return codes

    async def begin_step(self, account: str) -> str:
        """Begin the second step of a sign-in; returns the secret for the cookie."""
        secret = secrets.token_urlsafe(32)
        await self._database.run(self._query(_BEGIN_STEP), digest_of_secret(secret), account, STEP_LASTS)
        return secret

    async def step_of(self, secret: str) -> str | None:
        """The account whose second step is outstanding; ``None`` if it is over."""
        rows = await self._database.run(self._query(_STEP_OF), digest_of_secret(secret), TRIES_PER_STEP)
        return rows[0][0] if rows else None

    async def try_step(self, secret: str) -> str | None:
        """Like ``step_of``, and counts an attempt; after five of them the password has to be given again."""
        rows = await self._database.run(self._query(_TRY_STEP), digest_of_secret(secret), TRIES_PER_STEP)
        return rows[0][0] if rows else None

    async def end_step(self, secret: str) -> bool:
        """End a second step; of requests at the same time one gets ``True``."""
        return bool(
            await self._database.run(
                self._query("DELETE FROM {steps} WHERE digest = %s RETURNING 1"), digest_of_secret(secret)
            )
        )

    async def factors_of(self, connection: Db, account: str) -> Factors:
        """What protects an account beside its password, as the connection sees it."""
        cursor = await connection.execute(self._query(_FACTORS), {"account": account})
        row = await cursor.fetchone()
        return Factors() if row is None else Factors(*row)

    async def forget_codes(self, connection: Db, account: str) -> None:
        """Delete the recovery codes of an account without any factor."""
        if not (await self.factors_of(connection, account)).any:
            await connection.execute(self._query(_FORGET_CODES), (account,))

    async def first_codes(self, connection: Db, account: str) -> tuple[str, ...]:
        """Recovery codes for an account that has none; empty otherwise."""
        if (await self.factors_of(connection, account)).recovery_codes:
            return ()
        return await self._replace_codes(connection, account)

    async def tell(self, connection: Db, account: str, kind: AccountMailKind, **values: str) -> None:
        """Store a mail to the owner of the account, in the transaction of what it is about."""
        cursor = await connection.execute(self._query(_ADDRESSEE), (account,))
        for email, language, company in await cursor.fetchall():
            mail = AccountMail(kind, email, language, values | dict(self._tables.mailed), company)
            for statement, params in self._mails.statements(mail):
                await connection.execute(statement, params)

    async def _replace_codes(self, connection: Db, account: str) -> tuple[str, ...]:
        await connection.execute(self._query(_FORGET_CODES), (account,))
        codes = tuple(_new_code() for _ in range(RECOVERY_CODES))
        for code in codes:
            await connection.execute(self._query(_ADD_CODE), (account, self._digest(account, code)))
        return codes

    async def _secret(self, account: str, *, confirmed: bool) -> str | None:
        rows = await self._database.run(self._query(_SEALED), account, confirmed)
        content = self._sealing.opened(rows[0][0], account) if rows else None
        return None if content is None else content.decode()

    def _digest(self, account: str, code: str) -> bytes:
        written = f"recovery code {account} {folded_code(code)}"
        return hmac.digest(self._secret_key, written.encode("utf-8", "surrogatepass"), "sha256")


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step (RFC 6238 §4.2) of a code at ``now`` or one step beside it; ``None`` for a wrong code."""
    typed = folded_code(code)
    totp = pyotp.TOTP(secret)
    for offset in _WINDOW:
        if hmac.compare_digest(
            totp.at(now, counter_offset=offset).encode(), typed.encode("utf-8", "surrogatepass")
        ):
            return totp.timecode(now) + offset
    return None


def _new_code() -> str:
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"
