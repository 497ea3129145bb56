"""Admins as people and programs see them: what the history says of them, with their names beside it."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import NamedTuple

from eosvolt.adapters.http.ports.admins import AdminDirectory, AdminQueries
from eosvolt.application.access import AdminPerson
from eosvolt.application.grants import grants_of
from eosvolt.application.permissions import OWNER, Grants
from eosvolt.projections.admins import AdminRow, AdminState


class AdminEntry(NamedTuple):
    """One admin.

    ``person`` has empty names if the personal data is deleted. ``version`` is 0 for an account of before
    admins had events, which has all permissions.
    """

    person: AdminPerson
    state: AdminState
    grants: Grants
    owner: bool
    version: int = 0
    since: datetime | None = None
    invited_by: str = ""
    expires_at: datetime | None = None

    @property
    def id(self) -> str:
        """The id of the account."""
        return self.person.account


class InvitationLink(NamedTuple):
    """The link of an invitation, and the SHA-256 of its secret in hex."""

    link: str
    secret_digest: str


def new_link(public_url: str, account: str) -> InvitationLink:
    """A new link with which an invited person joins."""
    secret = token_urlsafe(32)
    return InvitationLink(f"{public_url}/join/{account}/{secret}", sha256(secret.encode()).hexdigest())


async def admin_entries(
    queries: AdminQueries,
    directory: AdminDirectory,
    company: int,
    within: frozenset[str] | None,
    as_of: datetime | None = None,
) -> Sequence[AdminEntry]:
    """The admins that a user who works ``within`` some locations may see; the owner first, then by name.

    ``queries`` are narrowed to the same locations.
    """
    people = {each.account: each for each in await directory.people(company)}
    rows = await queries.admins(company, as_of=as_of)
    entries = [_entry(row, people.get(row.account)) for row in rows]
    if within is None:
        known = {row.account for row in rows}
        entries += [_before(each) for each in people.values() if each.before and each.account not in known]
    return sorted(entries, key=lambda each: (not each.owner, each.person.name.casefold(), each.id))


async def admin_entry(
    queries: AdminQueries,
    directory: AdminDirectory,
    company: int,
    within: frozenset[str] | None,
    account: str,
    as_of: datetime | None = None,
) -> AdminEntry | None:
    """One of ``admin_entries``."""
    people = await directory.people(company, account)
    row = await queries.admin(company, account, as_of=as_of)
    if row is not None:
        return _entry(row, people[0] if people else None)
    if within is None and people and people[0].before:
        return _before(people[0])
    return None


def _entry(row: AdminRow, person: AdminPerson | None) -> AdminEntry:
    nobody = AdminPerson(account=row.account, company=row.company, first_name="", last_name="", email="")
    return AdminEntry(
        person=person or nobody,
        state=row.state,
        grants=OWNER if row.owner else grants_of(row.access),
        owner=row.owner,
        version=row.version,
        since=row.since,
        invited_by=row.invited_by,
        expires_at=row.expires_at,
    )


def _before(person: AdminPerson) -> AdminEntry:
    return AdminEntry(person=person, state=AdminState.ACTIVE, grants=OWNER, owner=person.owner)
