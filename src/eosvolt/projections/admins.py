"""The admins of a company: their state and access, the question of the page Users and of the API.

Names and e-mail addresses are kept outside the history; who shows admins puts both together.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.granted_access import NO_ACCESS, GrantedAccess
from eosvolt.domain.kernel import Fact
from eosvolt.domain.operators.events import (
    AdminAccessChanged,
    AdminAdded,
    AdminBecameOwner,
    AdminCeasedToBeOwner,
    AdminDeactivated,
    AdminInvitationRenewed,
    AdminInvitationRevoked,
    AdminInvited,
    AdminJoined,
    AdminReactivated,
    AdminRenamed,
)
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class AdminState(StrEnum):
    """The states of an admin, as the API names them."""

    INVITED = "invited"
    ACTIVE = "active"
    DEACTIVATED = "deactivated"


class AdminRow(Row, frozen=True, kw_only=True):
    """An admin. ``account`` is the id of the account; ``since`` the instant of the state.

    ``invited_by`` is the actor who invited; ``expires_at`` is that of an open invitation.
    """

    account: str
    company: int
    state: AdminState
    since: datetime
    owner: bool = False
    access: GrantedAccess = NO_ACCESS
    invited_by: str = ""
    expires_at: datetime | None = None
    version: int = 0


def keys(fact: Fact) -> Iterable[str]:
    """The account."""
    return (fact.key,)


def apply(row: AdminRow | None, fact: Fact, key: str) -> AdminRow | None:
    """The admin after the fact; ``None`` once an invitation is revoked."""
    match fact.event, row:
        case AdminInvited() as invited, _:
            return AdminRow(
                account=key,
                company=invited.company,
                state=AdminState.INVITED,
                since=invited.at,
                access=invited.access,
                invited_by=fact.why.by,
                expires_at=invited.expires_at,
                version=fact.version,
            )
        case AdminAdded() as added, _:
            return AdminRow(
                account=key,
                company=added.company,
                state=AdminState.ACTIVE,
                since=added.at,
                owner=added.owner,
                access=added.access,
                version=fact.version,
            )
        case AdminInvitationRevoked(), _:
            return None
        case _, AdminRow() as known:
            return msgspec.structs.replace(_changed(known, fact), version=fact.version)
        case _:
            return row


def _changed(known: AdminRow, fact: Fact) -> AdminRow:
    match fact.event:
        case AdminInvitationRenewed(expires_at=expires_at):
            return msgspec.structs.replace(known, expires_at=expires_at)
        case AdminJoined(at=at) | AdminReactivated(at=at):
            return msgspec.structs.replace(known, state=AdminState.ACTIVE, since=at, expires_at=None)
        case AdminDeactivated(at=at):
            return msgspec.structs.replace(known, state=AdminState.DEACTIVATED, since=at)
        case AdminAccessChanged(access=access):
            return msgspec.structs.replace(known, access=access)
        case AdminBecameOwner():
            return msgspec.structs.replace(known, owner=True)
        case AdminCeasedToBeOwner(access=access):
            return msgspec.structs.replace(known, owner=False, access=access)
        case _:
            return known


admins = ReadModel(
    name="admins",
    version=1,
    row=AdminRow,
    reads=tags(
        AdminInvited,
        AdminInvitationRenewed,
        AdminInvitationRevoked,
        AdminJoined,
        AdminAdded,
        AdminAccessChanged,
        AdminRenamed,
        AdminBecameOwner,
        AdminCeasedToBeOwner,
        AdminDeactivated,
        AdminReactivated,
    ),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
