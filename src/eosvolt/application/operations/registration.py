"""Operations that invite and register a company and add its users."""

from datetime import datetime
from typing import Any

import msgspec

from eosvolt.application.executor import Plan
from eosvolt.application.grants import access_of
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.permissions import OWNER, Action, Permission, ProductArea
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.commands import InviteCompany, RegisterCompany
from eosvolt.domain.companies.decider import Company, check_invitation, companies
from eosvolt.domain.kernel import CommandEnvelope, Rejected
from eosvolt.domain.operators.commands import AddAdmin
from eosvolt.domain.operators.decider import operators

_ADD = Permission(Action.ADD, ProductArea.USERS)


class Invitation(Input, frozen=True, kw_only=True):
    """A registration link, with the SHA-256 of its secret in hex."""

    secret_digest: str
    expires_at: datetime


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A new user with a unique id. Personal data, kept outside the history."""

    account: str
    email: str
    name: str
    password: str


class Registration(Input, frozen=True, kw_only=True):
    """A company and its owner. ``secret_digest`` proves an invitation; ``None`` if staff registers it."""

    name: str
    owner: Person
    secret_digest: str | None = None


class NewPerson(Input, frozen=True, kw_only=True):
    """Another user of a company."""

    person: Person


@operation(_ADD)
async def invite(context: OperationContext, wanted: Invitation) -> Plan[None]:
    """Create a registration link; an earlier one becomes invalid."""
    command = InviteCompany(
        company=context.company,
        at=context.at,
        secret_digest=wanted.secret_digest,
        expires_at=wanted.expires_at,
    )
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


@operation(_ADD)
async def register(context: OperationContext, wanted: Registration) -> Plan[None]:
    """Create the company and its owner, together or not at all.

    The invitation is checked before the accounts, so that nobody without one learns about accounts. Raises
    ``Rejected``.
    """
    key = str(context.company)
    known = await context.state(companies, key)
    if wanted.secret_digest is not None:
        check_invitation(known, wanted.secret_digest, context.at)
    elif isinstance(known, Company):
        raise Rejected("This company is registered already.")
    creation = await _account(context, wanted.owner, owner=True)
    command = RegisterCompany(
        company=context.company,
        name=wanted.name,
        owner=wanted.owner.account,
        at=context.at,
        secret_digest=wanted.secret_digest,
    )
    owner = AddAdmin(company=context.company, at=context.at, access=access_of(OWNER), owner=True)
    envelopes = (
        CommandEnvelope(companies, key, command),
        CommandEnvelope(operators, wanted.owner.account, owner),
    )
    return Plan(envelopes, None, alongside=(creation,))


@operation(_ADD)
async def add_person(context: OperationContext, wanted: NewPerson) -> Plan[None]:
    """Add a user who has the rights of whoever adds them. Raises ``Rejected`` if the e-mail is taken."""
    known = await context.state(companies, str(context.company))
    if not isinstance(known, Company):
        raise Rejected(f"There is no company {context.company}.")
    account, access = wanted.person.account, access_of(context.actor.grants)
    creation = await _account(context, wanted.person, owner=False)
    added = AddAdmin(company=context.company, at=context.at, access=access)
    return Plan((CommandEnvelope(operators, account, added),), None, alongside=(creation,))


async def _account(context: OperationContext, person: Person, *, owner: bool) -> Alongside:
    _, creation = await context.ports.accounts.creation(
        account=person.account,
        company=context.company,
        email=person.email,
        name=person.name,
        password=person.password,
        owner=owner,
        access=access_of(OWNER if owner else context.actor.grants),
    )
    return creation


OPERATIONS: tuple[Operation[Any, Any], ...] = (invite, register, add_person)
