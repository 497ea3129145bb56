"""Mails about accounts that are to be sent. Their values are encrypted: links are among them."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString

import msgspec

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.sealing import Sealing
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.account_mails import AccountMail, AccountMailKind, Addressee, DueMail
from eosvolt.application.failed_jobs import Job
from eosvolt.application.own_account import RESET_LASTS

AT_ONCE = 20
# No attempt takes longer. Then another process may take over the mails of one that died.
TAKEN_FOR = timedelta(minutes=2)
KEPT = timedelta(days=7)

_PUT: LiteralString = (
    "INSERT INTO account_mails (kind, company, address, language, sealed) VALUES (%s, %s, %s, %s, %s)"
)
# The follower of the log advances with the mail, so that neither is without the other.
_PUT_ONCE: LiteralString = (
    "WITH advanced AS (UPDATE notification_tracking SET notification_id = %s"
    " WHERE application_name = %s AND notification_id < %s RETURNING 1)"
    " INSERT INTO account_mails (kind, company, address, language, sealed)"
    " SELECT %s, %s, %s, %s, %s FROM advanced"
)
_TAKE: LiteralString = (
    "WITH due AS (SELECT m.id, f.id IS NOT NULL AS failed FROM account_mails m"
    " LEFT JOIN failed_jobs f ON f.job = %(job)s AND f.subject = m.id::text"
    " WHERE (m.taken_at IS NULL OR m.taken_at < now() - %(taken)s::interval)"
    " AND (f.id IS NULL OR f.next_attempt_at <= %(now)s)"
    " ORDER BY m.id LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED)"
    " UPDATE account_mails m SET taken_at = now() FROM due WHERE m.id = due.id"
    " RETURNING m.id, m.kind, m.company, m.address, m.language, m.sealed, m.requested_at, due.failed"
)
_ADDRESSEE: LiteralString = (
    "SELECT account, email, language FROM accounts WHERE email_folded = %s AND deactivated_at IS NULL"
)
_MAKE_RESET: LiteralString = (
    "INSERT INTO password_resets (digest, account, expires_at) VALUES (%s, %s, now() + %s::interval)"
)


class PostgresAccountMails:
    """The stored mails, and the links in them."""

    def __init__(self, database: ReadPool, secret_key: bytes, *, mailing: bool) -> None:
        """``secret_key`` is the server's. Without a mail server (``mailing``) nothing is stored."""
        self._database = database
        self._mailing = mailing
        self._sealing = Sealing(secret_key, "account mails")

    async def put(self, mail: AccountMail) -> None:
        """Store a mail to be sent."""
        for query, params in self.statements(mail):
            await self._database.run(query, *params)

    async def put_once(self, mail: AccountMail, follower: str, position: int) -> None:
        """Store a mail about the event at a position, unless the follower is beyond it already."""
        for statement in self.statements(mail):
            await self._database.run(_PUT_ONCE, position, follower, position, *statement.params)

    def putting(self, mail: AccountMail) -> Statements:
        """The statements that store a mail together with the caller's events."""
        return Statements(*self.statements(mail))

    def statements(self, *mails: AccountMail) -> list[Statement]:
        """The statements that store mails."""
        if not self._mailing:
            return []
        return [
            Statement(_PUT, (each.kind.value, each.company, each.address, each.language, self._sealed(each)))
            for each in mails
        ]

    async def take_due(self, now: datetime) -> Sequence[DueMail]:
        """Take the mails to be sent now, the oldest first; no other process gets them meanwhile."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(
                _TAKE, {"job": Job.ACCOUNT_MAIL.value, "taken": TAKEN_FOR, "now": now, "limit": AT_ONCE}
            )
            return [self._due(row) for row in sorted(await cursor.fetchall())]

    async def leave(self, mail: int) -> None:
        """Give back a mail that could not be sent."""
        await self._database.run("UPDATE account_mails SET taken_at = NULL WHERE id = %s", mail)

    async def done(self, mail: int) -> None:
        """Delete a mail."""
        await self._database.run("DELETE FROM account_mails WHERE id = %s", mail)

    async def addressee(self, address: str) -> Addressee | None:
        """The account that signs in with this e-mail address; ``None`` as well if it is deactivated."""
        rows = await self._database.run(_ADDRESSEE, address.strip().casefold())
        return Addressee(*rows[0]) if rows else None

    async def reset_link(self, account: str) -> str:
        """Make a single-use secret to set another password; only its SHA-256 is stored."""
        secret = secrets.token_urlsafe(32)
        await self._database.run(_MAKE_RESET, digest_of_secret(secret), account, RESET_LASTS)
        return secret

    async def tidy(self) -> None:
        """Delete mails that could not be sent for a week."""
        await self._database.run("DELETE FROM account_mails WHERE requested_at < now() - %s::interval", KEPT)

    def _sealed(self, mail: AccountMail) -> bytes:
        return self._sealing.sealed(msgspec.json.encode(mail.values), mail.address)

    def _due(self, row: tuple[Any, ...]) -> DueMail:
        number, kind, company, address, language, sealed, requested_at, failed = row
        content = self._sealing.opened(sealed, address)
        values = {} if content is None else msgspec.json.decode(content, type=dict[str, str])
        mail = AccountMail(AccountMailKind(kind), address, language, values, company)
        return DueMail(number, mail, requested_at, failed)
