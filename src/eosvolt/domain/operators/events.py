"""What can have happened to an admin. The stream's key is the id of the account.

Names and e-mail addresses are kept outside the history, beside the account or the invitation.
"""

from datetime import datetime

from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Event


class AdminInvited(Event, frozen=True, tag="admin-invited"):
    """An invitation link was made; only the SHA-256 of its secret is kept.

    ``responsible`` is the account of the admin who invited, or who issued the API key that did; empty for
    the command line.
    """

    company: int
    at: datetime
    access: GrantedAccess
    secret_digest: str
    expires_at: datetime
    responsible: str = ""


class AdminInvitationRenewed(Event, frozen=True, tag="admin-invitation-renewed"):
    """Another link took the place of the one before, which is not valid any more."""

    at: datetime
    secret_digest: str
    expires_at: datetime


class AdminInvitationRevoked(Event, frozen=True, tag="admin-invitation-revoked"):
    """The invitation was taken back before it was used."""

    at: datetime


class AdminJoined(Event, frozen=True, tag="admin-joined"):
    """Whoever was invited chose a password: the account exists from now on."""

    at: datetime


class AdminAdded(Event, frozen=True, tag="admin-added"):
    """An account without an invitation: of who registered the company, or made at the command line.

    ``before``: the account was made before admins had permissions, and is recorded with its first change.
    """

    company: int
    at: datetime
    access: GrantedAccess
    owner: bool = False
    before: bool = False


class AdminAccessChanged(Event, frozen=True, tag="admin-access-changed"):
    """What the admin may do, and at which locations, from now on."""

    at: datetime
    access: GrantedAccess


class AdminRenamed(Event, frozen=True, tag="admin-renamed"):
    """The admin has another name. It is kept outside the history, as the one before was."""

    at: datetime


class AdminBecameOwner(Event, frozen=True, tag="admin-became-owner"):
    """The admin is the company's owner now, who has all permissions."""

    at: datetime


class AdminCeasedToBeOwner(Event, frozen=True, tag="admin-ceased-to-be-owner"):
    """The admin gave the company to another owner and keeps this access."""

    at: datetime
    access: GrantedAccess


class AdminDeactivated(Event, frozen=True, tag="admin-deactivated"):
    """The admin may not sign in any more. Sessions, API keys and open invitations ended with it."""

    at: datetime


class AdminReactivated(Event, frozen=True, tag="admin-reactivated"):
    """The admin may sign in again, with the access as it was."""

    at: datetime


OperatorEvent = (
    AdminInvited
    | AdminInvitationRenewed
    | AdminInvitationRevoked
    | AdminJoined
    | AdminAdded
    | AdminAccessChanged
    | AdminRenamed
    | AdminBecameOwner
    | AdminCeasedToBeOwner
    | AdminDeactivated
    | AdminReactivated
)
