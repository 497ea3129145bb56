"""The rules of a company: how it comes to exist and which programs may speak for it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import assert_never

import msgspec

from eosvolt.domain.companies.api_keys import issued
from eosvolt.domain.companies.commands import (
    ChangeAdoption,
    ChangeBankAccount,
    ChangeBilling,
    ChangeCertificateOrganization,
    ChangeLogo,
    ChangePreferences,
    ChangeSupport,
    CompanyCommand,
    InviteCompany,
    IssueApiKey,
    RegisterCompany,
    RenameCompany,
    RevokeApiKey,
    RevokeInvitation,
    TransferOwnership,
)
from eosvolt.domain.companies.events import (
    AdoptionChanged,
    ApiKeyIssued,
    ApiKeyRevoked,
    CertificateOrganizationChanged,
    CompanyBankAccountChanged,
    CompanyBillingChanged,
    CompanyEvent,
    CompanyInvitationRevoked,
    CompanyInvited,
    CompanyLogoChanged,
    CompanyPreferencesChanged,
    CompanyRegistered,
    CompanyRenamed,
    CompanySupportChanged,
    OwnershipTransferred,
)
from eosvolt.domain.companies.settings import (
    BillingDetails,
    MaskedBankAccount,
    Preferences,
    billing_problems,
    preference_problems,
)
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Decider, Rejected
from eosvolt.domain.support import SupportContact, problems

# Adoption that nobody ends ends by itself.
ADOPTION_LASTS = timedelta(hours=24)


class NoCompany(msgspec.Struct, frozen=True):
    """Nobody invited or registered it."""


class Invited(msgspec.Struct, frozen=True):
    """A registration link is out. ``earlier`` are the digests of those that it replaced."""

    secret_digest: str
    expires_at: datetime
    revoked: bool = False
    earlier: frozenset[str] = frozenset()


class Company(msgspec.Struct, frozen=True):
    """A registered company. ``api_keys`` maps key ids to digests; revoked ones are gone from it.

    ``responsible`` maps the ids of those keys to the accounts of the admins who answer for them, and
    ``key_access`` to what they may do (``None``: everything).
    ``adoption`` says where unknown chargers are made known, and until when; ``invitation`` is the digest of
    the registration link that was used, ``organization`` what certificates of other authorities name.
    ``logo`` is the digest of a picture; empty for none.
    """

    company: int
    name: str
    owner: str
    api_keys: dict[str, str] = {}
    revoked: frozenset[str] = frozenset()
    adoption: AdoptionChanged | None = None
    invitation: str = ""
    organization: str = ""
    billing: BillingDetails = BillingDetails()
    bank_account: MaskedBankAccount = MaskedBankAccount()
    support: SupportContact = SupportContact()
    preferences: Preferences = Preferences()
    logo: str = ""
    responsible: dict[str, str] = {}
    key_access: dict[str, GrantedAccess | None] = {}

    @property
    def organizations(self) -> tuple[str, ...]:
        """The organizations by which another authority's certificate names this company, never its name.

        A name is chosen for people, anybody may choose the same, and it changes.
        """
        return (self.organization or str(self.company), str(self.company))

    def adopts_into(self, now: datetime) -> str:
        """The location in which unknown chargers are made known now; empty for none."""
        adoption = self.adoption
        if adoption is None or adoption.until is None or adoption.until <= now:
            return ""
        return adoption.location


CompanyState = NoCompany | Invited | Company


def decide(command: CompanyCommand, company: CompanyState) -> Sequence[CompanyEvent]:
    """What happens."""
    match command, company:
        case InviteCompany(), NoCompany() | Invited():
            return [] if _invited_already(command, company) else [_invited(command)]
        case InviteCompany(), Company():
            raise Rejected("This company is registered already.")
        case RevokeInvitation(at=at), Invited(revoked=False):
            return [CompanyInvitationRevoked(at=at)]
        case RevokeInvitation(), Company():
            raise Rejected("This company is registered already.")
        case RegisterCompany(), NoCompany() | Invited():
            return [_registered(command, company)]
        case RegisterCompany(), Company() as known if command.owner != known.owner:
            raise _registered_already(command, known)
        case RenameCompany(name=name, at=at), Company() as known if name.strip() != known.name:
            if not name.strip():
                raise Rejected("A company needs a name.")
            return [CompanyRenamed(name=name.strip(), at=at)]
        case IssueApiKey(), Company() as known if _new_key(command, known):
            return [issued(command)]
        case ChangeAdoption(location=location, at=at), Company() as known:
            if known.adopts_into(at) == location:
                return []
            return [
                AdoptionChanged(at=at, location=location, until=at + ADOPTION_LASTS if location else None)
            ]
        case ChangeCertificateOrganization(organization=organization, at=at), Company() as known:
            if organization.strip() == known.organization:
                return []
            return [CertificateOrganizationChanged(at=at, organization=organization.strip())]
        case ChangeBilling(billing=billing, at=at), Company() as known if billing != known.billing:
            _check(billing_problems(billing))
            return [CompanyBillingChanged(at=at, billing=billing)]
        case ChangeBankAccount(account=account, at=at), Company() as known if account != known.bank_account:
            return [CompanyBankAccountChanged(at=at, account=account)]
        case ChangeSupport(support=support, at=at), Company() as known if support != known.support:
            _check(problems(support))
            return [CompanySupportChanged(at=at, support=support)]
        case ChangePreferences(preferences=wanted, at=at), Company() as known if wanted != known.preferences:
            _check(preference_problems(wanted))
            return [CompanyPreferencesChanged(at=at, preferences=wanted)]
        case ChangeLogo(digest=digest, at=at), Company() as known if digest != known.logo:
            return [CompanyLogoChanged(at=at, digest=digest)]
        case RevokeApiKey(key_id=key_id, at=at), Company(api_keys=keys) if key_id in keys:
            return [ApiKeyRevoked(key_id=key_id, digest=keys[key_id], at=at)]
        case TransferOwnership(owner=owner, at=at), Company() as known if owner != known.owner:
            return [OwnershipTransferred(owner=owner, at=at)]
        case _:
            return []


def _check(found: Iterable[tuple[str, str]]) -> None:
    """Raise ``Rejected`` with the first sentence, if there is one."""
    for _, sentence in found:
        raise Rejected(sentence)


def _invited_already(command: InviteCompany, company: CompanyState) -> bool:
    return isinstance(company, Invited) and company.secret_digest == command.secret_digest


def _invited(command: InviteCompany) -> CompanyInvited:
    return CompanyInvited(
        company=command.company,
        at=command.at,
        secret_digest=command.secret_digest,
        expires_at=command.expires_at,
    )


def check_invitation(company: CompanyState, secret_digest: str, at: datetime) -> None:
    """Whether somebody with this link may register the company. Raises ``Rejected`` with the reason."""
    match company:
        case Invited() if secret_digest in company.earlier:
            raise Rejected("This registration link was replaced by a newer one.")
        case Invited() if company.secret_digest == secret_digest:
            if company.revoked:
                raise Rejected("This registration link was revoked.")
            if company.expires_at <= at:
                raise Rejected("This registration link has expired: ask for a new one.")
        case Company(invitation=used) if used == secret_digest:
            raise Rejected("This registration link was used already.")
        case _:
            raise Rejected("This registration link is not valid.")


def _registered_already(command: RegisterCompany, company: Company) -> Rejected:
    if command.secret_digest is not None:
        check_invitation(company, command.secret_digest, command.at)
    return Rejected("This company is registered already.")


def _registered(command: RegisterCompany, company: CompanyState) -> CompanyRegistered:
    if command.secret_digest is not None:
        check_invitation(company, command.secret_digest, command.at)
    if not command.name.strip():
        raise Rejected("A company needs a name.")
    return CompanyRegistered(
        company=command.company, name=command.name.strip(), owner=command.owner, at=command.at
    )


def _new_key(command: IssueApiKey, known: Company) -> bool:
    return command.key_id not in known.api_keys and command.key_id not in known.revoked


def evolve(company: CompanyState, event: CompanyEvent) -> CompanyState:
    """The company after ``event``."""
    match event, company:
        case CompanyInvited() as invited, NoCompany():
            return Invited(invited.secret_digest, invited.expires_at)
        case CompanyInvited() as invited, Invited() as before:
            earlier = before.earlier | {before.secret_digest}
            return Invited(invited.secret_digest, invited.expires_at, earlier=earlier)
        case CompanyInvitationRevoked(), Invited() as known:
            return msgspec.structs.replace(known, revoked=True)
        case CompanyRegistered() as registered, _:
            used = company.secret_digest if isinstance(company, Invited) else ""
            return Company(registered.company, registered.name, registered.owner, invitation=used)
        case CompanyRenamed(name=name), Company() as known:
            return msgspec.structs.replace(known, name=name)
        case ApiKeyIssued(key_id=key_id) as key, Company() as known:
            return msgspec.structs.replace(
                known,
                api_keys={**known.api_keys, key_id: key.digest},
                responsible={**known.responsible, key_id: key.responsible},
                key_access={**known.key_access, key_id: key.access},
            )
        case ApiKeyRevoked(key_id=key_id), Company() as known:
            keys = {other: digest for other, digest in known.api_keys.items() if other != key_id}
            return msgspec.structs.replace(
                known,
                api_keys=keys,
                responsible={other: known.responsible[other] for other in keys},
                key_access={other: known.key_access[other] for other in keys},
                revoked=known.revoked | {key_id},
            )
        case OwnershipTransferred(owner=owner), Company() as known:
            return msgspec.structs.replace(known, owner=owner)
        case AdoptionChanged() as adoption, Company() as known:
            return msgspec.structs.replace(known, adoption=adoption)
        case CertificateOrganizationChanged(organization=organization), Company() as known:
            return msgspec.structs.replace(known, organization=organization)
        case CompanyBillingChanged(billing=billing), Company() as known:
            return msgspec.structs.replace(known, billing=billing)
        case CompanyBankAccountChanged(account=account), Company() as known:
            return msgspec.structs.replace(known, bank_account=account)
        case CompanySupportChanged(support=support), Company() as known:
            return msgspec.structs.replace(known, support=support)
        case CompanyPreferencesChanged(preferences=preferences), Company() as known:
            return msgspec.structs.replace(known, preferences=preferences)
        case CompanyLogoChanged(digest=digest), Company() as known:
            return msgspec.structs.replace(known, logo=digest)
        case (
            CompanyInvited()
            | CompanyBillingChanged()
            | CompanyBankAccountChanged()
            | CompanySupportChanged()
            | CompanyPreferencesChanged()
            | CompanyLogoChanged()
            | CompanyInvitationRevoked()
            | CompanyRenamed()
            | ApiKeyIssued()
            | ApiKeyRevoked()
            | AdoptionChanged()
            | CertificateOrganizationChanged()
            | OwnershipTransferred(),
            _,
        ):
            return company
        case _:
            assert_never(event)


companies: Decider[CompanyCommand, CompanyState, CompanyEvent] = Decider(
    "company", NoCompany(), decide, evolve
)
