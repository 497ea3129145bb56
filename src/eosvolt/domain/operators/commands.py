"""What one can ask of an admin."""

from datetime import datetime

from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Command


class InviteAdmin(Command, frozen=True):
    """Make an invitation link valid until ``expires_at``; ``responsible`` is the account that answers."""

    company: int
    at: datetime
    access: GrantedAccess
    secret_digest: str
    expires_at: datetime
    responsible: str = ""


class RenewAdminInvitation(Command, frozen=True):
    """Make another link in the place of the one before."""

    at: datetime
    secret_digest: str
    expires_at: datetime


class RevokeAdminInvitation(Command, frozen=True):
    """Take the invitation back."""

    at: datetime


class JoinAsAdmin(Command, frozen=True):
    """Use the invitation link with this secret."""

    at: datetime
    secret_digest: str


class AddAdmin(Command, frozen=True):
    """Record an account that needs no invitation."""

    company: int
    at: datetime
    access: GrantedAccess
    owner: bool = False
    before: bool = False


class ChangeAdminAccess(Command, frozen=True):
    """Change what the admin may do."""

    at: datetime
    access: GrantedAccess


class RenameAdmin(Command, frozen=True):
    """Record that the name, which is kept elsewhere, changed at ``at``."""

    at: datetime


class BecomeOwner(Command, frozen=True):
    """Make the admin the company's owner."""

    at: datetime


class CeaseToBeOwner(Command, frozen=True):
    """Let the owner be an admin with ``access``."""

    at: datetime
    access: GrantedAccess


class DeactivateAdmin(Command, frozen=True):
    """End the admin's access."""

    at: datetime


class ReactivateAdmin(Command, frozen=True):
    """Let the admin sign in again."""

    at: datetime


OperatorCommand = (
    InviteAdmin
    | RenewAdminInvitation
    | RevokeAdminInvitation
    | JoinAsAdmin
    | AddAdmin
    | ChangeAdminAccess
    | RenameAdmin
    | BecomeOwner
    | CeaseToBeOwner
    | DeactivateAdmin
    | ReactivateAdmin
)
