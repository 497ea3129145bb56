"""Companies and the programs that may speak for them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.companies.events import (
    AdoptionChanged,
    ApiKeyIssued,
    ApiKeyRevoked,
    CertificateOrganizationChanged,
    CompanyRegistered,
    CompanyRenamed,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class CompanyRow(Row, frozen=True, kw_only=True):
    """A company. ``key`` is its number as text; unknown chargers are adopted until ``adopts_until``.

    ``version`` is that of the last event that changed its name or its organization.
    """

    key: str
    company: int
    name: str
    owner: str
    registered_at: datetime
    adopts_into: str = ""
    adopts_until: datetime | None = None
    organization: str = ""
    version: int = 0


class ApiKeyRow(Row, frozen=True, kw_only=True):
    """A program's access, found by the SHA-256 of its key."""

    digest: str
    key_id: str
    company: int
    label: str
    issued_at: datetime
    revoked_at: datetime | None = None


def company_keys(fact: Fact) -> Iterable[str]:
    """The company itself."""
    return (fact.key,)


def apply_company(row: CompanyRow | None, fact: Fact, key: str) -> CompanyRow | None:
    """The company after the fact."""
    match fact.event, row:
        case CompanyRegistered() as registered, _:
            return CompanyRow(
                key=key,
                company=registered.company,
                name=registered.name,
                owner=registered.owner,
                registered_at=registered.at,
                version=fact.version,
            )
        case CompanyRenamed(name=name), CompanyRow() as known:
            return msgspec.structs.replace(known, name=name, version=fact.version)
        case AdoptionChanged(location=location, until=until), CompanyRow() as known:
            return msgspec.structs.replace(known, adopts_into=location, adopts_until=until)
        case CertificateOrganizationChanged(organization=organization), CompanyRow() as known:
            return msgspec.structs.replace(known, organization=organization, version=fact.version)
        case _:
            return row


def api_key_keys(fact: Fact) -> Iterable[str]:
    """The key by its digest."""
    match fact.event:
        case ApiKeyIssued(digest=digest) | ApiKeyRevoked(digest=digest):
            return (digest,)
        case _:
            return ()


def apply_api_key(row: ApiKeyRow | None, fact: Fact, key: str) -> ApiKeyRow | None:
    """The access after the fact."""
    match fact.event, row:
        case ApiKeyIssued() as issued, _:
            return ApiKeyRow(
                digest=key,
                key_id=issued.key_id,
                company=fact.why.company,
                label=issued.label,
                issued_at=issued.at,
            )
        case ApiKeyRevoked(at=at), ApiKeyRow() as known:
            return msgspec.structs.replace(known, revoked_at=at)
        case _:
            return row


companies = ReadModel(
    name="companies",
    version=4,
    row=CompanyRow,
    reads=tags(CompanyRegistered, CompanyRenamed, AdoptionChanged, CertificateOrganizationChanged),
    keys=company_keys,
    apply=apply_company,
)

api_keys = ReadModel(
    name="api_keys",
    version=1,
    row=ApiKeyRow,
    reads=tags(ApiKeyIssued, ApiKeyRevoked),
    keys=api_key_keys,
    apply=apply_api_key,
    indexes=("company, issued_at",),
)
