"""Operations on invitations of admins: invite, send again, revoke, and join."""

from collections.abc import Collection
from typing import Any

from eosvolt.application.access import AdminPerson
from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.executor import Plan
from eosvolt.application.grants import access_of
from eosvolt.application.operations.admins import (
    AdminById,
    ConcerningAdmin,
    at_their_locations,
    check_grants,
    checked_name,
    known_admin,
    plan_of,
)
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation,
    operation_at,
)
from eosvolt.application.permissions import Action, Grants, Permission, ProductArea
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import Rejected
from eosvolt.domain.operators.commands import (
    InviteAdmin,
    JoinAsAdmin,
    RenewAdminInvitation,
    RevokeAdminInvitation,
)
from eosvolt.domain.operators.decider import (
    INVITATION_LASTS,
    InvitedAdmin,
    check_admin_invitation,
    operators,
)

_ADD = Permission(Action.ADD, ProductArea.USERS)
_DELETE = Permission(Action.DELETE, ProductArea.USERS)

LONGEST_EMAIL = 200
TAKEN = "This e-mail address cannot be used here: take another one."
USED = "This invitation was used already."
INVITATION_REVOKED = "This invitation was revoked."


class AdminInvitation(Input, frozen=True, kw_only=True):
    """A new admin under an id that was never used, and the SHA-256 of the link's secret in hex.

    The ``link`` goes to the e-mail address in a mail in this ``language``, if a mail server is configured.
    """

    account: str
    first_name: str
    last_name: str
    email: str
    grants: Grants
    secret_digest: str
    link: str = ""
    language: str = "en"


class InvitationRenewal(ConcerningAdmin, frozen=True, kw_only=True):
    """Another link, with the SHA-256 of its secret in hex, and the language of the mail."""

    secret_digest: str
    link: str = ""
    language: str = "en"


class Joining(Input, frozen=True, kw_only=True):
    """Who uses an invitation: the digest of its secret, the names as they are to be, and a password."""

    account: str
    secret_digest: str
    first_name: str
    last_name: str
    password: str


async def _anywhere(_: OperationContext, _wanted: AdminInvitation) -> Collection[str]:
    # What the actor may not give is refused with a sentence, not hidden.
    return ()


@operation_at(_ADD, _anywhere)
async def invite(context: OperationContext, wanted: AdminInvitation) -> Plan[None]:
    """Invite somebody, by a link that is valid for seven days.

    Raises ``InvalidValue``, ``Forbidden`` for more than the actor has, ``Rejected`` for a known address.
    """
    person = AdminPerson(
        account=wanted.account,
        company=context.company,
        first_name=checked_name(wanted.first_name, "firstName"),
        last_name=checked_name(wanted.last_name, "lastName"),
        email=wanted.email.strip(),
        invited=True,
    )
    if not is_email_address(person.email) or len(person.email) > LONGEST_EMAIL:
        raise InvalidValue("email", "This is not an e-mail address.")
    await check_grants(context, wanted.grants)
    if await context.ports.admins.is_taken(person.email):
        raise Rejected(TAKEN)
    command = InviteAdmin(
        company=context.company,
        at=context.at,
        access=access_of(wanted.grants),
        secret_digest=wanted.secret_digest,
        expires_at=context.at + INVITATION_LASTS,
        responsible=context.actor.responsible,
    )
    stored = context.ports.admins.invited(person, context.actor.responsible)
    mail = await _mail(context, person.email, wanted)
    return plan_of(wanted.account, command, stored, mail)


@operation_at(_ADD, at_their_locations)
async def resend(context: OperationContext, wanted: InvitationRenewal) -> Plan[None]:
    """Make another link of an open invitation; the one before is not valid any more."""
    person, known = await known_admin(context, wanted.account)
    if not isinstance(known, InvitedAdmin):
        raise Rejected(USED)
    command = RenewAdminInvitation(
        at=context.at, secret_digest=wanted.secret_digest, expires_at=context.at + INVITATION_LASTS
    )
    return plan_of(wanted.account, command, await _mail(context, person.email, wanted))


@operation_at(_DELETE, at_their_locations)
async def revoke(context: OperationContext, wanted: AdminById) -> Plan[None]:
    """Take an open invitation back; its personal data is deleted."""
    _, known = await known_admin(context, wanted.account)
    if not isinstance(known, InvitedAdmin):
        raise Rejected(USED)
    stored = context.ports.admins.forgotten(wanted.account)
    return plan_of(wanted.account, RevokeAdminInvitation(at=context.at), stored)


@operation(_ADD)
async def join(context: OperationContext, wanted: Joining) -> Plan[None]:
    """Use an invitation: make the account. Raises ``Rejected`` with what is wrong with the link."""
    known = await context.state(operators, wanted.account)
    check_admin_invitation(known, wanted.secret_digest, context.at)
    people = await context.ports.admins.people(context.company, wanted.account)
    if not isinstance(known, InvitedAdmin) or not people:
        raise Rejected(INVITATION_REVOKED)
    names = checked_name(wanted.first_name, "firstName"), checked_name(wanted.last_name, "lastName")
    _, creation = await context.ports.accounts.creation(
        account=wanted.account,
        company=context.company,
        email=people[0].email,
        name=names,
        password=wanted.password,
        owner=False,
        access=known.access,
    )
    command = JoinAsAdmin(at=context.at, secret_digest=wanted.secret_digest)
    return plan_of(wanted.account, command, creation, context.ports.admins.forgotten(wanted.account))


async def _mail(
    context: OperationContext, email: str, wanted: AdminInvitation | InvitationRenewal
) -> Alongside:
    """The mail with the link."""
    company = await context.state(companies, str(context.company))
    values = {"link": wanted.link, "company": company.name if isinstance(company, Company) else ""}
    kind = AccountMailKind.ADMIN_INVITATION
    mail = AccountMail(kind, email, wanted.language, values, context.company)
    return context.ports.account_mails.putting(mail)


OPERATIONS: tuple[Operation[Any, Any], ...] = (invite, resend, revoke, join)
