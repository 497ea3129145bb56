"""The ports of operations to data beside the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from eosvolt.application.access import Account, AdminPerson, UnknownCharger
from eosvolt.application.account_mails import AccountMail
from eosvolt.application.bank_accounts import BankAccounts
from eosvolt.application.commands.gateway import Gateway
from eosvolt.application.commands.request import CommandRequests
from eosvolt.application.customers import CustomerRecords
from eosvolt.application.evidence_files import EvidenceFiles
from eosvolt.application.failed_jobs import FailedJob
from eosvolt.application.home_statements import ReimbursedSessions
from eosvolt.application.images import Images, Pictures
from eosvolt.application.invoicing import InvoiceableSessions
from eosvolt.application.notification_messages import ChangingTargets
from eosvolt.application.payment_providers import PaymentTerms
from eosvolt.application.payouts import PayoutLedger, PayoutRules
from eosvolt.application.ports import Alongside, Credentials, Estate, People
from eosvolt.application.saved_views import SavedViews
from eosvolt.domain.granted_access import GrantedAccess


class AccountBook(People, Protocol):
    """The store of accounts, outside the history."""

    async def creation(
        self,
        *,
        account: str,
        company: int,
        email: str,
        name: str | tuple[str, str],
        password: str,
        owner: bool,
        access: GrantedAccess,
    ) -> tuple[Account, Alongside]:
        """A new account, and the change that stores it with the caller's events.

        ``name`` is the whole name, or first and last name. ``access`` is what its events say.

        Raises ``Rejected`` for an invalid e-mail address or a password that is too short. Storing it raises
        ``Rejected`` if the address is taken.
        """
        ...


class AccountMailStore(Protocol):
    """The mails about accounts that are to be sent."""

    def putting(self, mail: AccountMail) -> Alongside:
        """The change that stores a mail together with the caller's events."""
        ...


class InvitedCompanies(Protocol):
    """Where the invitations of companies went, outside the history."""

    def noted(self, company: int, email: str) -> Alongside:
        """The change that notes the address to which a company's invitation went."""
        ...


class AdminStore(Protocol):
    """Who the admins are: accounts and open invitations, outside the history.

    The changes are stored with the admin's events; what they give or take holds from then on.
    """

    async def people(self, company: int, account: str = "") -> Sequence[AdminPerson]:
        """Everybody with an account or an open invitation, or only the one with the id ``account``."""
        ...

    async def is_taken(self, email: str) -> bool:
        """Whether an account has this e-mail address, of whichever company."""
        ...

    async def invited_by(self, account: str) -> Sequence[str]:
        """The open invitations for which an account answers, by their own accounts' ids."""
        ...

    def invited(self, person: AdminPerson, responsible: str) -> Alongside:
        """A new invitation.

        Storing it raises ``Rejected`` if the company invited the address already, or if ``responsible`` has
        been deactivated.
        """
        ...

    def forgotten(self, account: str) -> Alongside:
        """An invitation that was used or revoked."""
        ...

    def renamed(self, person: AdminPerson) -> Alongside:
        """Another name."""
        ...

    def access_changed(self, account: str, access: GrantedAccess) -> Alongside:
        """What an account may do from now on."""
        ...

    def ownership(self, account: str, access: GrantedAccess, *, owner: bool) -> Alongside:
        """An account becomes the owner, or is one no more and keeps ``access``."""
        ...

    def deactivated(self, account: str, at: datetime) -> Alongside:
        """An account ends, with its web sessions and the invitations for which it answers."""
        ...

    def reactivated(self, account: str) -> Alongside:
        """An account may be used again; its sessions stay ended."""
        ...


class UnknownChargerStore(Protocol):
    """The list of unknown chargers that tried to connect."""

    async def one(self, company: int, charge_box_id: str) -> UnknownCharger | None:
        """One unknown charger, or ``None``."""
        ...

    def forgotten(self, company: int, charge_box_id: str) -> Alongside:
        """The deletion of one from the list, until it tries to connect again."""
        ...


class FailedJobActions(Protocol):
    """The failed jobs."""

    async def one(self, company: int, number: int) -> FailedJob | None:
        """A company's own failed job, ``None`` if there is none or it was dismissed."""
        ...

    def tried_again(self, job: FailedJob, at: datetime) -> Alongside:
        """The change that makes a job due at once, with its count of attempts reset."""
        ...

    def dismissed(self, job: FailedJob, at: datetime, by: str) -> Alongside:
        """The change that dismisses a job: it is neither tried again nor shown."""
        ...


class _Missing:
    """Stands for a port that this process does not have; using it is a programming error."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it has nothing of any type
        raise LookupError(f"{name}: this process has no part that does this")


_MISSING: Any = _Missing()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The ports of a process's operations; commands of the command line need few of them.

    ``estate`` counts the chargers of locations; ``targets`` are the targets of notification rules;
    ``commands`` requests commands to chargers, whose connections ``gateway`` has; ``credentials`` are
    chargers' passwords. ``images`` encodes pictures and ``pictures`` stores them;
    ``evidence_files`` prove prices;
    ``bank_accounts`` are the companies'; ``saved_views`` are people's views of lists.
    ``payout_ledger`` says what can be withdrawn, ``payout_rules`` are the installation's;
    ``reimbursed_sessions`` are those of statements of home chargers.
    ``invoiceable`` finds what an invoice may have. ``payment_terms`` is what drivers pay by who are no
    customers; ``None``: they cannot start.
    """

    accounts: AccountBook = _MISSING
    account_mails: AccountMailStore = _MISSING
    invited_companies: InvitedCompanies = _MISSING
    admins: AdminStore = _MISSING
    estate: Estate = _MISSING
    targets: ChangingTargets = _MISSING
    commands: CommandRequests = _MISSING
    gateway: Gateway = _MISSING
    credentials: Credentials = _MISSING
    unknown_chargers: UnknownChargerStore = _MISSING
    failed_jobs: FailedJobActions = _MISSING
    images: Images = _MISSING
    pictures: Pictures = _MISSING
    evidence_files: EvidenceFiles = _MISSING
    bank_accounts: BankAccounts = _MISSING
    saved_views: SavedViews = _MISSING
    customer_records: CustomerRecords = _MISSING
    payout_ledger: PayoutLedger = _MISSING
    payout_rules: PayoutRules = _MISSING
    reimbursed_sessions: ReimbursedSessions = _MISSING
    invoiceable: InvoiceableSessions = _MISSING
    payment_terms: PaymentTerms | None = None
