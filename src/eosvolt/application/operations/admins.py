"""Operations on admins: change, deactivate, activate again, and transfer the ownership.

Nobody gives more than they have, nor changes somebody who has more. Everything that an admin loses is lost in
the one commit that says so.
"""

from collections.abc import Collection
from typing import Any

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from eosvolt.application.access import AdminPerson
from eosvolt.application.actor import ActorKind
from eosvolt.application.executor import Plan
from eosvolt.application.grants import (
    access_of,
    completed,
    grants_of,
    locations_of,
    require_covers,
    stated,
    without_view,
)
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    Seen,
    operation_at,
    operation_everywhere,
)
from eosvolt.application.permissions import (
    OWNER,
    Action,
    Forbidden,
    Grants,
    NotThere,
    Permission,
    ProductArea,
    Right,
)
from eosvolt.application.ports import Alongside
from eosvolt.domain.companies.commands import RevokeApiKey, TransferOwnership
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope, Event, Rejected
from eosvolt.domain.operators.commands import (
    AddAdmin,
    BecomeOwner,
    CeaseToBeOwner,
    ChangeAdminAccess,
    DeactivateAdmin,
    OperatorCommand,
    ReactivateAdmin,
    RenameAdmin,
    RevokeAdminInvitation,
)
from eosvolt.domain.operators.decider import (
    Admin,
    InvitedAdmin,
    NoAdmin,
    OperatorState,
    operators,
)

VIEW = Permission(Action.VIEW, ProductArea.USERS)
_EDIT = Permission(Action.EDIT, ProductArea.USERS)
_DELETE = Permission(Action.DELETE, ProductArea.USERS)

LONGEST_NAME = 100
ONLY_OWNER = "Only the owner can transfer the ownership."


class ConcerningAdmin(Input, frozen=True, kw_only=True):
    """The base of inputs about one admin, by the id of the account."""

    account: str


class AdminById(ConcerningAdmin, frozen=True, kw_only=True):
    """An admin."""


class AdminChange(ConcerningAdmin, frozen=True, kw_only=True):
    """The changes; ``UNSET`` fields stay. ``locations`` ``None`` is everywhere."""

    first_name: str | UnsetType = UNSET
    last_name: str | UnsetType = UNSET
    permissions: frozenset[Permission] | UnsetType = UNSET
    rights: frozenset[Right] | UnsetType = UNSET
    locations: frozenset[str] | UnsetType | None = UNSET
    seen: Seen = None


async def at_their_locations(context: OperationContext, wanted: ConcerningAdmin) -> Collection[str]:
    """The locations of the admin whom an operation concerns. Raises ``NotThere``."""
    people = await context.ports.admins.people(context.company, wanted.account)
    if not people:
        raise NotThere
    known = await context.state(operators, wanted.account)
    return locations_of(access_of(present_grants(people[0], known)))


@operation_at(_EDIT, at_their_locations)
async def change(context: OperationContext, wanted: AdminChange) -> Plan[None]:
    """Change what an admin may do, and the name.

    Raises ``Forbidden`` for more than the actor has, or for an admin who has more.
    """
    person, known = await known_admin(context, wanted.account)
    await context.check_seen(operators, wanted.account, wanted.seen, _any, _terms)
    present = present_grants(person, known)
    given = stated(present.needs)
    needs = {need for need in given if isinstance(need, Permission)}
    rights = {need for need in given if isinstance(need, Right)}
    grants = Grants(
        completed(
            (
                *(needs if wanted.permissions is UNSET else wanted.permissions),
                *(rights if wanted.rights is UNSET else wanted.rights),
            )
        ),
        present.locations if wanted.locations is UNSET else wanted.locations,
    )
    envelopes, stored = recorded(context, person, known), []
    if grants != present:
        await check_grants(context, grants)
        access = access_of(grants)
        envelopes.append(of_admin(wanted.account, ChangeAdminAccess(at=context.at, access=access)))
        stored.append(context.ports.admins.access_changed(wanted.account, access))
    first = person.first_name if wanted.first_name is UNSET else checked_name(wanted.first_name, "firstName")
    last = person.last_name if wanted.last_name is UNSET else checked_name(wanted.last_name, "lastName")
    renamed = replace(person, first_name=first, last_name=last)
    if renamed != person:
        envelopes.append(of_admin(wanted.account, RenameAdmin(at=context.at)))
        stored.append(context.ports.admins.renamed(renamed))
    return Plan(envelopes, None, alongside=stored)


@operation_at(_DELETE, at_their_locations)
async def deactivate(context: OperationContext, wanted: AdminById) -> Plan[None]:
    """End an admin's access, at once and wholly.

    With it end the web sessions, the API keys that the admin answers for, and the admin's open invitations.
    """
    person, known = await known_admin(context, wanted.account)
    if isinstance(known, InvitedAdmin):
        raise Rejected("This admin has not joined yet: revoke the invitation.")
    if context.actor.kind is ActorKind.PERSON and context.actor.id == wanted.account:
        raise Rejected("You cannot deactivate yourself.")
    company = await context.state(companies, str(context.company))
    keys = (
        [key for key, account in company.responsible.items() if account == wanted.account]
        if isinstance(company, Company)
        else []
    )
    ended: list[CommandEnvelope] = [
        CommandEnvelope(companies, str(context.company), RevokeApiKey(key_id=key, at=context.at))
        for key in keys
    ]
    invited = await context.ports.admins.invited_by(wanted.account)
    ended += [of_admin(each, RevokeAdminInvitation(at=context.at)) for each in invited]
    envelopes = [
        *recorded(context, person, known),
        of_admin(wanted.account, DeactivateAdmin(at=context.at)),
        *ended,
    ]
    stored = context.ports.admins.deactivated(wanted.account, context.at)
    return Plan(envelopes, None, alongside=(stored,))


