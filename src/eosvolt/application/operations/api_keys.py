"""Operations on API keys: issue and revoke."""

from typing import Any

from eosvolt.application.executor import Plan
from eosvolt.application.operations.operation import Input, Operation, OperationContext, operation
from eosvolt.application.permissions import NotThere, Right
from eosvolt.domain.companies.commands import IssueApiKey, RevokeApiKey
from eosvolt.domain.companies.decider import Company, companies
from eosvolt.domain.kernel import CommandEnvelope

VIEW = Right.API_KEYS


class ApiKeyIssue(Input, frozen=True, kw_only=True):
    """A new API key. ``digest`` is its SHA-256 in hex; the key itself is not stored."""

    key_id: str
    label: str
    digest: str


class ApiKeyRevocation(Input, frozen=True, kw_only=True):
    """The id of the key to revoke."""

    key_id: str


@operation(Right.API_KEYS)
async def issue(context: OperationContext, wanted: ApiKeyIssue) -> Plan[None]:
    """Issue an API key."""
    command = IssueApiKey(key_id=wanted.key_id, label=wanted.label, digest=wanted.digest, at=context.at)
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


@operation(Right.API_KEYS)
async def revoke(context: OperationContext, wanted: ApiKeyRevocation) -> Plan[None]:
    """Revoke an API key."""
    known = await context.state(companies, str(context.company))
    if not isinstance(known, Company) or wanted.key_id not in known.api_keys:
        raise NotThere
    command = RevokeApiKey(key_id=wanted.key_id, at=context.at)
    return Plan((CommandEnvelope(companies, str(context.company), command),), None)


OPERATIONS: tuple[Operation[Any, Any], ...] = (issue, revoke)
