"""What one can ask of a company."""

from datetime import datetime

from eosvolt.domain.companies.settings import BillingDetails, MaskedBankAccount, Preferences
from eosvolt.domain.granted_access import GrantedAccess
from eosvolt.domain.kernel import Command
from eosvolt.domain.support import SupportContact


class InviteCompany(Command, frozen=True):
    """Make a registration link valid until ``expires_at``."""

    company: int
    at: datetime
    secret_digest: str
    expires_at: datetime


class RevokeInvitation(Command, frozen=True):
    """Make the registration link invalid."""

    at: datetime


class RegisterCompany(Command, frozen=True):
    """Create the company.

    ``secret_digest`` proves an invitation; ``None`` where the operator's own CLI does it.
    """

    company: int
    name: str
    owner: str
    at: datetime
    secret_digest: str | None = None


class RenameCompany(Command, frozen=True):
    """Change the name shown to users."""

    name: str
    at: datetime


class IssueApiKey(Command, frozen=True):
    """Give a program access until ``expires_at``; ``access`` ``None`` is all of the company's."""

    key_id: str
    label: str
    digest: str
    at: datetime
    access: GrantedAccess | None = None
    expires_at: datetime | None = None
    responsible: str = ""


class RevokeApiKey(Command, frozen=True):
    """Take a program's access away."""

    key_id: str
    at: datetime


class ChangeAdoption(Command, frozen=True):
    """Make unknown chargers known in a location for a day, or with an empty one not any more."""

    location: str
    at: datetime


class ChangeCertificateOrganization(Command, frozen=True):
    """Say which organization certificates of the company's chargers name; empty for none but its number."""

    organization: str
    at: datetime


class ChangeBilling(Command, frozen=True):
    """Say who issues receipts and invoices."""

    billing: BillingDetails
    at: datetime


class ChangeBankAccount(Command, frozen=True):
    """Say which bank account payouts go to; an empty one for none."""

    account: MaskedBankAccount
    at: datetime


class ChangeSupport(Command, frozen=True):
    """Say how drivers reach support."""

    support: SupportContact
    at: datetime


class ChangePreferences(Command, frozen=True):
    """Say what applies where nothing else is said."""

    preferences: Preferences
    at: datetime


class ChangeLogo(Command, frozen=True):
    """Show a picture as the logo, by its digest; empty for none."""

    digest: str
    at: datetime


class TransferOwnership(Command, frozen=True):
    """Make the account ``owner`` the company's owner."""

    owner: str
    at: datetime


CompanyCommand = (
    InviteCompany
    | RevokeInvitation
    | RegisterCompany
    | RenameCompany
    | IssueApiKey
    | RevokeApiKey
    | ChangeAdoption
    | ChangeCertificateOrganization
    | ChangeBilling
    | ChangeBankAccount
    | ChangeSupport
    | ChangePreferences
    | ChangeLogo
    | TransferOwnership
)
