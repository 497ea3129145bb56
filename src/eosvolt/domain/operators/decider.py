"""The rules of an admin: invited, joined, changed, deactivated; and what the owner cannot lose."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.operators.commands import (
    AddAdmin,
    BecomeOwner,
    CeaseToBeOwner,
    ChangeAdminAccess,
    DeactivateAdmin,
    InviteAdmin,
    JoinAsAdmin,
    OperatorCommand,
    ReactivateAdmin,
    RenameAdmin,
    RenewAdminInvitation,
    RevokeAdminInvitation,
)
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
    OperatorEvent,
)

INVITATION_LASTS = timedelta(days=7)

OWNER_STAYS = "The owner cannot be deactivated: transfer the ownership first."
OWNER_HAS_ALL = "The owner always has all permissions: transfer the ownership first."
NOT_ACTIVE = "Only an active admin can become the owner."
EXPIRED = "This invitation has expired: ask for a new one."
REVOKED = "This invitation was revoked."
USED = "This invitation was used already."
NOT_VALID = "This invitation is not valid."


class NoAdmin(msgspec.Struct, frozen=True):
    """Nobody with this account is known."""


class InvitedAdmin(msgspec.Struct, frozen=True):
    """An invitation link is out; ``earlier`` are the digests of links that it replaced."""

    company: int
    access: GrantedAccess
    secret_digest: str
    expires_at: datetime
    responsible: str = ""
    earlier: frozenset[str] = frozenset()
    renamed_at: datetime | None = None


class UninvitedAdmin(msgspec.Struct, frozen=True):
    """The invitation was revoked; ``links`` are the digests of all its links."""

    links: frozenset[str]


class Admin(msgspec.Struct, frozen=True):
    """An admin with an account. ``joined_by`` is the digest of the link that was used, if any."""

    company: int
    access: GrantedAccess
    owner: bool = False
    active: bool = True
    joined_by: str = ""
    responsible: str = ""
    renamed_at: datetime | None = None


OperatorState = NoAdmin | InvitedAdmin | UninvitedAdmin | Admin


def decide(command: OperatorCommand, admin: OperatorState) -> Sequence[OperatorEvent]:
    """What happens."""
    match command, admin:
        case InviteAdmin(), NoAdmin():
            return [_invited(command)]
        case RenewAdminInvitation(), InvitedAdmin() as known if command.secret_digest != known.secret_digest:
            return [
                AdminInvitationRenewed(
                    at=command.at, secret_digest=command.secret_digest, expires_at=command.expires_at
                )
            ]
        case RevokeAdminInvitation(at=at), InvitedAdmin():
            return [AdminInvitationRevoked(at=at)]
        case JoinAsAdmin(secret_digest=digest), Admin(joined_by=used) if used == digest:
            return []
        case JoinAsAdmin(at=at), _:
            check_admin_invitation(admin, command.secret_digest, at)
            return [AdminJoined(at=at)]
        case AddAdmin(), NoAdmin():
            return [
                AdminAdded(
                    company=command.company,
                    at=command.at,
                    access=command.access,
                    owner=command.owner,
                    before=command.before,
                )
            ]
        case ChangeAdminAccess(access=access), Admin() | InvitedAdmin() as known if access != known.access:
            if isinstance(known, Admin) and known.owner:
                raise Rejected(OWNER_HAS_ALL)
            return [AdminAccessChanged(at=command.at, access=access)]
        case RenameAdmin(at=at), Admin() | InvitedAdmin() as known if at != known.renamed_at:
            return [AdminRenamed(at=at)]
        case _:
            return _about_account(command, admin)


def _about_account(command: OperatorCommand, admin: OperatorState) -> Sequence[OperatorEvent]:
    match command, admin:
        case BecomeOwner(at=at), Admin(owner=False) as known:
            if not known.active:
                raise Rejected(NOT_ACTIVE)
            return [AdminBecameOwner(at=at)]
        case BecomeOwner(), NoAdmin() | InvitedAdmin() | UninvitedAdmin():
            raise Rejected(NOT_ACTIVE)
        case CeaseToBeOwner(at=at, access=access), Admin(owner=True):
            return [AdminCeasedToBeOwner(at=at, access=access)]
        case DeactivateAdmin(at=at), Admin(active=True) as known:
            if known.owner:
                raise Rejected(OWNER_STAYS)
            return [AdminDeactivated(at=at)]
        case ReactivateAdmin(at=at), Admin(active=False):
            return [AdminReactivated(at=at)]
        case _:
            return []


def _invited(command: InviteAdmin) -> AdminInvited:
    return AdminInvited(
        company=command.company,
        at=command.at,
        access=command.access,
        secret_digest=command.secret_digest,
        expires_at=command.expires_at,
        responsible=command.responsible,
    )


def check_admin_invitation(admin: OperatorState, secret_digest: str, at: datetime) -> None:
    """Whether somebody with this link may join. Raises ``Rejected`` with the reason."""
    match admin:
        case InvitedAdmin(secret_digest=digest) if digest == secret_digest:
            if admin.expires_at <= at:
                raise Rejected(EXPIRED)
        case InvitedAdmin(earlier=earlier) if secret_digest in earlier:
            raise Rejected(REVOKED)
        case UninvitedAdmin(links=links) if secret_digest in links:
            raise Rejected(REVOKED)
        case Admin(joined_by=used) if used == secret_digest:
            raise Rejected(USED)
        case _:
            raise Rejected(NOT_VALID)


def evolve(admin: OperatorState, event: OperatorEvent) -> OperatorState:
    """The admin after ``event``."""
    match event, admin:
        case AdminInvited() as invited, _:
            return InvitedAdmin(
                invited.company,
                invited.access,
                invited.secret_digest,
                invited.expires_at,
                invited.responsible,
            )
        case AdminInvitationRenewed(secret_digest=digest, expires_at=expires_at), InvitedAdmin() as known:
            earlier = known.earlier | {known.secret_digest}
            return msgspec.structs.replace(
                known, secret_digest=digest, expires_at=expires_at, earlier=earlier
            )
        case AdminInvitationRevoked(), InvitedAdmin() as known:
            return UninvitedAdmin(known.earlier | {known.secret_digest})
        case AdminJoined(), InvitedAdmin() as known:
            return Admin(
                known.company, known.access, joined_by=known.secret_digest, responsible=known.responsible
            )
        case AdminAdded() as added, _:
            return Admin(added.company, added.access, owner=added.owner)
        case AdminAccessChanged(access=access), Admin() | InvitedAdmin() as known:
            return msgspec.structs.replace(known, access=access)
        case AdminRenamed(at=at), Admin() | InvitedAdmin() as known:
            return msgspec.structs.replace(known, renamed_at=at)
        case AdminBecameOwner(), Admin() as known:
            return msgspec.structs.replace(known, owner=True)
        case AdminCeasedToBeOwner(access=access), Admin() as known:
            return msgspec.structs.replace(known, owner=False, access=access)
        case AdminDeactivated(), Admin() as known:
            return msgspec.structs.replace(known, active=False)
        case AdminReactivated(), Admin() as known:
            return msgspec.structs.replace(known, active=True)
        case (
            AdminInvitationRenewed()
            | AdminInvitationRevoked()
            | AdminJoined()
            | AdminAccessChanged()
            | AdminRenamed()
            | AdminBecameOwner()
            | AdminCeasedToBeOwner()
            | AdminDeactivated()
            | AdminReactivated(),
            _,
        ):
            return admin
        case _:
            assert_never(event)


operators: Decider[OperatorCommand, OperatorState, OperatorEvent] = Decider(
    "operator", NoAdmin(), decide, evolve
)
