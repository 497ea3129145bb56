"""The rules of a company's API keys."""

from eosvolt.domain.companies.commands import IssueApiKey
from eosvolt.domain.companies.events import ApiKeyIssued
from eosvolt.domain.kernel import Rejected


def issued(command: IssueApiKey) -> ApiKeyIssued:
    """The event of a new key. Raises ``Rejected`` if it would end before it begins."""
    if command.expires_at is not None and command.expires_at <= command.at:
        raise Rejected("A key ends later than it is issued.")
    return ApiKeyIssued(
        key_id=command.key_id,
        label=command.label,
        digest=command.digest,
        at=command.at,
        access=command.access,
        expires_at=command.expires_at,
        responsible=command.responsible,
    )
