"""Platform staff: accounts, web sessions and API keys of their own kind, apart from those of companies."""

from datetime import timedelta
from typing import LiteralString
from uuid import uuid4

from psycopg.errors import UniqueViolation

from eosvolt.adapters.postgres.account_security import PostgresAccountSecurity
from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.adapters.postgres.password_hashes import PasswordHashes
from eosvolt.adapters.postgres.secret_digest import digest_of_secret
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.staff import StaffMember
from eosvolt.domain.kernel import Rejected

_CREATE: LiteralString = (
    "INSERT INTO staff (staff, email, email_folded, name, password_hash) VALUES (%s, %s, %s, %s, %s)"
)
_BY_SESSION: LiteralString = (
    "SELECT s.last_seen_at < now() - interval '1 minute', m.staff, m.email, m.name"
    " FROM staff_sessions s JOIN staff m USING (staff)"
    " WHERE s.digest = %s AND s.expires_at > now() AND s.last_seen_at > now() - %s::interval"
)
_NOTED: LiteralString = (
    "INSERT INTO company_invitations (company, email) VALUES (%s, %s)"
    " ON CONFLICT (company) DO UPDATE SET email = excluded.email"
)


class PostgresStaff:
    """The members of the platform staff."""

    def __init__(
        self, database: ReadPool, hashes: PasswordHashes, security: PostgresAccountSecurity, idle: timedelta
    ) -> None:
        """A web session ends when it was not used for ``idle``."""
        self._database = database
        self._hashes = hashes
        self._security = security
        self._idle = idle

    async def create(self, email: str, name: str, password: str) -> StaffMember:
        """A new member. Raises ``Rejected`` for an invalid or taken address and a bad password."""
        address = email.strip()
        if not is_email_address(address):
            raise Rejected("This is not an e-mail address.")
        made = StaffMember(str(uuid4()), address, name.strip())
        hashed = await self._hashes.of(password)
        try:
            await self._database.run(_CREATE, made.id, address, address.casefold(), made.name, hashed)
        except UniqueViolation:
            raise Rejected(f"{address} belongs to the platform staff already.") from None
        return made

    async def set_password(self, email: str, password: str) -> StaffMember:
        """Set another password and end the member's web sessions. Raises ``Rejected``."""
        member = await self.by_email(email)
        await self._security.change_password(member.id, password, "")
        return member

    async def by_email(self, email: str) -> StaffMember:
        """The member with this e-mail. Raises ``Rejected`` for nobody of the staff."""
        query: LiteralString = "SELECT staff, email, name FROM staff WHERE email_folded = %s"
        rows = await self._database.run(query, email.strip().casefold())
        if not rows:
            raise Rejected(f"{email.strip()} does not belong to the platform staff.")
        return StaffMember(*rows[0])

    async def by_password(self, email: str, password: str) -> StaffMember | None:
        """The member with this e-mail and password, or ``None``; both take the same time."""
        if "\0" in email:
            return None
        query: LiteralString = "SELECT staff, email, name, password_hash FROM staff WHERE email_folded = %s"
        rows = await self._database.run(query, email.strip().casefold())
        right = await self._hashes.verified(rows[0][3] if rows else None, password)
        return StaffMember(*rows[0][:3]) if rows and right else None

    async def open_session(self, account: str, *, address: str, agent: str, language: str = "") -> str:
        """Open a web session and return its secret for the cookie; only its SHA-256 is stored."""
        return await self._security.open_session(account, address=address, agent=agent, language=language)

    async def by_session(self, secret: str) -> StaffMember | None:
        """The member that is signed in with this cookie, or ``None``."""
        rows = await self._database.run(_BY_SESSION, digest_of_secret(secret), self._idle)
        if not rows:
            return None
        seen_before, *member = rows[0]
        if seen_before:
            await self._database.run(
                "UPDATE staff_sessions SET last_seen_at = now() WHERE digest = %s", digest_of_secret(secret)
            )
        return StaffMember(*member)

    async def close_session(self, secret: str) -> None:
        """Sign out."""
        await self._security.close_session(secret)

    async def by_key(self, key: str) -> StaffMember | None:
        """The member that has this API key, or ``None``."""
        query: LiteralString = (
            "SELECT m.staff, m.email, m.name FROM staff_api_keys k JOIN staff m USING (staff)"
            " WHERE k.digest = %s"
        )
        rows = await self._database.run(query, digest_of_secret(key))
        return StaffMember(*rows[0]) if rows else None

    async def add_key(self, email: str, label: str, key: str) -> None:
        """Let a program act as a member. Raises ``Rejected`` for nobody of the staff."""
        query: LiteralString = "INSERT INTO staff_api_keys (digest, staff, label) VALUES (%s, %s, %s)"
        member = await self.by_email(email)
        await self._database.run(query, digest_of_secret(key), member.id, label)

    def noted(self, company: int, email: str) -> Statements:
        """The statements that note the address to which a company's invitation went."""
        return Statements(Statement(_NOTED, (company, email)))
