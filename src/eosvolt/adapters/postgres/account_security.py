"""What both kinds of accounts have beside their factors: a password that is changed, and web sessions.

The names in braces are those of ``AccountTables``.
"""

import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import LiteralString

from eosvolt.adapters.postgres.account_mails import PostgresAccountMails
from eosvolt.adapters.postgres.account_tables import AccountTables
from eosvolt.adapters.postgres.connections import Db, ReadPool
from eosvolt.adapters.postgres.password_hashes import PasswordHashes
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.own_account import WebSession

_HASH: LiteralString = "SELECT password_hash FROM {accounts} WHERE {key} = %s"
_SET_HASH: LiteralString = (
    "UPDATE {accounts} SET password_hash = %s WHERE {key} = %s RETURNING email, {company}, language"
)
_END_STEPS: LiteralString = "DELETE FROM {steps} WHERE {key} = %s"
_OPEN: LiteralString = (
    "INSERT INTO {sessions} (digest, {key}, expires_at, address, agent)"
    " VALUES (%s, %s, now() + %s::interval, %s, %s)"
)
_SPEAKS: LiteralString = "UPDATE {accounts} SET language = %s WHERE {key} = %s AND language <> %s"
_CLOSE: LiteralString = "DELETE FROM {sessions} WHERE digest = %s"
_END: LiteralString = "DELETE FROM {sessions} WHERE {key} = %s AND id = %s RETURNING 1"
_END_OTHERS: LiteralString = "DELETE FROM {sessions} WHERE {key} = %s AND digest <> %s"
_SESSIONS: LiteralString = (
    "SELECT id, address, agent, opened_at, last_seen_at, digest = %s FROM {sessions}"
    " WHERE {key} = %s AND expires_at > now() AND last_seen_at > now() - %s::interval"
    " ORDER BY last_seen_at DESC, opened_at DESC"
)
_TIDY: LiteralString = (
    "DELETE FROM {sessions} WHERE expires_at <= now() OR last_seen_at <= now() - %s::interval"
)


class PostgresAccountSecurity:
    """Changes to one account each, of one kind. What belongs together is one transaction."""

    def __init__(
        self,
        database: ReadPool,
        hashes: PasswordHashes,
        mails: PostgresAccountMails,
        idle: timedelta,
        tables: AccountTables,
    ) -> None:
        """A web session ends when it was not used for ``idle``."""
        self._database = database
        self._hashes = hashes
        self._mails = mails
        self._idle = idle
        self._tables = tables
        self._query = tables.query

    async def right_password(self, account: str, password: str) -> bool:
        """Whether it is the account's password."""
        rows = await self._database.run(self._query(_HASH), account)
        return await self._hashes.verified(rows[0][0] if rows else None, password)

    async def change_password(self, account: str, password: str, secret: str) -> None:
        """Set another password and end all web sessions but that of ``secret``. Raises ``Rejected``."""
        hashed = await self._hashes.of(password)
        async with self._database.connection() as connection, connection.transaction():
            await self._set_password(connection, account, hashed, digest_of_secret(secret))

    async def open_session(self, account: str, *, address: str, agent: str, language: str = "") -> str:
        """Open a web session and return its secret for the cookie; only its SHA-256 is stored.

        ``language``: that of the person's browser, for mails.
        """
        secret = secrets.token_urlsafe(32)
        row = (digest_of_secret(secret), account, self._tables.session_lasts, address)
        await self._database.run(self._query(_OPEN), *row, agent.replace("\0", ""))
        if language:
            await self._database.run(self._query(_SPEAKS), language, account, language)
        return secret

    async def close_session(self, secret: str) -> None:
        """Sign out: delete the web session of this cookie."""
        await self._database.run(self._query(_CLOSE), digest_of_secret(secret))

    async def sessions(self, account: str, secret: str) -> Sequence[WebSession]:
        """The account's web sessions, the last used first."""
        rows = await self._database.run(self._query(_SESSIONS), digest_of_secret(secret), account, self._idle)
        return [
            WebSession(id=key, address=address, agent=agent, opened_at=at, last_seen_at=seen, current=current)
            for key, address, agent, at, seen, current in rows
        ]

    async def end_session(self, account: str, session: str) -> bool:
        """End one of the account's web sessions by its id; ``False`` if it has no such session."""
        return bool(await self._database.run(self._query(_END), account, session))

    async def end_other_sessions(self, account: str, secret: str) -> None:
        """End all web sessions but that of ``secret``."""
        await self._database.run(self._query(_END_OTHERS), account, digest_of_secret(secret))

    async def tidy(self) -> None:
        """Delete web sessions and second steps that have ended."""
        await self._database.run(self._query(_TIDY), self._idle)
        await self._database.run(self._query("DELETE FROM {steps} WHERE expires_at <= now()"))

    async def _set_password(self, connection: Db, account: str, hashed: str, kept: bytes) -> None:
        cursor = await connection.execute(self._query(_SET_HASH), (hashed, account))
        row = await cursor.fetchone()
        if row is None:
            return
        address, company, language = row
        await connection.execute(self._query(_END_OTHERS), (account, kept))
        for query in (_END_STEPS, *self._tables.ended):
            await connection.execute(self._query(query), (account,))
        mailed = self._tables.mailed
        mail = AccountMail(AccountMailKind.PASSWORD_CHANGED, address, language, mailed, company)
        for statement, params in self._mails.statements(mail):
            await connection.execute(statement, params)
