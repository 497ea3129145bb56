"""Operations of platform staff: inviting companies."""

from datetime import datetime
from typing import Any

from eosvolt.application.account_mails import AccountMail, AccountMailKind
from eosvolt.application.email_addresses import is_email_address
from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import (
    AlreadyThere,
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation,
)
from eosvolt.application.permissions import NotThere, PlatformRight
from eosvolt.domain.companies.commands import InviteCompany, RevokeInvitation
from eosvolt.domain.companies.decider import CompanyState, NoCompany, companies
from eosvolt.domain.kernel import CommandEnvelope

VIEW = PlatformRight.COMPANIES
LONGEST_EMAIL = 200


class CompanyInvitation(Input, frozen=True, kw_only=True):
    """A registration link, the SHA-256 of its secret in hex, and the address to which it goes.

    ``language`` is that of the mail.
    """

    email: str
    link: str
    secret_digest: str
    expires_at: datetime
    language: str = "en"


class InvitationEnd(Input, frozen=True, kw_only=True):
    """The end of the actor's company's invitation."""


@operation(VIEW)
async def invite(context: OperationContext, wanted: CompanyInvitation) -> Plan[None]:
    """Invite a new company. Its number is the actor's; raises ``AlreadyThere`` if it was given before."""
    if await _given(context):
        raise AlreadyThere(f"The company number {context.company} was given already.")
    return _invitation(context, wanted)


@operation(VIEW)
async def resend(context: OperationContext, wanted: CompanyInvitation) -> Plan[None]:
    """Send another link to a company that has not registered; the earlier link becomes invalid."""
    if not await _given(context):
        raise NotThere
    return _invitation(context, wanted)


@operation(VIEW)
async def revoke(context: OperationContext, wanted: InvitationEnd) -> Plan[None]:  # noqa: ARG001 - its company says all
    """Make the link of a company that has not registered invalid."""
    key = str(context.company)
    if not await _given(context):
        raise NotThere
    return Plan((CommandEnvelope(companies, key, RevokeInvitation(at=context.at)),), None)


async def _given(context: OperationContext) -> bool:
    """Whether the number of the actor's company was given before."""
    state: CompanyState = await context.state(companies, str(context.company))
    return not isinstance(state, NoCompany)


def _invitation(context: OperationContext, wanted: CompanyInvitation) -> Plan[None]:
    if len(wanted.email) > LONGEST_EMAIL or not is_email_address(wanted.email):
        raise InvalidValue("email", "This is not an e-mail address.")
    command = InviteCompany(
        company=context.company,
        at=context.at,
        secret_digest=wanted.secret_digest,
        expires_at=wanted.expires_at,
    )
    mail = AccountMail(
        AccountMailKind.COMPANY_INVITATION, wanted.email, wanted.language, {"link": wanted.link}
    )
    return Plan(
        (CommandEnvelope(companies, str(context.company), command),),
        None,
        alongside=(
            context.ports.invited_companies.noted(context.company, wanted.email),
            context.ports.account_mails.putting(mail),
        ),
    )


OPERATIONS: tuple[Operation[Any, Any], ...] = (invite, resend, revoke)
