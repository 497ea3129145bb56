"""Operations on API keys: issue and revoke. Nobody issues a key that may do more than they may."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.grants import access_of, locations_of
from eosvolt.application.operations.admins import check_grants
from eosvolt.application.operations.operation import (
    Input,
    InvalidValue,
    Operation,
    OperationContext,
    operation,
    operation_at,
)
from eosvolt.application.permissions import OWNER, Grants, NotThere, Right
from eosvolt.domain.companies.commands import IssueApiKey, RevokeApiKey
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Right.API_KEYS


class ApiKeyIssue(Input, frozen=True, kw_only=True):
    """A new API key. ``digest`` is its SHA-256 in hex; the key itself is not stored.

    ``grants``: what it may do; ``None`` for all that the actor may. It ends at ``expires_at``, if ever.
    """

    key_id: str
    label: str
    digest: str
    grants: Grants | None = None
    expires_at: datetime | None = None


class ApiKeyRevocation(Input, frozen=True, kw_only=True):
    """The id of the key to revoke."""

    key_id: str


async def _at(context: OperationContext, wanted: ApiKeyRevocation) -> Collection[str]:
    return locations_of((await _company_of(context, wanted)).key_access.get(wanted.key_id))


@operation(Right.API_KEYS)
async def issue(context: OperationContext, wanted: ApiKeyIssue) -> Plan[None]:
    """Issue an API key. Raises ``Forbidden`` for more than the actor may do, ``InvalidValue``."""
    if wanted.grants is not None:
        await check_grants(context, wanted.grants)
    if wanted.expires_at is not None and wanted.expires_at <= context.at:
        raise InvalidValue("expiresAt", "A key ends in the future.")
    command = IssueApiKey(
        key_id=wanted.key_id,
        label=wanted.label,
        digest=wanted.digest,
        at=context.at,
        access=_access(context, wanted.grants),
        expires_at=wanted.expires_at,
        responsible=context.actor.responsible,
    )
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


@operation_at(Right.API_KEYS, _at)
async def revoke(context: OperationContext, wanted: ApiKeyRevocation) -> Plan[None]:
    """Revoke an API key. Raises ``NotThere``, also for a key of other locations."""
    await _company_of(context, wanted)
    command = RevokeApiKey(key_id=wanted.key_id, at=context.at)
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


async def _company_of(context: OperationContext, wanted: ApiKeyRevocation) -> Company:
    known = await context.state(companies, str(context.company))
    if not isinstance(known, Company) or wanted.key_id not in known.api_keys:
        raise NotThere
    return known


def _access(context: OperationContext, grants: Grants | None) -> GrantedAccess | None:
    if grants is not None:
        return access_of(grants)
    # A key of the installation's own, e.g. the first one, may do also what later releases add.
    everything = context.actor.grants == OWNER and not context.actor.responsible
    return None if everything else access_of(context.actor.grants)


OPERATIONS: tuple[Operation[Any, Any], ...] = (issue, revoke)
