"""Companies and the programs that may speak for them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from eosvolt.domain.companies.events import (
    AdoptionChanged,
    ApiKeyIssued,
    ApiKeyRevoked,
    CertificateOrganizationChanged,
    CompanyBankAccountChanged,
    CompanyBillingChanged,
    CompanyLogoChanged,
    CompanyPreferencesChanged,
    CompanyRegistered,
    CompanyRenamed,
    CompanySupportChanged,
    OwnershipTransferred,
)
from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount, Preferences
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Fact
from eosvolt.domain.support import SupportContact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class CompanyRow(Row, frozen=True, kw_only=True):
    """A company. ``key`` is its number as text; unknown chargers are adopted until ``adopts_until``.

    ``version`` is that of the last event that changed one of its settings, which its logo is none of;
    ``logo`` is the digest of a picture.
    """

    key: str
    company: int
    name: str
    owner: str
    registered_at: datetime
    adopts_into: str = ""
    adopts_until: datetime | None = None
    organization: str = ""
    billing: BillingDetails = BillingDetails()
    bank_account: MaskedBankAccount = MaskedBankAccount()
    support: SupportContact = SupportContact()
    preferences: Preferences = Preferences()
    logo: str = ""
    version: int = 0


class ApiKeyRow(Row, frozen=True, kw_only=True):
    """A program's access, found by the SHA-256 of its key.

    ``access``: ``None`` is all of the company's. ``responsible`` is the account of the admin who answers for
    it, ``issued_by`` the actor who issued it.
    """

    digest: str
    key_id: str
    company: int
    label: str
    issued_at: datetime
    revoked_at: datetime | None = None
    access: GrantedAccess | None = None
    expires_at: datetime | None = None
    responsible: str = ""
    issued_by: str = ""


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
        case OwnershipTransferred(owner=owner), CompanyRow() as known:
            return msgspec.structs.replace(known, owner=owner)
        case AdoptionChanged(location=location, until=until), CompanyRow() as known:
            return msgspec.structs.replace(known, adopts_into=location, adopts_until=until)
        case CertificateOrganizationChanged(organization=organization), CompanyRow() as known:
            return msgspec.structs.replace(known, organization=organization, version=fact.version)
        case CompanyBillingChanged(billing=billing), CompanyRow() as known:
            return msgspec.structs.replace(known, billing=billing, version=fact.version)
        case CompanyBankAccountChanged(account=account), CompanyRow() as known:
            return msgspec.structs.replace(known, bank_account=account, version=fact.version)
        case CompanySupportChanged(support=support), CompanyRow() as known:
            return msgspec.structs.replace(known, support=support, version=fact.version)
        case CompanyPreferencesChanged(preferences=preferences), CompanyRow() as known:
            return msgspec.structs.replace(known, preferences=preferences, version=fact.version)
        case CompanyLogoChanged(digest=digest), CompanyRow() as known:
            return msgspec.structs.replace(known, logo=digest)
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
                access=issued.access,
                expires_at=issued.expires_at,
                responsible=issued.responsible,
                issued_by=fact.why.by,
            )
        case ApiKeyRevoked(at=at), ApiKeyRow() as known:
            return msgspec.structs.replace(known, revoked_at=at)
        case _:
            return row


companies = ReadModel(
    name="companies",
    version=6,
    row=CompanyRow,
    reads=tags(
        CompanyRegistered,
        CompanyRenamed,
        AdoptionChanged,
        CertificateOrganizationChanged,
        CompanyBillingChanged,
        CompanyBankAccountChanged,
        CompanySupportChanged,
        CompanyPreferencesChanged,
        CompanyLogoChanged,
        OwnershipTransferred,
    ),
    keys=company_keys,
    apply=apply_company,
)

api_keys = ReadModel(
    name="api_keys",
    version=2,
    row=ApiKeyRow,
    reads=tags(ApiKeyIssued, ApiKeyRevoked),
    keys=api_key_keys,
    apply=apply_api_key,
    indexes=("company, issued_at",),
)