@operation_at(_EDIT, at_their_locations)
async def reactivate(context: OperationContext, wanted: AdminById) -> Plan[None]:
    """Let an admin sign in again. Sessions, API keys and invitations that ended stay ended."""
    _, known = await known_admin(context, wanted.account)
    if not isinstance(known, Admin):
        raise Rejected("Only a deactivated admin can be activated.")
    stored = context.ports.admins.reactivated(wanted.account)
    return plan_of(wanted.account, ReactivateAdmin(at=context.at), stored)


@operation_everywhere(_EDIT, ONLY_OWNER)
async def transfer_ownership(context: OperationContext, wanted: AdminById) -> Plan[None]:
    """Make another admin the owner. Only the owner may, and the operator of the installation.

    The owner before keeps all permissions, which others may take away from now on.
    """
    company = await context.state(companies, str(context.company))
    if not isinstance(company, Company):
        raise NotThere
    actor = context.actor
    is_owner = actor.kind is ActorKind.PERSON and actor.id == company.owner
    if not is_owner and actor.kind not in {ActorKind.STAFF, ActorKind.SYSTEM}:
        raise Forbidden(ONLY_OWNER)
    if wanted.account == company.owner:
        return Plan((), None)
    person, known = await known_admin(context, wanted.account)
    before = await context.ports.admins.people(context.company, company.owner)
    access = access_of(OWNER)
    envelopes = [*recorded(context, person, known), of_admin(wanted.account, BecomeOwner(at=context.at))]
    stored = [context.ports.admins.ownership(wanted.account, access, owner=True)]
    if before:
        state = await context.state(operators, company.owner)
        cease = CeaseToBeOwner(at=context.at, access=access)
        envelopes += [*recorded(context, before[0], state), of_admin(company.owner, cease)]
        stored.append(context.ports.admins.ownership(company.owner, access, owner=False))
    transfer = TransferOwnership(owner=wanted.account, at=context.at)
    envelopes.append(CommandEnvelope(companies, str(context.company), transfer))
    return Plan(envelopes, None, alongside=stored)


def present_grants(person: AdminPerson, known: OperatorState) -> Grants:
    """What an admin may do; everything for the owner, and for one of before admins had permissions."""
    if person.owner or (isinstance(known, NoAdmin) and person.before):
        return OWNER
    return grants_of(known.access) if isinstance(known, Admin | InvitedAdmin) else Grants(frozenset())


def require_no_more(mine: Grants, theirs: Grants) -> None:
    """Raise ``Forbidden`` for an admin who has a permission that the actor lacks."""
    if not mine.needs >= theirs.needs:
        raise Forbidden("You cannot change somebody who has a permission that you do not have.")


async def known_admin(context: OperationContext, account: str) -> tuple[AdminPerson, OperatorState]:
    """An admin whom the actor may change.

    Raises ``NotThere`` for one of another company, ``Forbidden`` for one who has more.
    """
    people = await context.ports.admins.people(context.company, account)
    if not people:
        raise NotThere
    known = await context.state(operators, account)
    require_no_more(context.actor.grants, present_grants(people[0], known))
    return people[0], known


async def check_grants(context: OperationContext, grants: Grants) -> None:
    """Raise ``Forbidden`` or ``InvalidValue`` if the actor may not give these grants."""
    require_covers(context.actor.grants, grants)
    if useless := sorted(without_view(grants)):
        raise InvalidValue("permissions", f"Whoever does something on “{useless[0]}” has to view it.")
    if grants.locations is not None:
        if not grants.locations:
            raise InvalidValue("locations", "Name at least one location, or none for all.")
        for location in sorted(grants.locations):
            await check_location(context, location, "locations")


def checked_name(text: str, field: str) -> str:
    """The name without blanks at either end. Raises ``InvalidValue`` for ``field``."""
    name = text.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise InvalidValue(field, f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def recorded(context: OperationContext, person: AdminPerson, known: OperatorState) -> list[CommandEnvelope]:
    """The command that records an account of before admins had events; none for every other."""
    if not isinstance(known, NoAdmin) or person.invited:
        return []
    command = AddAdmin(
        company=context.company, at=context.at, access=access_of(OWNER), owner=person.owner, before=True
    )
    return [of_admin(person.account, command)]


def plan_of(account: str, command: OperatorCommand, *stored: Alongside) -> Plan[None]:
    """One command to an admin, and what is stored beside it."""
    return Plan((of_admin(account, command),), None, alongside=stored)


def of_admin(account: str, command: OperatorCommand) -> CommandEnvelope:
    """A command with the address of an admin."""
    return CommandEnvelope(operators, account, command)


def _any(_: Event) -> bool:
    return True


def _terms(known: OperatorState) -> Grants | None:
    return grants_of(known.access) if isinstance(known, Admin | InvitedAdmin) else None


OPERATIONS: tuple[Operation[Any, Any], ...] = (
    change,
    deactivate,
    reactivate,
    transfer_ownership,
)
