"""Who the admins of a company are, and what is enforced of their access: accounts and open invitations.

Every change is a statement for the transaction that stores the admin's events. ``accounts.access`` is a copy
of what they say, so that it holds from the moment at which they are stored.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import LiteralString

import msgspec

from eosvolt.adapters.postgres.alongside import Statement, Statements
from eosvolt.adapters.postgres.connections import ReadPool
from eosvolt.application.access import CANNOT_INVITE, INVITED_ALREADY, AdminPerson
from eosvolt.application.grants import grants_of
from eosvolt.application.permissions import NOTHING, OWNER, Grants
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Rejected

SEEN_EVERY = timedelta(minutes=1)

_PEOPLE: LiteralString = (
    "SELECT account, company, first_name, last_name, name, email, false, owner, before_admins,"
    " deactivated_at IS NULL, last_seen_at FROM accounts WHERE company = %(company)s"
    " AND (%(account)s = '' OR account = %(account)s)"
    " UNION ALL SELECT account, company, first_name, last_name, '', email, true, false, false, true, NULL"
    " FROM admin_invitations WHERE company = %(company)s AND (%(account)s = '' OR account = %(account)s)"
)
# The row of the inviting account is locked: an invitation during its deactivation waits, and fails.
_INVITE: LiteralString = (
    "INSERT INTO admin_invitations"
    " (account, company, email, email_folded, first_name, last_name, responsible)"
    " SELECT %s, %s, %s, %s, %s, %s, %s WHERE %s = '' OR EXISTS"
    " (SELECT 1 FROM accounts WHERE account = %s AND deactivated_at IS NULL FOR SHARE)"
    " ON CONFLICT (account) DO NOTHING"
)
_RENAME: LiteralString = (
    "UPDATE accounts SET first_name = %s, last_name = %s, name = %s WHERE account = %s AND company = %s"
)
_RENAME_INVITED: LiteralString = (
    "UPDATE admin_invitations SET first_name = %s, last_name = %s WHERE account = %s AND company = %s"
)
_FORGET: LiteralString = "DELETE FROM admin_invitations WHERE account = %s"
_ACCESS: LiteralString = "UPDATE accounts SET access = %s WHERE account = %s"
_OWNER: LiteralString = "UPDATE accounts SET owner = %s, access = %s WHERE account = %s"
# What a deactivated account had open. Reactivation deletes it too: an answer on its way may have added some.
_UNDER_WAY: tuple[LiteralString, ...] = (
    "DELETE FROM web_sessions WHERE account = %s",
    "DELETE FROM password_resets WHERE account = %s",
    "DELETE FROM second_steps WHERE account = %s",
    "DELETE FROM passkey_challenges WHERE account = %s",
)
_SEEN: LiteralString = (
    "UPDATE accounts SET last_seen_at = %s WHERE account = %s AND (last_seen_at IS NULL OR last_seen_at < %s)"
)


class PostgresAdmins:
    """The admins of companies."""

    def __init__(self, database: ReadPool) -> None:
        """Reads by ``database``."""
        self._database = database

    async def people(self, company: int, account: str = "") -> Sequence[AdminPerson]:
        """Everybody with an account or an open invitation, or only the one with the id ``account``."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(_PEOPLE, {"company": company, "account": account})
            rows = await cursor.fetchall()
        found = []
        for row in rows:
            id_, number, first, last, name, email, invited, owner, before, active, seen = row
            if not (first or last):
                first, _, last = name.rpartition(" ") if " " in name else (name, "", "")
            found.append(
                AdminPerson(
                    account=id_,
                    company=number,
                    first_name=first,
                    last_name=last,
                    email=email,
                    invited=invited,
                    owner=owner,
                    before=before,
                    active=active,
                    last_seen_at=seen,
                )
            )
        return found

    async def grants(self, account: str, company: int) -> Grants:
        """What an account may do now; nothing for one that is deactivated or not there."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(
                "SELECT owner, access, before_admins, deactivated_at FROM accounts"
                " WHERE account = %s AND company = %s",
                (account, company),
            )
            row = await cursor.fetchone()
        if row is None or row[3] is not None:
            return NOTHING
        return enforced(owner=row[0], access=row[1], before=row[2])

    async def is_taken(self, email: str) -> bool:
        """Whether an account has this e-mail address, of whichever company."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(
                "SELECT 1 FROM accounts WHERE email_folded = %s", (email.strip().casefold(),)
            )
            return await cursor.fetchone() is not None

    async def invited_by(self, account: str) -> Sequence[str]:
        """The open invitations for which an account answers, by their own accounts' ids."""
        async with self._database.connection() as connection:
            cursor = await connection.execute(
                "SELECT account FROM admin_invitations WHERE responsible = %s ORDER BY account", (account,)
            )
            return [row[0] for row in await cursor.fetchall()]

    async def seen(self, account: str, at: datetime) -> None:
        """Record that the user was active, at most once a minute."""
        async with self._database.connection() as connection:
            await connection.execute(_SEEN, (at, account, at - SEEN_EVERY))

    def invited(self, person: AdminPerson, responsible: str) -> Statements:
        """A new invitation.

        Storing it raises ``Rejected`` if the company invited the address already, or if ``responsible`` has
        been deactivated.
        """
        email = person.email
        values = (person.account, person.company, email, email.casefold(), person.first_name)
        row = (*values, person.last_name, responsible, responsible, responsible)
        return Statements(
            Statement(_INVITE, row),
            taken=INVITED_ALREADY,
            wants=Statement("SELECT 1 FROM admin_invitations WHERE account = %s", (person.account,)),
            refused=CANNOT_INVITE,
        )

    def forgotten(self, account: str) -> Statements:
        """An invitation that was used or revoked."""
        return Statements(Statement(_FORGET, (account,)))

    def renamed(self, person: AdminPerson) -> Statements:
        """Another name."""
        names, key = (person.first_name, person.last_name), (person.account, person.company)
        return Statements(
            Statement(_RENAME, (*names, person.name, *key)), Statement(_RENAME_INVITED, (*names, *key))
        )

    def access_changed(self, account: str, access: GrantedAccess) -> Statements:
        """What an account may do from now on."""
        return Statements(Statement(_ACCESS, (stored(access), account)))

    def ownership(self, account: str, access: GrantedAccess, *, owner: bool) -> Statements:
        """An account becomes the owner, or is one no more and keeps ``access``."""
        return Statements(Statement(_OWNER, (owner, stored(access), account)))

    def deactivated(self, account: str, at: datetime) -> Statements:
        """An account ends, with all that is under way for it and the invitations for which it answers."""
        return Statements(
            Statement("UPDATE accounts SET deactivated_at = %s WHERE account = %s", (at, account)),
            *(Statement(each, (account,)) for each in _UNDER_WAY),
            Statement("DELETE FROM admin_invitations WHERE responsible = %s", (account,)),
        )

    def reactivated(self, account: str) -> Statements:
        """An account may be used again; its sessions and links stay ended."""
        return Statements(
            *(Statement(each, (account,)) for each in _UNDER_WAY),
            Statement("UPDATE accounts SET deactivated_at = NULL WHERE account = %s", (account,)),
        )


def enforced(*, owner: bool, access: str | None, before: bool) -> Grants:
    """What the columns of an account give; ``access`` is the stored text."""
    if owner:
        return OWNER
    if access is None:
        return OWNER if before else NOTHING
    return _read(access)


def stored(access: GrantedAccess) -> str:
    """The text of the column ``access``."""
    return msgspec.json.encode(access).decode()


@lru_cache(maxsize=4_096)
def _read(access: str) -> Grants:
    try:
        return grants_of(msgspec.json.decode(access, type=GrantedAccess))
    except msgspec.MsgspecError as error:
        raise Rejected("The permissions of this account cannot be read.") from error
