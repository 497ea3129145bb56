"""What people do to their own accounts: passwords, links to set another one, and web sessions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import LiteralString

from eosvolt.adapters.postgres.account_mails import PostgresAccountMails
from eosvolt.adapters.postgres.connections import Db, ReadPool
from eosvolt.adapters.postgres.password_hashes import PasswordHashes
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.own_account import LinkState, WebSession, refuse_link

# How long a used or expired link says that it is one.
LINKS_KEPT = timedelta(days=7)

_RESET: LiteralString = (
    "SELECT CASE WHEN used_at IS NOT NULL THEN 'used' WHEN expires_at <= now() THEN 'expired'"
    " ELSE 'valid' END FROM password_resets JOIN accounts a USING (account)"
    " WHERE digest = %s AND a.deactivated_at IS NULL"
)
_USE_RESET: LiteralString = (
    "UPDATE password_resets r SET used_at = now() FROM accounts a"
    " WHERE r.digest = %s AND r.used_at IS NULL AND r.expires_at > now()"
    " AND a.account = r.account AND a.deactivated_at IS NULL RETURNING r.account"
)
# Other links to the same account are worthless from then on.
_END_RESETS: LiteralString = (
    "UPDATE password_resets SET used_at = now() WHERE account = %s AND used_at IS NULL"
)
_SET_HASH: LiteralString = (
    "UPDATE accounts SET password_hash = %s WHERE account = %s RETURNING email, company, language"
)
_END_STEPS: LiteralString = "DELETE FROM second_steps WHERE account = %s"
_END_OTHERS: LiteralString = "DELETE FROM web_sessions WHERE account = %s AND digest <> %s"
_SESSIONS: LiteralString = (
    "SELECT id, address, agent, opened_at, last_seen_at, digest = %s FROM web_sessions"
    " WHERE account = %s AND expires_at > now() AND last_seen_at > now() - %s::interval"
    " ORDER BY last_seen_at DESC, opened_at DESC"
)


class PostgresOwnAccounts:
    """Changes to one account each. What belongs together is one transaction."""

    def __init__(
        self, database: ReadPool, hashes: PasswordHashes, mails: PostgresAccountMails, idle: timedelta
    ) -> None:
        """A web session ends when it was not used for ``idle``."""
        self._database = database
        self._hashes = hashes
        self._mails = mails
        self._idle = idle

    async def right_password(self, account: str, password: str) -> bool:
        """Whether it is the account's password."""
        rows = await self._database.run("SELECT password_hash FROM accounts WHERE account = %s", account)
        return await self._hashes.verified(rows[0][0] if rows else None, password)

    async def change_password(self, account: str, password: str, secret: str) -> None:
        """Set another password and end all web sessions but that of ``secret``. Raises ``Rejected``."""
        hashed = await self._hashes.of(password)
        async with self._database.connection() as connection, connection.transaction():
            await self._set_password(connection, account, hashed, digest_of_secret(secret))

    async def check_reset(self, secret: str) -> None:
        """Raise ``Rejected`` with the reason if a link cannot be used."""
        rows = await self._database.run(_RESET, digest_of_secret(secret))
        refuse_link(LinkState(rows[0][0]) if rows else LinkState.UNKNOWN)

    async def reset_password(self, secret: str, password: str) -> None:
        """Set another password by a link, once, and end all web sessions. Raises ``Rejected``."""
        await self.check_reset(secret)
        hashed = await self._hashes.of(password)
        async with self._database.connection() as connection, connection.transaction():
            cursor = await connection.execute(_USE_RESET, (digest_of_secret(secret),))
            row = await cursor.fetchone()
            if row is not None:
                await self._set_password(connection, row[0], hashed, b"")
        if row is None:
            # Another request used it meanwhile.
            refuse_link(LinkState.USED)

    async def sessions(self, account: str, secret: str) -> Sequence[WebSession]:
        """The account's web sessions, the last used first."""
        rows = await self._database.run(_SESSIONS, digest_of_secret(secret), account, self._idle)
        return [
            WebSession(id=key, address=address, agent=agent, opened_at=at, last_seen_at=seen, current=current)
            for key, address, agent, at, seen, current in rows
        ]

    async def end_session(self, account: str, session: str) -> bool:
        """End one of the account's web sessions by its id; ``False`` if it has no such session."""
        query: LiteralString = "DELETE FROM web_sessions WHERE account = %s AND id = %s RETURNING 1"
        return bool(await self._database.run(query, account, session))

    async def end_other_sessions(self, account: str, secret: str) -> None:
        """End all web sessions but that of ``secret``."""
        await self._database.run(_END_OTHERS, account, digest_of_secret(secret))

    async def tidy(self) -> None:
        """Delete old links."""
        await self._database.run(
            "DELETE FROM password_resets WHERE expires_at < now() - %s::interval", LINKS_KEPT
        )
        await self._database.run("DELETE FROM second_steps WHERE expires_at <= now()")
        await self._database.run("DELETE FROM passkey_challenges WHERE expires_at <= now()")

    async def _set_password(self, connection: Db, account: str, hashed: str, kept: bytes) -> None:
        cursor = await connection.execute(_SET_HASH, (hashed, account))
        row = await cursor.fetchone()
        if row is None:
            return
        address, company, language = row
        await connection.execute(_END_OTHERS, (account, kept))
        await connection.execute(_END_RESETS, (account,))
        await connection.execute(_END_STEPS, (account,))
        mail = AccountMail(AccountMailKind.PASSWORD_CHANGED, address, language, {}, company)
        for query, params in self._mails.statements(mail):
            await connection.execute(query, params)
