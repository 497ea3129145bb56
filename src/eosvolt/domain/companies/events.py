"""What can have happened to a company and to those who work for it."""

from datetime import datetime

from eosvolt.domain.kernel import Event


class CompanyInvited(Event, frozen=True, tag="company-invited"):
    """Platform staff made a single-use registration link; only the SHA-256 of its secret is kept."""

    company: int
    at: datetime
    secret_digest: str
    expires_at: datetime


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
    """A program got access. The key itself is shown once; only its SHA-256 is kept."""

    key_id: str
    label: str
    digest: str
    at: datetime


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


CompanyEvent = (
    CompanyInvited
    | CompanyRegistered
    | CompanyRenamed
    | ApiKeyIssued
    | ApiKeyRevoked
    | AdoptionChanged
    | CertificateOrganizationChanged
)
