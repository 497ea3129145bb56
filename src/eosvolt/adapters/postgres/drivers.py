"""Drivers, the codes that are mailed to them, and what they are signed in with. Secrets are digests only."""

import hmac
import secrets
from collections.abc import Sequence
from typing import LiteralString
from uuid import uuid4

from eosvolt.adapters.postgres.account_mails import PostgresAccountMails
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.customer_records import folded_address
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.drivers import (
    CODE_DIGITS,
    CODE_LASTS,
    SESSION_IDLE,
    SESSION_LASTS,
    Driver,
    DriverCustomer,
)

_PUT_CODE: LiteralString = (
    "INSERT INTO driver_codes (email_folded, digest, expires_at) VALUES (%s, %s, now() + %s::interval)"
    " ON CONFLICT (email_folded, digest) DO UPDATE SET expires_at = excluded.expires_at"
)
_TAKE_CODE: LiteralString = (
    "DELETE FROM driver_codes WHERE email_folded = %s AND digest = %s AND expires_at > now() RETURNING 1"
)
# The other codes of the address are worth nothing any more.
_DROP_CODES: LiteralString = "DELETE FROM driver_codes WHERE email_folded = %s"
_MAKE: LiteralString = (
    "INSERT INTO drivers (driver, email, email_folded, language) VALUES (%s, %s, %s, %s)"
    " ON CONFLICT (email_folded) DO UPDATE SET email = excluded.email RETURNING driver"
)
_OPEN: LiteralString = (
    "INSERT INTO driver_sessions (digest, driver, expires_at) VALUES (%s, %s, now() + %s::interval)"
)
_SIGNED_IN: LiteralString = (
    "SELECT s.last_seen_at < now() - interval '1 hour', d.driver, d.email, d.name, d.language"
    " FROM driver_sessions s JOIN drivers d USING (driver)"
    " WHERE s.digest = %s AND s.expires_at > now() AND s.last_seen_at > now() - %s::interval"
)
_SEEN: LiteralString = "UPDATE driver_sessions SET last_seen_at = now() WHERE digest = %s"
_TIDY: tuple[LiteralString, ...] = (
    "DELETE FROM driver_codes WHERE expires_at <= now()",
    "DELETE FROM driver_sessions WHERE expires_at <= now()",
)


class PostgresDrivers:
    """Implements ``application.drivers.DriverAccounts``."""

    def __init__(self, database: ReadPool, secret_key: bytes, mails: PostgresAccountMails) -> None:
        """``secret_key`` is the server's; nobody can try codes on the table without it."""
        self._database = database
        self._secret_key = secret_key
        self._mails = mails

    async def code_for(self, email: str) -> str:
        """A code with which the address can sign in, which is mailed to nobody."""
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        await self._database.run(_PUT_CODE, folded_address(email), self._keyed(email, code), CODE_LASTS)
        return code

    async def mail_code(self, email: str, language: str) -> None:
        """Mail a code with which the address can sign in; earlier codes stay valid."""
        code = await self.code_for(email)
        await self._mails.put(
            AccountMail(AccountMailKind.DRIVER_CODE, email.strip(), language, {"code": code})
        )

    async def sign_in(self, email: str, code: str, language: str) -> str | None:
        """Take a code, once, and return the secret of the driver who is signed in; ``None`` for a wrong one.

        A driver who was not there before is made.
        """
        folded, secret = folded_address(email), secrets.token_urlsafe(32)
        async with self._database.connection() as connection, connection.transaction():
            taken = await connection.execute(_TAKE_CODE, (folded, self._keyed(email, code)))
            if await taken.fetchone() is None:
                return None
            await connection.execute(_DROP_CODES, (folded,))
            made = await connection.execute(_MAKE, (str(uuid4()), email.strip(), folded, language))
            row = await made.fetchone()
            driver = "" if row is None else row[0]
            await connection.execute(_OPEN, (digest_of_secret(secret), driver, SESSION_LASTS))
        return secret

    async def by_secret(self, secret: str) -> Driver | None:
        """The driver who is signed in with this secret, or ``None``."""
        digest = digest_of_secret(secret)
        rows = await self._database.run(_SIGNED_IN, digest, SESSION_IDLE)
        if not rows:
            return None
        seen_before, *driver = rows[0]
        if seen_before:
            await self._database.run(_SEEN, digest)
        return Driver(*driver)

    async def sign_out(self, secret: str) -> None:
        """Make a secret worthless."""
        await self._database.run("DELETE FROM driver_sessions WHERE digest = %s", digest_of_secret(secret))

    async def change(self, driver: Driver) -> None:
        """Keep another name or language."""
        query: LiteralString = "UPDATE drivers SET name = %s, language = %s WHERE driver = %s"
        await self._database.run(query, driver.name, driver.language, driver.id)

    async def erase(self, driver: Driver) -> None:
        """Delete a driver with all codes and secrets, and the answers to the driver's requests."""
        async with self._database.connection() as connection, connection.transaction():
            await connection.execute(_DROP_CODES, (folded_address(driver.email),))
            await connection.execute(
                "DELETE FROM idempotency_keys WHERE company = 0 AND starts_with(key, %s)",
                (f"driver:{driver.id} ",),
            )
            await connection.execute("DELETE FROM drivers WHERE driver = %s", (driver.id,))

    async def customers(self, driver: Driver) -> Sequence[DriverCustomer]:
        """The customers who have the driver's address, by company."""
        query: LiteralString = (
            "SELECT company, customer FROM customer_records WHERE email_folded = %s AND email_folded <> ''"
            " ORDER BY company"
        )
        return [DriverCustomer(*row) for row in await self._database.run(query, folded_address(driver.email))]

    async def tidy(self) -> None:
        """Delete what has expired."""
        for query in _TIDY:
            await self._database.run(query)

    def _keyed(self, email: str, code: str) -> bytes:
        text = f"driver {folded_address(email)} {code}"
        return hmac.digest(self._secret_key, text.encode("utf-8", "surrogatepass"), "sha256")
