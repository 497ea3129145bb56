"""What people of companies do to their own accounts: as all accounts, and links to set another password."""

from datetime import timedelta
from typing import LiteralString

from eosvolt.adapters.postgres.account_security import PostgresAccountSecurity
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.own_account import LinkState, refuse_link

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


class PostgresOwnAccounts(PostgresAccountSecurity):
    """Changes to one account of a company each."""

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

    async def tidy(self) -> None:
        """Delete what has ended, and old links."""
        await super().tidy()
        await self._database.run(
            "DELETE FROM password_resets WHERE expires_at < now() - %s::interval", LINKS_KEPT
        )
        await self._database.run("DELETE FROM passkey_challenges WHERE expires_at <= now()")
