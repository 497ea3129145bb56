"""Accounts, web sessions, uses of API keys, and the stored answers of idempotency keys.

Secrets are stored as digests only. Expired rows count as absent; ``tidy`` deletes them.
"""

import hmac
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, LiteralString, Self

import psycopg
from argon2 import PasswordHasher
from psycopg.types.json import Jsonb

from eosvolt.adapters.postgres.account_mails import PostgresAccountMails
from eosvolt.adapters.postgres.account_security import PostgresAccountSecurity
from eosvolt.adapters.postgres.account_tables import PEOPLE, STAFF
from eosvolt.adapters.postgres.admins import PostgresAdmins, enforced, stored
from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.charger_passwords import PostgresChargerPasswords
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.drivers import PostgresDrivers
from eosvolt.adapters.postgres.own_accounts import PostgresOwnAccounts
from eosvolt.adapters.postgres.passkeys import PostgresPasskeys
from eosvolt.adapters.postgres.password_hashes import PasswordHashes
from eosvolt.adapters.postgres.queries.drivers import PostgresDriverQueries
from eosvolt.adapters.postgres.queries.platform import PostgresPlatformQueries
from eosvolt.adapters.postgres.second_factors import PostgresSecondFactors
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.adapters.postgres.staff import PostgresStaff
from eosvolt.application.access import LONGEST_PASSWORD, Account, RememberedAnswer
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.permissions import Grants
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Rejected

# A web session that was not used for so long has ended, unless the settings say otherwise.
SESSION_IDLE = timedelta(hours=24)
ANSWER_KEPT = timedelta(hours=24)
# No request takes longer than this. Then another process may take over the claim of one that died.
CLAIM_LASTS = timedelta(seconds=60)

