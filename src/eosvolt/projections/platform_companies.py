"""The companies of the installation as platform staff see them: invited, revoked or registered."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from eosvolt.domain.companies.events import (
    CompanyInvitationRevoked,
    CompanyInvited,
    CompanyRegistered,
    CompanyRenamed,
)
from eosvolt.domain.kernel import Fact
from eosvolt.domain.vocabulary import tags
from eosvolt.projections.read_model import ReadModel, Row


class PlatformCompanyState(StrEnum):
    """How far a company is. An invitation past ``expires_at`` is still ``INVITED`` here."""

    INVITED = "invited"
    REVOKED = "revoked"
    REGISTERED = "registered"


class PlatformCompanyRow(Row, frozen=True, kw_only=True):
    """A company number that was given. ``key`` is the number as text; ``name`` is empty until registered."""

    key: str
    company: int
    state: PlatformCompanyState
    since: datetime
    name: str = ""
    expires_at: datetime | None = None


def keys(fact: Fact) -> Iterable[str]:
    """The company itself."""
    return (fact.key,)


def apply(row: PlatformCompanyRow | None, fact: Fact, key: str) -> PlatformCompanyRow | None:
    """The company after the fact."""
    match fact.event, row:
        case CompanyInvited() as invited, _:
            return PlatformCompanyRow(
                key=key,
                company=invited.company,
                state=PlatformCompanyState.INVITED,
                since=invited.at,
                expires_at=invited.expires_at,
            )
        case CompanyInvitationRevoked(at=at), PlatformCompanyRow() as known:
            return msgspec.structs.replace(known, state=PlatformCompanyState.REVOKED, since=at)
        case CompanyRegistered() as registered, _:
            return PlatformCompanyRow(
                key=key,
                company=registered.company,
                state=PlatformCompanyState.REGISTERED,
                since=registered.at,
                name=registered.name,
            )
        case CompanyRenamed(name=name), PlatformCompanyRow() as known:
            return msgspec.structs.replace(known, name=name)
        case _:
            return row


platform_companies = ReadModel(
    name="platform_companies",
    version=1,
    row=PlatformCompanyRow,
    reads=tags(CompanyInvited, CompanyInvitationRevoked, CompanyRegistered, CompanyRenamed),
    keys=keys,
    apply=apply,
    indexes=("company",),
)
