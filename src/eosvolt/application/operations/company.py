"""The operation that changes a company's name, certificate organization and adoption of chargers."""

from typing import Any

from msgspec import UNSET, UnsetType

from eosvolt.application.executor import Plan
from eosvolt.application.operations.locations import check_location
from eosvolt.application.operations.operation import Input, Operation, OperationContext, Seen, operation
from eosvolt.application.permissions import Action, Permission, ProductArea, require_at
from eosvolt.domain.companies.commands import (
    ChangeAdoption,
    ChangeCertificateOrganization,
    CompanyCommand,
    RenameCompany,
)
from eosvolt.domain.companies.decider import Company, CompanyState, companies
from eosvolt.domain.companies.events import CertificateOrganizationChanged, CompanyRegistered, CompanyRenamed
from eosvolt.domain.kernel import CommandEnvelope

# RFC 5280, appendix A: ub-organization-name.
LONGEST_ORGANIZATION = 64

VIEW = Permission(Action.VIEW, ProductArea.SETTINGS)
EDITIONS = (CompanyRegistered, CompanyRenamed, CertificateOrganizationChanged)


class CompanyTerms(Input, frozen=True, kw_only=True):
    """The settings of a company."""

    name: str
    organization: str


class CompanyChangeInput(Input, frozen=True, kw_only=True):
    """The changes; ``UNSET`` fields stay. ``adopt_into`` is a location; empty ends the adoption."""

    name: str | UnsetType = UNSET
    organization: str | UnsetType = UNSET
    adopt_into: str | UnsetType = UNSET
    seen: Seen = None


@operation(Permission(Action.EDIT, ProductArea.SETTINGS))
async def change(context: OperationContext, wanted: CompanyChangeInput) -> Plan[None]:
    """Change the name, the organization in certificates, or where unknown chargers are adopted for a day."""
    key = str(context.company)
    await context.check_seen(companies, key, wanted.seen, lambda event: isinstance(event, EDITIONS), _terms)
    commands: list[CompanyCommand] = []
    if wanted.name is not UNSET:
        commands.append(RenameCompany(name=wanted.name, at=context.at))
    if wanted.adopt_into is not UNSET:
        if wanted.adopt_into:
            await check_location(context, wanted.adopt_into, "adoptInto")
            require_at(context.actor.grants, (wanted.adopt_into,))
        commands.append(ChangeAdoption(location=wanted.adopt_into, at=context.at))
    if wanted.organization is not UNSET:
        commands.append(ChangeCertificateOrganization(organization=wanted.organization, at=context.at))
    return Plan([CommandEnvelope(companies, key, command) for command in commands], None)


def _terms(company: CompanyState) -> CompanyTerms:
    known = company if isinstance(company, Company) else Company(0, "", "")
    return CompanyTerms(name=known.name, organization=known.organization)


OPERATIONS: tuple[Operation[Any, Any], ...] = (change,)