_ACCOUNT: LiteralString = "a.account, a.company, a.email, a.name, a.owner, a.access, a.before_admins"
_BY_EMAIL: LiteralString = (
    f"SELECT {_ACCOUNT}, a.password_hash FROM accounts a"
    " WHERE a.email_folded = %s AND a.deactivated_at IS NULL"
)
_BY_SESSION: LiteralString = (
    f"SELECT s.last_seen_at < now() - interval '1 minute', {_ACCOUNT}"
    " FROM web_sessions s JOIN accounts a USING (account)"
    " WHERE s.digest = %s AND s.expires_at > now() AND s.last_seen_at > now() - %s::interval"
    " AND a.deactivated_at IS NULL"
)
_SEEN: LiteralString = "UPDATE web_sessions SET last_seen_at = now() WHERE digest = %s"
_CREATE: LiteralString = (
    "INSERT INTO accounts (account, company, email, email_folded, name, password_hash, owner, access,"
    " first_name, last_name) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
TAKEN = "This e-mail address cannot be used here: take another one."
_CLAIM: LiteralString = (
    "INSERT INTO idempotency_keys AS k (company, key, digest) VALUES (%s, %s, %s)"
    " ON CONFLICT (company, key) DO UPDATE SET digest = excluded.digest, claimed_at = now(), status = 0"
    " WHERE k.claimed_at < now() - %s::interval OR (k.status = 0 AND k.claimed_at < now() - %s::interval)"
    " RETURNING 1"
)


class PostgresAccounts:
    """Accounts, web sessions, uses of API keys and idempotency keys."""

    def __init__(
        self,
        dsn: str,
        secret_key: bytes,
        hasher: PasswordHasher | None = None,
        idle: timedelta = SESSION_IDLE,
        *,
        mailing: bool = False,
    ) -> None:
        """``secret_key`` is the server's; the digests cannot be checked without it.

        Web sessions end when they were not used for ``idle``; ``mailing``: a mail server is configured.
        """
        self._database = ReadPool(dsn, "accounts")
        self.charger_passwords = PostgresChargerPasswords(self._database, secret_key)
        self.admins = PostgresAdmins(self._database)
        self._secret_key = secret_key
        self._hashes = PasswordHashes(hasher)
        self._idle = idle
        self.mails = PostgresAccountMails(self._database, secret_key, mailing=mailing)
        self.own = PostgresOwnAccounts(self._database, self._hashes, self.mails, idle, PEOPLE)
        self.second_factors = PostgresSecondFactors(self._database, secret_key, self.mails, PEOPLE)
        self.passkeys = PostgresPasskeys(self._database, self.second_factors)
        self.staff_security = PostgresAccountSecurity(self._database, self._hashes, self.mails, idle, STAFF)
        self.staff_factors = PostgresSecondFactors(self._database, secret_key, self.mails, STAFF)
        self.staff = PostgresStaff(self._database, self._hashes, self.staff_security, idle)
        self.platform = PostgresPlatformQueries(self._database)
        self.drivers = PostgresDrivers(self._database, secret_key, self.mails)
        self.driver_queries = PostgresDriverQueries(self._database)

    async def __aenter__(self) -> Self:
        """Start filling the pool of connections."""
        await self._database.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self._database.close()

    async def creation(
        self,
        *,
        account: str,
        company: int,
        email: str,
        name: str | tuple[str, str],
        password: str,
        owner: bool,
        access: GrantedAccess,
    ) -> tuple[Account, Statements]:
        """A new account with a UUID as its id, and the statements that store it with the caller's events.

        ``name`` is the whole name, or first and last name. ``access`` is what its events say.

        Raises ``Rejected`` for an invalid e-mail address or a password that is too short. The statements
        raise it if the address is taken.
        """
        address = email.strip()
        if not is_email_address(address):
            raise Rejected("This is not an e-mail address.")
        first, last = (each.strip() for each in (("", "") if isinstance(name, str) else name))
        whole = name.strip() if isinstance(name, str) else f"{first} {last}".strip()
        grants = enforced(owner=owner, access=stored(access), before=False)
        made = Account(
            account=account, company=company, email=address, name=whole, owner=owner, grants=grants
        )
        hashed = await self._hashes.of(password)
        row = (account, company, address, _folded(address), whole, hashed, owner, stored(access), first, last)
        return made, Statements(Statement(_CREATE, row), taken=TAKEN)

    async def anybody(self) -> bool:
        """Whether any company is registered."""
        return bool(await self._database.run("SELECT 1 FROM accounts LIMIT 1"))

    async def by_password(self, email: str, password: str) -> Account | None:
        """The account with this e-mail and password, or ``None``; both take the same time."""
        if len(password) > LONGEST_PASSWORD or "\0" in email:
            return None
        rows = await self._database.run(_BY_EMAIL, _folded(email))
        hashed = rows[0][7] if rows else None
        right = await self._hashes.verified(hashed, password)
        if hashed is None or not right:
            return None
        if rehashed := await self._hashes.renewed(hashed, password):
            await self._database.run(
                "UPDATE accounts SET password_hash = %s WHERE account = %s", rehashed, rows[0][0]
            )
        return _account(rows[0])

    async def open_session(self, account: str, *, address: str, agent: str, language: str = "") -> str:
        """Open a web session and return its secret for the cookie; only its SHA-256 is stored.

        ``language``: that of the person's browser, for mails.
        """
        return await self.own.open_session(account, address=address, agent=agent, language=language)

    async def by_session(self, secret: str, *, used: bool = True) -> Account | None:
        """The account that is signed in with this cookie, or ``None``.

        ``used``: the person uses the session just now, which is recorded at most once a minute.
        """
        digest = digest_of_secret(secret)
        rows = await self._database.run(_BY_SESSION, digest, self._idle)
        if not rows:
            return None
        seen_before, *row = rows[0]
        if used and seen_before:
            # While the database cannot be written, the session is used all the same.
            with suppress(psycopg.Error):
                await self._database.run(_SEEN, digest)
        return _account(tuple(row))

    async def names(self, company: int) -> dict[str, str]:
        """The names of a company's people by the ids of their accounts."""
        rows = await self._database.run(
            "SELECT account::text, coalesce(nullif(name, ''), email) FROM accounts WHERE company = %s",
            company,
        )
        return dict(rows)

    async def close_session(self, secret: str) -> None:
        """Sign out: delete the web session of this cookie."""
        await self.own.close_session(secret)

    async def grants(self, account: str, company: int) -> Grants:
        """What an account may do now; nothing for one that is deactivated or not there."""
        return await self.admins.grants(account, company)

    async def seen(self, account: str, at: datetime) -> None:
        """Record that the user was active; does nothing while the database cannot be written."""
        with suppress(psycopg.Error):
            await self.admins.seen(account, at)

    async def key_used(self, key_id: str, company: int, at: datetime) -> None:
        """Record that an API key was used at ``at``; does nothing while the database cannot be written."""
        with suppress(psycopg.Error):
            await self._database.run(
                "INSERT INTO api_key_uses AS u (key_id, company, last_used_at) VALUES (%s, %s, %s)"
                " ON CONFLICT (key_id) DO UPDATE"
                " SET last_used_at = greatest(u.last_used_at, excluded.last_used_at)",
                key_id, company, at,
            )  # fmt: skip

    async def key_uses(self, company: int) -> dict[str, datetime]:
        """The time of the last use of each of the company's API keys, by id; unused keys are left out."""
        rows = await self._database.run(
            "SELECT key_id, last_used_at FROM api_key_uses WHERE company = %s", company
        )
        return dict(rows)

    async def repeated(self, company: int, key: str, digest: str) -> RememberedAnswer | None:
        """The stored answer to a request with this key within 24 hours; ``None``: the caller is the first.

        ``status`` is 0 until the first request is answered. The request is stored as a keyed digest only,
        because a plain digest would allow guessing a password in it.
        """
        given, digest = digest, self._keyed(digest)
        if await self._database.run(_CLAIM, company, key, digest, ANSWER_KEPT, CLAIM_LASTS):
            return None
        rows = await self._database.run(
            "SELECT digest, status, headers, body FROM idempotency_keys WHERE company = %s AND key = %s",
            company,
            key,
        )
        # The key was freed in between because the concurrent request failed. The client may retry this one.
        if not rows:
            return RememberedAnswer(given, 0, {}, b"")
        same = hmac.compare_digest(rows[0][0], digest)
        return RememberedAnswer(given if same else "", *rows[0][1:])

    async def remember(self, company: int, key: str, digest: str, answer: RememberedAnswer) -> None:
        """Store the answer for repetitions of the request."""
        await self._database.run(
            "UPDATE idempotency_keys SET status = %s, headers = %s, body = %s"
            " WHERE company = %s AND key = %s AND digest = %s",
            answer.status, Jsonb(answer.headers), answer.body, company, key, self._keyed(digest),
        )  # fmt: skip

    async def forget(self, company: int, key: str) -> None:
        """Free a key whose request was not answered."""
        await self._database.run(
            "DELETE FROM idempotency_keys WHERE company = %s AND key = %s AND status = 0", company, key
        )

    async def tidy(self) -> None:
        """Delete expired rows; to be called regularly."""
        await self._database.run(
            "DELETE FROM idempotency_keys WHERE claimed_at < now() - %s::interval", ANSWER_KEPT
        )
        await self.charger_passwords.tidy()
        await self.own.tidy()
        await self.staff_security.tidy()
        await self.mails.tidy()
        await self.drivers.tidy()

    def _keyed(self, digest: str) -> str:
        return hmac.digest(self._secret_key, digest.encode(), "sha256").hex()


def _folded(email: str) -> str:
    return email.strip().casefold()


def _account(row: tuple[Any, ...]) -> Account:
    account, company, email, name, owner, access, before = row[:7]
    grants = enforced(owner=owner, access=access, before=before)
    return Account(account=account, company=company, email=email, name=name, owner=owner, grants=grants)
