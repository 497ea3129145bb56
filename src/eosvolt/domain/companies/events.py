"""What can have happened to a company and to those who work for it."""

from datetime import datetime

from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount, Preferences
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Event
from eosvolt.domain.support import SupportContact


class CompanyInvited(Event, frozen=True, tag="company-invited"):
    """Platform staff made a single-use registration link; only the SHA-256 of its secret is kept."""

    company: int
    at: datetime
    secret_digest: str
    expires_at: datetime


class CompanyInvitationRevoked(Event, frozen=True, tag="company-invitation-revoked"):
    """Platform staff made the registration link invalid before it was used."""

    at: datetime


class CompanyRegistered(Event, frozen=True, tag="company-registered"):
    """The company exists. Its owner is an account whose personal data is kept outside the history."""

    company: int
    name: str
    owner: str
    at: datetime


class CompanyRenamed(Event, frozen=True, tag="company-renamed"):
    """The name shown to users changed."""

    name: str
    at: datetime


class ApiKeyIssued(Event, frozen=True, tag="api-key-issued"):
    """A program got access. The key itself is shown once; only its SHA-256 is kept.

    ``access``: ``None`` is all of the company's, as every key had before keys had permissions. The key ends
    at ``expires_at``. ``responsible`` is the account of the admin who issued it, or who issued the key that
    did; empty for the command line and for keys of before.
    """

    key_id: str
    label: str
    digest: str
    at: datetime
    access: GrantedAccess | None = None
    expires_at: datetime | None = None
    responsible: str = ""


class ApiKeyRevoked(Event, frozen=True, tag="api-key-revoked"):
    """A program lost access."""

    key_id: str
    digest: str
    at: datetime


class AdoptionChanged(Event, frozen=True, tag="adoption-changed"):
    """Until an instant, chargers that nobody knows are made known in a location; empty: not any more."""

    at: datetime
    location: str
    until: datetime | None = None


class CertificateOrganizationChanged(Event, frozen=True, tag="certificate-organization-changed"):
    """The organization that other authorities' certificates for the company's chargers name; empty for none.

    Its number is always one.
    """

    at: datetime
    organization: str


class CompanyBillingChanged(Event, frozen=True, tag="company-billing-changed"):
    """Who issues the company's receipts and invoices changed."""

    at: datetime
    billing: BillingDetails


class CompanyBankAccountChanged(Event, frozen=True, tag="company-bank-account-changed"):
    """Payouts go to another bank account from now on, or to none; its number is kept outside the history."""

    at: datetime
    account: MaskedBankAccount


class CompanySupportChanged(Event, frozen=True, tag="company-support-changed"):
    """How drivers reach the company's support changed."""

    at: datetime
    support: SupportContact


class CompanyPreferencesChanged(Event, frozen=True, tag="company-preferences-changed"):
    """The language, invoice prefix, fiscal time zone, or what is proposed for new locations changed."""

    at: datetime
    preferences: Preferences


class CompanyLogoChanged(Event, frozen=True, tag="company-logo-changed"):
    """The company has another logo, a picture of this digest, or with an empty one none."""

    at: datetime
    digest: str


class OwnershipTransferred(Event, frozen=True, tag="ownership-transferred"):
    """The company has another owner: the account ``owner``."""

    owner: str
    at: datetime


CompanyEvent = (
    CompanyInvited
    | CompanyInvitationRevoked
    | CompanyRegistered
    | CompanyRenamed
    | ApiKeyIssued
    | ApiKeyRevoked
    | AdoptionChanged
    | CertificateOrganizationChanged
    | CompanyBillingChanged
    | CompanyBankAccountChanged
    | CompanySupportChanged
    | CompanyPreferencesChanged
    | CompanyLogoChanged
    | OwnershipTransferred
)
